#include "simulation/provider_model.hpp"

#include <plugins/toy/toy_message.hpp>

namespace tributary::test {

namespace {

using toy::item_text;

const std::vector<std::string> payment_statuses{"succeeded", "succeeded", "succeeded", "pending", "failed"};
const std::vector<std::string> subscription_statuses{"trialing", "active", "past_due", "canceled"};
const std::vector<std::string> currencies{"USD", "USD", "EUR"};

/// What the provider knows of an object that it only hints at.
item_text fetched(std::string_view id) {
    const std::string name(id);
    const std::size_t number = std::hash<std::string>{}(name) % 7;
    item_text made("payment", "fetched_" + name, name);
    made.line("time", start_ms + static_cast<std::int64_t>(number)).line("status", "succeeded");
    made.money("amount", static_cast<std::int64_t>(100 + number));
    made.line("customer", name.substr(0, 1) + "_c" + std::to_string(number % 3));
    return made;
}

std::string numbered(const std::string& prefix, const char* of, std::size_t number) {
    return prefix + "_" + of + std::to_string(number);
}

void add_claims(item_text& to, dice& random, const std::string& prefix) {
    if (random.one_in(2))
        to.line("customer", numbered(prefix, "c", random.below(4)));
    if (random.one_in(4))
        to.line("user", "u" + std::to_string(random.below(3)));
    if (random.one_in(6))
        to.line("click", "k" + std::to_string(random.below(4)));
}

} // namespace

std::string provider_model::item(dice& random, time_ms now_ms, provider_delivery& into) {
    provider_delivery::key key;
    key.event = numbered(prefix_, "e", events_);
    // Now and then another telling under a key that was used before.
    if (!random.one_in(12))
        ++events_;
    const time_ms at = now_ms - static_cast<time_ms>(random.below(20)) * hour_ms;
    const std::string payment = numbered(prefix_, "p", random.below(8));
    item_text made;
    switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
        made = item_text("payment", key.event, payment);
        made.line("time", at).line("status", random.of(payment_statuses)).line("occurred", now_ms / day_ms * day_ms);
        made.line("source_rank", random.below(3));
        made.money("amount", static_cast<std::int64_t>(random.below(1000)), random.of(currencies));
        if (random.one_in(4))
            made.line("same_as", numbered(prefix_, "p", random.below(8)));
        break;
    case 3:
        made = item_text("refund", key.event, numbered(prefix_, "r", random.below(4)));
        made.line("time", at).line("parents", payment).line("status", "succeeded");
        made.money("amount", static_cast<std::int64_t>(random.below(300)));
        break;
    case 4:
        made = item_text("dispute", key.event, numbered(prefix_, "d", random.below(2)));
        made.line("time", at).line("parents", payment).line("status", random.one_in(2) ? "open" : "lost");
        made.money("amount", static_cast<std::int64_t>(random.below(100)));
        break;
    case 5:
        made = item_text("subscription", key.event, numbered(prefix_, "s", random.below(3)));
        made.line("time", at).line("rank", random.below(3)).line("status", random.of(subscription_statuses));
        made.line("period_end", now_ms + static_cast<time_ms>(random.below(40)) * hour_ms);
        break;
    case 6:
        made = item_text("customer", key.event, numbered(prefix_, "x", random.below(3))).line("time", at);
        break;
    case 7: made = item_text("lead", key.event, numbered(prefix_, "l", random.below(3))).line("time", at); break;
    case 8:
        made = item_text("fail", key.event, "none");
        if (random.one_in(2))
            made = item_text("unknown", key.event, "none");
        into.keys.push_back({key.event, sha256(made.text())});
        return made.text();
    default: made = item_text("identity", key.event, numbered(prefix_, "i", random.below(6))).line("time", at); break;
    }
    add_claims(made, random, prefix_);
    key.digest = sha256(made.text());
    into.keys.push_back(std::move(key));
    return made.text();
}

provider_delivery provider_model::tell(dice& random, time_ms now_ms) {
    provider_delivery made;
    made.connection = connection_;
    const std::size_t sort = random.below(12);
    const std::string event = numbered(prefix_, "v", ++events_);
    if (sort == 0) {
        const item_text hint = item_text()
                                   .line("event", numbered(prefix_, "h", random.below(5)))
                                   .line("kind", "fetch")
                                   .line("url", "https://api.toy.test/")
                                   .line("purpose", "get:" + numbered(prefix_, "f", random.below(5)))
                                   .line("hint", "1");
        made.body = hint.text();
        made.is_signed = false;
        const std::string text = hint.text();
        made.keys.push_back({text.substr(6, text.find('\n') - 6), {}, true, false});
    } else if (sort == 1) {
        item_text undecided("payment", event, numbered(prefix_, "n", random.below(4)));
        undecided.line("time", now_ms).line("status", "succeeded").money("amount", 77).line("need", "https://vouch.toy.test/");
        made.body = undecided.text();
        made.is_signed = false;
        made.keys.push_back({event, sha256(made.body), false, true});
    } else if (sort == 2) {
        const item_text fetch = item_text()
                                    .line("event", event)
                                    .line("kind", "fetch")
                                    .line("url", "https://api.toy.test/")
                                    .line("purpose", "get:" + numbered(prefix_, "g", random.below(5)));
        made.body = fetch.text();
        made.keys.push_back({event, sha256(made.body)});
    } else {
        made.body = item(random, now_ms, made);
        for (std::size_t more = random.one_in(4) ? 1 + random.below(2) : 0; more > 0; --more)
            made.body += "--\n" + item(random, now_ms, made);
    }
    return made;
}

http::response provider_model::answer(const inbox::want& asked) {
    const std::string_view purpose = asked.purpose;
    if (purpose.starts_with("get:"))
        return {200, {}, fetched(purpose.substr(4)).text()};
    if (purpose.starts_with("verify:"))
        return {200, {}, purpose.back() % 4 == 0 ? "no" : "yes"};
    return {404, {}, {}};
}

} // namespace tributary::test

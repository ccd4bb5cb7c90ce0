#include "simulation/provider_model.hpp"

#include <algorithm>

namespace tributary::test {

namespace {

using toy::item_text;

constexpr time_ms minute_ms = 60'000;

struct currency {
    const char* code;
    unsigned exponent;
};

const std::vector<std::string> payment_statuses{"succeeded", "succeeded", "succeeded", "pending", "failed"};
const std::vector<std::string> subscription_statuses{"trialing", "active", "past_due", "canceled"};
const std::vector<std::string> dispute_statuses{"open", "lost", "won"};
const std::vector<currency> currencies{{"USD", 2}, {"USD", 2}, {"JPY", 0}, {"KWD", 3}};

/// What the provider knows of an object that it only names.
item_text fetched(std::string_view id) {
    const std::string name(id);
    const time_ms number = name.back() - '0';
    return item_text("payment", "fetched_" + name, name)
        .line("time", start_ms + number * minute_ms)
        .line("status", "succeeded")
        .money("amount", 100 + number)
        .line("customer", name.substr(0, 1) + "_c" + std::to_string(number % 3));
}

/// A payment is told of by up to three documents that share an id.
item_text payment(dice& random, std::string_view event, const std::string& base, time_ms at, time_ms day) {
    static const std::vector<std::string> sorts{"_ch", "_in", "_cs"};
    const std::size_t sort = random.below(sorts.size());
    item_text made("payment", event, base + sorts[sort]);
    made.line("time", at).line("occurred", day).line("source_rank", sort).line("same_as", base + "_pi");
    made.line("status", random.of(payment_statuses));
    const currency& in = random.of(currencies);
    made.money("amount", static_cast<std::int64_t>(random.below(100'000)), in.code, in.exponent);
    return made;
}

} // namespace

std::string account::numbered(const char* of, std::size_t number) const {
    return prefix_ + "_" + of + std::to_string(number);
}

void account::add_claims(item_text& to, dice& random) const {
    if (random.one_in(2))
        to.line("customer", numbered("c", random.below(10)));
    if (random.one_in(4))
        to.line("user", "u" + std::to_string(random.below(6)));
    if (random.one_in(5))
        to.line("click", "k" + std::to_string(random.below(8)));
}

std::string account::item(dice& random, time_ms now_ms, telling& into) {
    // Now and then another telling under a key that was used before.
    if (!random.one_in(12))
        ++events_;
    const std::string event = numbered("e", events_);
    // Full hours: versions tie now and then.
    const time_ms at = (now_ms / hour_ms - static_cast<time_ms>(random.below(20))) * hour_ms;
    const std::string paid = numbered("p", random.below(12));
    item_text made;
    switch (random.below(11)) {
    case 0:
    case 1:
    case 2: made = payment(random, event, paid, at, now_ms / day_ms * day_ms); break;
    case 3:
        made = item_text("refund", event, numbered("r", random.below(6)));
        made.line("time", at).line("parents", paid + "_pi").line("status", "succeeded");
        made.money("amount", static_cast<std::int64_t>(random.below(30'000)));
        break;
    case 4:
        made = item_text("dispute", event, numbered("d", random.below(3)));
        made.line("time", at).line("parents", paid + "_pi").line("status", random.of(dispute_statuses));
        made.money("amount", static_cast<std::int64_t>(random.below(10'000)));
        break;
    case 5:
    case 6:
        made = item_text("subscription", event, numbered("s", random.below(4)));
        made.line("time", at).line("rank", random.below(3)).line("status", random.of(subscription_statuses));
        made.line("period_end", now_ms + static_cast<time_ms>(random.below(60)) * hour_ms);
        break;
    case 7: made = item_text("customer", event, numbered("x", random.below(4))).line("time", at); break;
    case 8: made = item_text("lead", event, numbered("l", random.below(4))).line("time", at); break;
    case 9:
        // What the plugin cannot read or does not know is kept too.
        made = item_text(random.one_in(2) ? "fail" : "unknown", event, "none");
        into.items.push_back({event, sha256(made.text())});
        return made.text();
    default: made = item_text("identity", event, numbered("i", random.below(8))).line("time", at); break;
    }
    add_claims(made, random);
    into.items.push_back({event, sha256(made.text())});
    return made.text();
}

std::shared_ptr<const telling> account::tell(dice& random, time_ms now_ms) {
    auto made = std::make_shared<telling>();
    if (random.one_in(12)) {
        // A signed word about an object that has to be fetched.
        const std::string event = numbered("v", ++events_);
        made->body = item_text()
                         .line("event", event)
                         .line("kind", "fetch")
                         .line("url", "https://api.toy.test/")
                         .line("purpose", "get:" + numbered("f", random.below(5)))
                         .text();
        made->items.push_back({event, sha256(made->body)});
        return made;
    }
    made->body = item(random, now_ms, *made);
    for (std::size_t more = random.one_in(4) ? 1 + random.below(2) : 0; more > 0; --more)
        made->body += "--\n" + item(random, now_ms, *made);
    return made;
}

http::response account::answer(const inbox::want& asked) {
    const std::string_view purpose = asked.purpose;
    if (purpose.starts_with("get:"))
        return {200, {}, fetched(purpose.substr(4)).text()};
    return {404, {}, {}}; // Re-reads of documents: what one sees there depends on when one looks.
}

std::vector<std::size_t> endpoint::send(dice& random, const weather& in, time_ms now_ms, std::size_t limit) {
    constexpr time_ms first_pause_ms = 5'000;
    constexpr int doublings_max = 10;
    std::vector<std::size_t> due;
    for (std::size_t index = 0; index < letters_.size(); ++index)
        if (!letters_[index].heard && letters_[index].next_at <= now_ms)
            due.push_back(index);
    if (in.reordered)
        random.shuffle(due);
    due.resize(std::min(due.size(), limit));
    for (const std::size_t index : due) {
        letter& one = letters_[index];
        const time_ms pause = first_pause_ms << std::min(one.attempts, doublings_max);
        one.next_at = now_ms + pause + static_cast<time_ms>(random.below(1000));
        ++one.attempts;
    }
    const std::size_t once = due.size();
    for (std::size_t index = 0; index < once; ++index)
        if (random.percent(in.repeated_percent))
            due.push_back(due[index]);
    if (!letters_.empty() && random.percent(in.repeated_percent))
        due.push_back(random.below(letters_.size()));
    return due;
}

std::optional<time_ms> endpoint::next_attempt() const {
    std::optional<time_ms> next;
    for (const letter& one : letters_)
        if (!one.heard)
            next = next ? std::min(*next, one.next_at) : one.next_at;
    return next;
}

} // namespace tributary::test

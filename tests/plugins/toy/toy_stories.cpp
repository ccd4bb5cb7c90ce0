#include "plugins/toy/toy_provider.hpp"
#include "plugins/toy/toy_text.hpp"

namespace toy {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

std::string_view parameter(const trb_story_request& request, std::string_view name,
                           std::string_view otherwise) {
    for (std::uint64_t index = 0; index < request.parameter_count; ++index)
        if (sdk::view(request.parameters[index].name) == name)
            return sdk::view(request.parameters[index].value);
    return otherwise;
}

/// Decimals of the few currencies that tests tell of.
unsigned exponent_of(std::string_view currency) {
    return currency == "JPY" ? 0 : currency == "KWD" ? 3 : 2;
}

/// The words that all deliveries of one story share.
struct cast {
    std::string seed;
    std::string_view user;
    std::string_view click;
    std::string_view currency;
    std::int64_t amount = 0;
    std::int64_t at_ms = 0;

    std::string id(std::string_view prefix) const { return std::string(prefix) + "_" + seed; }
    item_text identity() const {
        item_text made("identity", id("evt_identity"), id("who"));
        made.line("time", at_ms).line("customer", id("cus")).line("user", user);
        if (!click.empty())
            made.line("click", click);
        return made;
    }
    item_text payment(std::string_view name, std::int64_t after_ms) const {
        return item_text("payment", id("evt_" + std::string(name)), id(name))
            .line("time", at_ms + after_ms)
            .line("customer", id("cus"))
            .line("status", "succeeded")
            .money("amount", amount, currency, exponent_of(currency));
    }
    item_text refund(std::int64_t minor, std::int64_t after_ms) const {
        return item_text("refund", id("evt_refund"), id("re"))
            .line("time", at_ms + after_ms)
            .line("parents", id("pay"))
            .line("status", "succeeded")
            .money("amount", minor, currency, exponent_of(currency));
    }
    item_text subscription() const {
        return item_text("subscription", id("evt_subscription"), id("sub"))
            .line("time", at_ms)
            .line("customer", id("cus"))
            .line("status", "active")
            .line("period_start", at_ms)
            .line("period_end", at_ms + 30 * day_ms);
    }
};

} // namespace

std::span<const trb_story> toy_provider::stories() {
    static const trb_story list[] = {
        {sizeof(trb_story), 0, sdk::view("one-time"), sdk::view("A known user pays once.")},
        {sizeof(trb_story), 0, sdk::view("refund"), sdk::view("A payment, half of which is returned.")},
        {sizeof(trb_story), 0, sdk::view("subscription"), sdk::view("A subscription with two payments.")},
    };
    return list;
}

sdk::outcome toy_provider::tell(const trb_story_request& request, sdk::story_sink into) const {
    cast with;
    with.seed = std::to_string(request.seed);
    const std::string default_user = "user_" + with.seed;
    with.user = parameter(request, "user", default_user);
    with.click = parameter(request, "click", "");
    with.currency = parameter(request, "currency", "USD");
    with.at_ms = request.at_ms;
    const auto amount = parse_integer(parameter(request, "amount", "1000"));
    if (!amount || *amount < 0 || *amount > INT64_MAX / 2)
        return sdk::invalid("amount", "amount must be minor units, at least 0");
    with.amount = *amount;

    const auto deliver = [&](std::string_view name, std::int64_t after_ms, const item_text& body) {
        const std::string signature = sign(sdk::view(request.signing_secret), body.text());
        const trb_pair headers[] = {{sdk::view("Content-Type"), sdk::view("text/plain")},
                                    {sdk::view("Toy-Signature"), sdk::view(signature)}};
        into.deliver(name, with.at_ms + after_ms, headers, body.text());
    };
    // The toy's own format of a story: nothing but the name of one.
    const std::string_view definition = sdk::definition_of(request);
    const std::string_view story = definition.empty() ? sdk::view(request.story) : definition;
    std::int64_t sales = 1;
    std::int64_t refunded = 0;
    if (story != "one-time" && story != "refund" && story != "subscription")
        return sdk::not_found("no such story: " + std::string(story));
    deliver("identity", 0, with.identity());
    if (story == "subscription")
        deliver("subscription", 0, with.subscription());
    deliver("payment", 0, with.payment("pay", 0));
    if (story == "refund") {
        refunded = with.amount / 2;
        deliver("refund", day_ms, with.refund(refunded, day_ms));
    }
    if (story == "subscription") {
        sales = 2;
        deliver("payment", 30 * day_ms, with.payment("pay2", 30 * day_ms));
    }
    into.expect("sales", sales);
    into.expect("refunded", refunded);
    into.expect("net", sales * with.amount - refunded);
    return {};
}

} // namespace toy

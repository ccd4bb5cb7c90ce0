// Stories, told as Ledgerly would deliver them: what a demonstration and the validator work with.
#include <charconv>

#include "ledgerly.hpp"
#include "reader.hpp"

namespace ledgerly {
namespace {

constexpr std::array<trb_story, 2> all_stories{
    {{sizeof(trb_story), 0, TRB_STR_INIT("sale"), TRB_STR_INIT("somebody pays once")},
     {sizeof(trb_story), 0, TRB_STR_INIT("refunded"), TRB_STR_INIT("a sale, and half of it goes back")}}};

std::string parameter(const trb_story_request& request, std::string_view name, std::string_view otherwise) {
    for (std::uint64_t index = 0; index < request.parameter_count; ++index)
        if (sdk::view(request.parameters[index].name) == name)
            return std::string(sdk::view(request.parameters[index].value));
    return std::string(otherwise);
}

/// A yen has no hundredth, a Kuwaiti dinar has a thousandth: what is wrong here books a hundred times too
/// much.
int digits_of(std::string_view currency) {
    for (const std::string_view each : {"JPY", "KRW", "VND", "CLP", "ISK"})
        if (currency == each)
            return 0;
    for (const std::string_view each : {"KWD", "BHD", "JOD", "OMR", "TND"})
        if (currency == each)
            return 3;
    return 2;
}

json amount_of(std::int64_t minor, const std::string& currency) {
    return {{"minor", minor}, {"currency", currency}, {"digits", digits_of(currency)}};
}

/// An event around an object, signed.
void deliver(const trb_story_request& request, const sdk::crypto& crypto, const std::string& type,
             const json& object, sdk::story_sink into) {
    const std::int64_t at_ms = object.at("updated_at");
    const std::string body = json{
        {"id", "evt_" + object.at("id").get<std::string>()},
        {"type", type},
        {"mode", request.environment == TRB_LIVE ? "live" : "test"},
        {"object", object}}.dump();
    const std::string signature = sign(crypto, sdk::view(request.signing_secret), body, at_ms / 1000);
    const std::array<trb_pair, 2> headers{
        {{TRB_STR("Content-Type"), TRB_STR("application/json")},
         {TRB_STR("Ledgerly-Signature"), sdk::view(std::string_view(signature))}}};
    into.deliver(type, at_ms, headers, body);
}

} // namespace

std::span<const trb_story> ledgerly::stories() noexcept {
    return all_stories;
}

sdk::outcome ledgerly::tell(const trb_story_request& request, sdk::story_sink into) const {
    const std::string_view name = sdk::view(request.story);
    if (name != "sale" && name != "refunded")
        return sdk::not_found("there are the stories 'sale' and 'refunded'");
    const std::string amount = parameter(request, "amount", "2400");
    const std::string currency = parameter(request, "currency", "EUR");
    std::int64_t minor = 0;
    const auto [rest, wrong] = std::from_chars(amount.data(), amount.data() + amount.size(), minor);
    if (wrong != std::errc() || rest != amount.data() + amount.size() || minor < 2 || minor > integer_max ||
        currency.size() != 3)
        return sdk::invalid("wrong_parameter", "amount is an integer from 2 up, currency has three letters");

    const std::string seed = std::to_string(request.seed);
    json payment{{"kind", "payment"},
                 {"id", "pay_" + seed},
                 {"customer", "cus_" + seed},
                 {"status", "settled"},
                 {"amount", amount_of(minor, currency)},
                 {"tax_minor", minor / 6},
                 {"created_at", request.at_ms},
                 {"paid_at", request.at_ms},
                 {"updated_at", request.at_ms},
                 {"user", parameter(request, "user", "user_" + seed)}};
    if (const std::string click = parameter(request, "click", ""); !click.empty())
        payment["click"] = click;
    deliver(request, crypto_, "payment.settled", payment, into);
    into.expect("sales", 1);
    if (name == "refunded") {
        const std::int64_t later_ms = request.at_ms + 60'000;
        const json refund{{"kind", "refund"},         {"id", "ref_" + seed},
                          {"payment", "pay_" + seed}, {"customer", "cus_" + seed},
                          {"status", "settled"},      {"amount", amount_of(minor / 2, currency)},
                          {"created_at", later_ms},   {"updated_at", later_ms}};
        deliver(request, crypto_, "refund.settled", refund, into);
        into.expect("refunded", minor / 2);
    }
    return {};
}

} // namespace ledgerly

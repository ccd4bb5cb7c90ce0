#include <algorithm>
#include <charconv>

#include "money.hpp"
#include "simulator_world.hpp"

namespace tributary::stripe::simulated {
namespace {

constexpr std::string_view newest_version = "2026-10-28.endive";

sdk::outcome bad(std::string_view name, std::string_view expected) {
    return sdk::invalid("bad_parameter",
                        "the parameter " + std::string(name) + " must be " + std::string(expected));
}

sdk::outcome read_number(std::string_view name, std::string_view text, std::int64_t least, std::int64_t most,
                         std::int64_t& into) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), into);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size() && into >= least && into <= most)
        return {};
    return bad(name, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
}

/// Texts end up in JSON, ids and metadata: what Stripe would not take is refused here.
sdk::outcome read_text(std::string_view name, std::string_view text, std::string& into) {
    constexpr std::size_t metadata_max = 500; // Stripe's limit of a metadata value.
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char letter) { return letter > ' ' && letter < 127; });
    if (text.empty() || text.size() > metadata_max || !printable)
        return bad(name, "printable ASCII without blanks, up to 500 characters");
    into = text;
    return {};
}

sdk::outcome read_choice(std::string_view name, std::string_view text, choices& into) {
    constexpr std::int64_t amount_max = 99'999'999; // Stripe's own limit of a charge.
    if (name == "click")
        return read_text(name, text, into.click);
    if (name == "user")
        return read_text(name, text, into.user);
    if (name == "email")
        return read_text(name, text, into.email);
    if (name == "customer")
        return text.starts_with("cus_") ? read_text(name, text, into.customer)
                                        : bad(name, "an id that begins with cus_");
    if (name == "product")
        return read_text(name, text, into.product);
    if (name == "amount")
        return read_number(name, text, 1, amount_max, into.amount);
    if (name == "quantity")
        return read_number(name, text, 1, 1000, into.quantity);
    if (name == "tax")
        return read_number(name, text, 0, 100, into.tax_percent);
    if (name == "renewals")
        return read_number(name, text, 0, 24, into.renewals);
    if (name == "interval_s")
        return read_number(name, text, 0, 366 * 86'400, into.interval_s);
    if (name == "refund")
        return read_number(name, text, 1, amount_max * 2000, into.refund.emplace());
    if (name == "currency") {
        if (!currency_exponent(text))
            return bad(name, "an ISO 4217 code");
        into.currency = text;
        std::transform(into.currency.begin(), into.currency.end(), into.currency.begin(), [](char letter) {
            return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
        });
        return {};
    }
    return sdk::invalid("unknown_parameter",
                        "there is no parameter '" + std::string(name) +
                            "'; there are click, user, email, customer, product, amount, "
                            "currency, tax, quantity, renewals, interval_s, refund");
}

} // namespace

sdk::outcome read_choices(const trb_story_request& request, choices& into) {
    for (std::uint64_t index = 0; index < request.parameter_count; ++index) {
        const trb_pair& parameter = request.parameters[index];
        if (sdk::outcome done = read_choice(sdk::view(parameter.name), sdk::view(parameter.value), into);
            !done)
            return done;
    }
    return {};
}

sdk::outcome api_generation::parse(std::string_view version, api_generation& into) {
    if (version.empty())
        version = newest_version;
    constexpr std::string_view shape = "0000-00-00";
    bool dated = version.size() >= shape.size() && version.size() <= 64;
    for (std::size_t index = 0; dated && index < shape.size(); ++index)
        dated = shape[index] == '-' ? version[index] == '-' : version[index] >= '0' && version[index] <= '9';
    if (!dated || (version.size() > shape.size() && version[shape.size()] != '.') || version < "2020-08-27")
        return sdk::invalid("bad_api_version",
                            "an API version is a date from 2020-08-27 on, such as 2022-11-15 or " +
                                std::string(newest_version));
    into.name_ = version;
    return {};
}

} // namespace tributary::stripe::simulated

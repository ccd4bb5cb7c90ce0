#include "simulator/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "money.hpp"

namespace tributary::stripe::simulated {
namespace {

constexpr std::array<std::string_view, 12> all_names{"click",    "user",   "email",    "customer",
                                                     "product",  "amount", "currency", "tax",
                                                     "quantity", "refund", "renewals", "interval_s"};

sdk::outcome bad(std::string_view name, std::string_view expected) {
    return sdk::invalid("bad_parameter",
                        "the parameter " + std::string(name) + " must be " + std::string(expected));
}

sdk::outcome read_number(std::string_view name, std::string_view text, std::int64_t least, std::int64_t most,
                         std::int64_t& into) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < least || value > most)
        return bad(name, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
    into = value;
    return {};
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

sdk::outcome read_currency(std::string_view text, std::string& into) {
    if (!currency_exponent(text))
        return bad("currency", "an ISO 4217 code");
    into = text;
    std::transform(into.begin(), into.end(), into.begin(), [](char letter) {
        return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    });
    return {};
}

} // namespace

std::int64_t parameters::tax_on(std::int64_t net) const noexcept {
    const std::int64_t half = net < 0 ? -50 : 50;
    return (net * tax_percent + half) / 100; // At most 1e8 * 1000 * 100: far from 64 bits.
}

name_values parameters::names() const {
    const std::int64_t net = amount * quantity;
    const std::int64_t total = net + tax_on(net);
    return {{"amount", amount},
            {"quantity", quantity},
            {"tax", tax_percent},
            {"renewals", renewals},
            {"interval_s", interval_s},
            {"refund", refund.value_or(total > 1 ? total / 2 : total)},
            {"net", net},
            {"tax_amount", total - net},
            {"total", total},
            {"has_product", product.empty() ? 0 : 1}};
}

sdk::outcome read_parameter(std::string_view name, std::string_view text, parameters& into) {
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
    if (name == "currency")
        return read_currency(text, into.currency);
    return sdk::invalid("unknown_parameter", "there is no parameter " + with_nearest(name, all_names));
}

sdk::outcome read_parameters(const trb_story_request& request, parameters& into) {
    for (std::uint64_t index = 0; index < request.parameter_count; ++index) {
        const trb_pair& parameter = request.parameters[index];
        if (sdk::outcome done = read_parameter(sdk::view(parameter.name), sdk::view(parameter.value), into);
            !done)
            return done;
    }
    return {};
}

} // namespace tributary::stripe::simulated

#include "money.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace tributary::stripe {
namespace {

// ISO 4217 codes in use, and those retired within the life of Stripe's API: old invoices are read, too.
// Sorted.
constexpr std::string_view known_currencies = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD "
                                              "BIF BMD BND BOB BRL BSD BTN BWP BYN BYR BZD CAD "
                                              "CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EEK EGP "
                                              "ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ "
                                              "GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
                                              "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR "
                                              "LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR "
                                              "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR "
                                              "PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR "
                                              "SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC "
                                              "SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU "
                                              "UZS VED VEF VES VND VUV WST XAF XCD XCG XOF XPF "
                                              "YER ZAR ZMW ZWG ZWL ";
constexpr std::string_view zero_decimal = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF ";
constexpr std::string_view three_decimal = "BHD IQD JOD KWD LYD OMR TND ";

bool contains(std::string_view table, std::string_view code) noexcept {
    for (std::size_t at = 0; at < table.size(); at += 4)
        if (table.substr(at, 3) == code)
            return true;
    return false;
}

} // namespace

void fault::set(std::string_view code, std::string message) {
    if (!code_.empty())
        return;
    code_ = code;
    message_ = std::move(message);
}

std::optional<std::uint32_t> currency_exponent(std::string_view code) noexcept {
    if (code.size() != 3)
        return std::nullopt;
    std::array<char, 3> upper{};
    std::transform(code.begin(), code.end(), upper.begin(), [](char letter) {
        return static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
    });
    const std::string_view wanted(upper.data(), upper.size());
    if (!contains(known_currencies, wanted))
        return std::nullopt;
    if (contains(zero_decimal, wanted))
        return 0;
    return contains(three_decimal, wanted) ? 3 : 2;
}

denomination::denomination(std::string_view code, fault& problem) : code_(code) {
    const std::optional<std::uint32_t> found = currency_exponent(code);
    if (found)
        exponent_ = *found;
    else
        problem.set("unknown_currency",
                    "the currency '" + std::string(beginning(code, 16)) + "' is not in ISO 4217");
}

std::optional<std::int64_t> amount(const json::value& root, const path_list& paths, fault& problem) {
    const json::value* found = find(root, paths);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_int64())
        return found->get_int64();
    problem.set("amount_out_of_range",
                std::string(paths.alternatives[0]) + " is not an integer within 64 bits");
    return std::nullopt;
}

std::int64_t add(std::int64_t left, std::int64_t right, fault& problem) {
    std::int64_t result = 0;
    if (!__builtin_add_overflow(left, right, &result))
        return result;
    problem.set("amount_out_of_range", "a sum of amounts does not fit into 64 bits");
    return 0;
}

std::int64_t subtract(std::int64_t left, std::int64_t right, fault& problem) {
    std::int64_t result = 0;
    if (!__builtin_sub_overflow(left, right, &result))
        return result;
    problem.set("amount_out_of_range", "a difference of amounts does not fit into 64 bits");
    return 0;
}

std::optional<std::int64_t> sum(const json::value& root, const path_list& list, const path_list& member,
                                fault& problem) {
    if (find(root, list) == nullptr)
        return std::nullopt;
    std::int64_t total = 0;
    for (const json::value& element : elements(root, list))
        total = add(total, amount(element, member, problem).value_or(0), problem);
    return total;
}

std::int64_t scale(std::int64_t value, std::int64_t numerator, std::int64_t denominator, fault& problem) {
    __extension__ using wide = __int128;
    const wide product = static_cast<wide>(value) * numerator;
    const wide magnitude = product < 0 ? -product : product;
    if (denominator > 0) {
        const wide remainder = magnitude % denominator;
        const wide rounded = magnitude / denominator + (remainder >= denominator - remainder ? 1 : 0);
        const wide result = product < 0 ? -rounded : rounded;
        if (result >= std::numeric_limits<std::int64_t>::min() &&
            result <= std::numeric_limits<std::int64_t>::max())
            return static_cast<std::int64_t>(result);
    }
    problem.set("amount_out_of_range", "a converted amount does not fit into 64 bits");
    return 0;
}

std::optional<decimal_amount> parse_decimal(std::string_view digits) noexcept {
    constexpr std::size_t decimals_max = 12; // What Stripe allows in *_decimal members.
    decimal_amount parsed;
    const std::size_t dot = digits.find('.');
    std::array<char, 40> joined{};
    std::string_view fraction = dot == std::string_view::npos ? std::string_view() : digits.substr(dot + 1);
    while (!fraction.empty() && fraction.back() == '0')
        fraction.remove_suffix(1);
    const std::string_view whole = digits.substr(0, dot);
    if (whole.empty() || fraction.size() > decimals_max || whole.size() + fraction.size() > joined.size())
        return std::nullopt;
    char* end = std::copy(whole.begin(), whole.end(), joined.begin());
    end = std::copy(fraction.begin(), fraction.end(), end);
    const auto read = std::from_chars(joined.data(), end, parsed.amount_minor);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    parsed.more_decimals = static_cast<std::uint32_t>(fraction.size());
    return parsed;
}

} // namespace tributary::stripe

#pragma once

#include <tributary/sdk/base.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json_path.hpp"

/// Amounts as Stripe writes them: integers in minor units, with Stripe's own idea of a currency's exponent.
namespace tributary::stripe {

/// The first thing that is wrong with a record. One fault fails the record as a whole: half a sale is no
/// sale.
class fault {
  public:
    explicit operator bool() const noexcept { return !code_.empty(); }
    void set(std::string_view code, std::string message);
    sdk::outcome as_outcome() const { return code_.empty() ? sdk::outcome() : sdk::invalid(code_, message_); }

  private:
    std::string code_;
    std::string message_;
};

/// Number of decimals of Stripe's amounts in this currency (0, 2 or 3); nothing when ISO 4217 does not know
/// it.
///
/// @param code  three letters, either case.
/// @source docs.stripe.com/currencies: zero-decimal, three-decimal, special cases. ISK and UGX have no minor
/// unit, yet Stripe's amounts in them are times 100.
std::optional<std::uint32_t> currency_exponent(std::string_view code) noexcept;

/// Makes amounts of one currency. An unknown currency is the fault "unknown_currency".
class denomination {
  public:
    denomination(std::string_view code, fault& problem);

    trb_money operator()(std::int64_t amount_minor) const noexcept {
        return sdk::make_money(amount_minor, code_, exponent_);
    }
    std::uint32_t exponent() const noexcept { return exponent_; }

  private:
    std::string_view code_;
    std::uint32_t exponent_ = 0;
};

/// Reads an amount. Absent or null: nothing. Not an integer, or beyond 64 bits: the fault
/// "amount_out_of_range".
std::optional<std::int64_t> amount(const json::value& root, const path_list& paths, fault& problem);

/// Adds; an overflow is the fault "amount_out_of_range", and the result is then 0.
std::int64_t add(std::int64_t left, std::int64_t right, fault& problem);
std::int64_t subtract(std::int64_t left, std::int64_t right, fault& problem);

/// Sum of one member over the elements of a list; nothing when the list is absent or null.
std::optional<std::int64_t> sum(const json::value& root, const path_list& list, const path_list& member,
                                fault& problem);

/// value * numerator / denominator, rounded half away from zero (half up for amounts, which are not
/// negative).
///
/// @param denominator  > 0. An unrepresentable result is the fault "amount_out_of_range".
std::int64_t scale(std::int64_t value, std::int64_t numerator, std::int64_t denominator, fault& problem);

/// A price such as Stripe's unit_amount_decimal ("0.5" = half a minor unit), exactly: the fraction moves into
/// the exponent. Nothing when it is malformed or has more than 12 decimals.
struct decimal_amount {
    std::int64_t amount_minor = 0;
    std::uint32_t more_decimals = 0;
};
std::optional<decimal_amount> parse_decimal(std::string_view digits) noexcept;

} // namespace tributary::stripe

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "catalogue.hpp"

/// How much a reward pays. Pure functions of whole numbers.
namespace tributary::attribution {

/// What a reward is computed from.
struct reward_base {
    std::span<const std::int64_t> lines; ///< Per line, minor units of the programme's currency.
    std::int64_t cash = 1;               ///< What came in, any unit; greater than zero.
    std::int64_t remaining = 1;          ///< What of it did not go back, same unit; 0 .. cash.
    std::int64_t quantity = 1;           ///< Leads only: how many of them one event stands for.
};

struct earned_amount {
    std::int64_t total = 0;          ///< Minor units of the programme's currency; never negative.
    std::vector<std::int64_t> lines; ///< Percentage only: what each line gave.
};

/// Percentage: `line * remaining / cash * rate`, exact, rounded half up once per line, then summed; below
/// zero is zero. Flat: the amount once per sale as long as anything remains of it, or once per lead.
///
/// @source design policies "partial refund" and "currency and rounding of a commission"; Dub evaluates a
/// reward without
///         product conditions once over the whole sale with quantity one.
earned_amount earn(const reward_terms& terms, const reward_base& from);

/// The first commission of a partner for a customer, of the same kind.
struct first_commission {
    std::int64_t at_ms;
    std::optional<std::int64_t> max_duration_months; ///< Of the terms it was computed by.
    std::string_view manual_status; ///< fraud, canceled ... when a person said so; else empty.
};

/// Why a later sale of the same customer earns nothing: "max_duration", "one_time", "first_commission_fraud"
/// ...; empty when it earns.
///
/// @source Dub, creation of a commission: a first commission in fraud or canceled blocks later ones; a first
/// reward paid
///         once stays paid once; whole months since the first commission are compared with the maximum.
std::string_view later_sale_refusal(const first_commission& first, const reward_terms& now_in_force,
                                    std::int64_t sale_at_ms);

} // namespace tributary::attribution

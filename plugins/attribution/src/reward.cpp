#include "reward.hpp"

#include <algorithm>

#include "calendar.hpp"
#include "money.hpp"

namespace tributary::attribution {
namespace {

constexpr std::int64_t bps_of_one = 10'000;

} // namespace

earned_amount earn(const reward_terms& terms, const reward_base& from) {
    earned_amount earned;
    if (terms.type == reward_type::flat) {
        earned.total = from.remaining > 0 ? terms.amount_minor * from.quantity : 0;
        return earned;
    }
    wide sum = 0;
    earned.lines.reserve(from.lines.size());
    for (const std::int64_t line : from.lines) {
        const wide numerator = wide{line} * from.remaining * terms.rate_bps;
        earned.lines.push_back(divide_half_up(numerator, wide{from.cash} * bps_of_one));
        sum += earned.lines.back();
    }
    earned.total = static_cast<std::int64_t>(std::clamp<wide>(sum, 0, amount_minor_max));
    return earned;
}

std::string_view later_sale_refusal(const first_commission& first, const reward_terms& now_in_force,
                                    std::int64_t sale_at_ms) {
    if (first.manual_status == "fraud")
        return "first_commission_fraud";
    if (first.manual_status == "canceled")
        return "first_commission_canceled";
    if (first.max_duration_months == 0 || now_in_force.max_duration_months == 0)
        return "one_time";
    if (now_in_force.max_duration_months &&
        months_between(first.at_ms, sale_at_ms) >= *now_in_force.max_duration_months)
        return "max_duration";
    return {};
}

} // namespace tributary::attribution

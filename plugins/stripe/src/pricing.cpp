#include <algorithm>
#include <limits>

#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;
__extension__ using wide = __int128;

// Stripe writes unit amounts with up to twelve decimals of a minor unit: all sums are made in those.
constexpr std::uint32_t decimals = 12;
constexpr std::int64_t one_minor = 1'000'000'000'000;

/// An amount in units of 10^-12 of a minor unit. Nothing: it is not there.
std::optional<wide> exact_amount(const json::value& holder, const path_list& whole,
                                 const path_list& fraction) noexcept {
    if (const std::optional<decimal_amount> exact = parse_decimal(text(holder, fraction))) {
        wide made = exact->amount_minor;
        for (std::uint32_t digit = exact->more_decimals; digit < decimals; ++digit)
            made *= 10;
        return made;
    }
    if (const std::optional<std::int64_t> minor = integer(holder, whole))
        return wide{*minor} * one_minor;
    return std::nullopt;
}

/// As money, with no more decimals than it needs. Currency empty: it fits nowhere.
trb_money to_money(wide value, const denomination& money) noexcept {
    std::uint32_t more = decimals;
    while (more > 0 && value % 10 == 0) {
        value /= 10;
        --more;
    }
    if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
        return {};
    trb_money made = money(static_cast<std::int64_t>(value));
    made.exponent += more;
    return made;
}

constexpr wide sum_max = wide{std::numeric_limits<std::int64_t>::max()} * one_minor;

/// What one tier takes for so many units. Nothing: it does not say, or beyond all bounds.
std::optional<wide> of_tier(const json::value& tier, std::int64_t units) noexcept {
    const std::optional<wide> unit = exact_amount(tier, "unit_amount", "unit_amount_decimal");
    const std::optional<wide> flat = exact_amount(tier, "flat_amount", "flat_amount_decimal");
    if ((!unit && !flat) || units < 0)
        return std::nullopt;
    const wide each = unit.value_or(0);
    if (units > 0 && (each > sum_max / units || each < -sum_max / units))
        return std::nullopt;
    return each * units + flat.value_or(0);
}

/// Volume: all units at the price of the tier that the last of them falls into. Graduated: each tier takes
/// its part.
std::optional<wide> of_tiers(std::span<const json::value> tiers, bool graduated,
                             std::int64_t quantity) noexcept {
    wide total = 0;
    std::int64_t below = 0;
    for (const json::value& tier : tiers) {
        const std::int64_t up_to =
            integer(tier, "up_to").value_or(std::numeric_limits<std::int64_t>::max()); // null: no end.
        const bool last = quantity <= up_to;
        if (graduated || last) {
            const std::optional<wide> part =
                of_tier(tier, graduated ? std::min(quantity, up_to) - below : quantity);
            if (!part || *part > sum_max)
                return std::nullopt;
            total += *part;
        }
        if (last)
            return total;
        if (total > sum_max || up_to <= below)
            return std::nullopt;
        below = up_to;
    }
    return std::nullopt;
}

/// Sold in packages of so many: how many packages?
std::int64_t packages(const json::value& holder, std::int64_t quantity) noexcept {
    const std::int64_t size =
        integer(holder, {"price.transform_quantity.divide_by", "plan.transform_usage.divide_by"}).value_or(1);
    if (size <= 1 || quantity <= 0)
        return quantity;
    const bool up = text(holder, {"price.transform_quantity.round", "plan.transform_usage.round"}) == "up";
    return quantity / size + (up && quantity % size != 0 ? 1 : 0);
}

} // namespace

trb_money unit_price(const json::value& holder, fault& problem) {
    const std::string_view currency = text(holder, paths::item_currency);
    const std::optional<wide> unit = exact_amount(holder, paths::item_amount, paths::item_amount_decimal);
    if (currency.empty() || !unit)
        return {};
    return to_money(*unit, denomination(currency, problem));
}

priced price_of(const json::value& holder, std::int64_t quantity, fault& problem) {
    const std::string_view currency = text(holder, paths::item_currency);
    if (currency.empty())
        return {{}, "not_told"};
    if (text(holder, paths::item_usage) == "metered")
        return {{}, "metered"};
    const denomination money(currency, problem);
    if (const auto unit = exact_amount(holder, paths::item_amount, paths::item_amount_decimal)) {
        const std::int64_t units = packages(holder, quantity);
        if (units != 0 && (*unit > sum_max / units || *unit < -sum_max / units))
            return {{}, "out_of_range"};
        const trb_money all = to_money(*unit * units, money);
        return {all, all.currency[0] == '\0' ? "out_of_range" : ""};
    }
    const std::span<const json::value> tiers = elements(holder, paths::item_tiers);
    if (!tiers.empty()) {
        const bool graduated = text(holder, paths::item_tiers_mode) != "volume";
        const auto all = of_tiers(tiers, graduated, packages(holder, quantity));
        const trb_money made = all ? to_money(*all, money) : trb_money{};
        return {made, made.currency[0] == '\0' ? "out_of_range" : ""};
    }
    if (text(holder, paths::item_scheme) == "tiered")
        return {{}, "tiered"};
    return {{}, "custom"};
}

trb_subscription_item make_item(const json::value& source, fault& problem) {
    trb_subscription_item item{};
    item.struct_size = sizeof item;
    item.id = view(id_of(source, "id"));
    item.product_id = view(id_of(source, paths::item_product));
    item.price_id = view(id_of(source, paths::item_price));
    item.quantity = integer(source, "quantity").value_or(1);
    item.metered = text(source, paths::item_usage) == "metered" ? 1 : 0;
    item.unit_amount = unit_price(source, problem);
    item.interval = view(text(source, paths::item_interval));
    item.interval_count = integer(source, paths::item_interval_count).value_or(1);
    const priced all = price_of(source, item.quantity, problem);
    item.amount = all.amount;
    item.unpriced = view(all.unpriced);
    item.period_start_ms = time_ms(source, "current_period_start").value_or(0);
    item.period_end_ms = time_ms(source, "current_period_end").value_or(0);
    item.trial_end_ms = time_ms(source, "current_trial.end_date").value_or(0);
    item.tax_inclusive = text(source, paths::item_tax_behavior) == "inclusive" ? 1 : 0;
    return item;
}

} // namespace tributary::stripe

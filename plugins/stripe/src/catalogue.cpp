#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {

void tell_product(const telling& told, findings& into) {
    const json::value& product = told.object;
    fact_draft& draft = into.start(told, TRB_KIND_PRODUCT, id_of(product, "id"), rank_charge);
    const bool deleted = flag(product, "deleted").value_or(false) || told.event_type == "product.deleted";
    const bool active = flag(product, "active").value_or(true) && !deleted;
    draft.state_text(TRB_PRODUCT_NAME, &trb_product::name, text(product, "name"));
    draft.state<trb_product, std::int64_t>(TRB_PRODUCT_ACTIVE, &trb_product::active, active ? 1 : 0);
    draft.metadata(find(product, "metadata"));
}

void tell_price(const telling& told, findings& into) {
    // Ids of plans are chosen by people: the prefix keeps them apart from all others.
    const std::string_view id = id_of(told.object, "id");
    if (id.empty())
        return into.problem().set("no_object_id", "the price has no id");
    const bool is_plan = text(told.object, "object") == "plan";
    fact_draft& draft =
        into.start(told, TRB_KIND_PRICE, "price:" + std::string(id) + (is_plan ? ":plan" : ""),
                   is_plan ? rank_plan : rank_charge);
    draft.same_as(draft.keep("price:" + std::string(id)));
    const bool gone = flag(told.object, "deleted").value_or(false) || told.event_type.ends_with(".deleted");
    const bool active = flag(told.object, "active").value_or(true) && !gone;
    draft.state<trb_price, std::int64_t>(TRB_PRICE_ACTIVE, &trb_price::active, active ? 1 : 0);
    draft.state_text(TRB_PRICE_PRODUCT_ID, &trb_price::product_id, id_of(told.object, "product"));
    draft.state_text(TRB_PRICE_NAME, &trb_price::name, text(told.object, "nickname"));
    draft.metadata(find(told.object, "metadata"));
    if (find(told.object, "currency") == nullptr)
        return; // A deleted one may say no more than its id.
    // A price lies in its item as "price", a plan as "plan": here it is read in the same way.
    const json::value& item = into.keep(json::object{{is_plan ? "plan" : "price", told.object}});
    const trb_money unit = unit_price(item, into.problem());
    if (unit.currency[0] != '\0')
        draft.state(TRB_PRICE_UNIT_AMOUNT, &trb_price::unit_amount, unit);
    else
        draft.state_text(TRB_PRICE_UNPRICED, &trb_price::unpriced,
                         text(item, paths::item_scheme) == "tiered" ? "tiered" : "custom");
    draft.state<trb_price, std::int64_t>(TRB_PRICE_METERED, &trb_price::metered,
                                         text(item, paths::item_usage) == "metered" ? 1 : 0);
    const std::string_view behavior = text(item, paths::item_tax_behavior);
    if (behavior == "inclusive" || behavior == "exclusive")
        draft.state<trb_price, std::int64_t>(TRB_PRICE_TAX_INCLUSIVE, &trb_price::tax_inclusive,
                                             behavior == "inclusive" ? 1 : 0);
    const std::string_view interval = text(item, paths::item_interval);
    if (interval.empty())
        return;
    draft.state_text(TRB_PRICE_INTERVAL, &trb_price::interval, interval);
    draft.state(TRB_PRICE_INTERVAL_COUNT, &trb_price::interval_count,
                integer(item, paths::item_interval_count).value_or(1));
}

} // namespace tributary::stripe

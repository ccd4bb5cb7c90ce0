#include "simulator/bodies.hpp"

namespace tributary::stripe::simulated {

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value() : json::value(text);
}

json::value time_or_null(std::int64_t at_s) {
    return at_s == 0 ? json::value() : json::value(at_s);
}

json::object user_metadata(const shop& in, bool with_click) {
    json::object metadata;
    if (!in.given.user.empty())
        metadata["trb_id"] = in.given.user;
    if (with_click && !in.given.click.empty())
        metadata["trb_click"] = in.given.click;
    return metadata;
}

json::object address(const shop& in) {
    return {{"city", nullptr},  {"country", in.buyer.country}, {"line1", nullptr},
            {"line2", nullptr}, {"postal_code", "94107"},      {"state", nullptr}};
}

json::object list_of(json::array data, std::string url) {
    return {{"object", "list"}, {"data", std::move(data)}, {"has_more", false}, {"url", std::move(url)}};
}

json::object make_product(const shop& in, const price& of) {
    return {{"id", of.product},
            {"object", "product"},
            {"active", true},
            {"created", in.now_s},
            {"default_price", nullptr},
            {"description", nullptr},
            {"images", json::array{}},
            {"livemode", in.live},
            {"metadata", json::object{}},
            {"name", "Simulated " + of.product},
            {"tax_code", nullptr},
            {"type", "service"},
            {"updated", in.now_s}};
}

json::object make_price(const shop& in, const price& of) {
    json::object made{{"id", of.id},
                      {"object", "price"},
                      {"active", true},
                      {"billing_scheme", "per_unit"},
                      {"currency", in.given.currency},
                      {"livemode", in.live},
                      {"lookup_key", nullptr},
                      {"metadata", json::object{}},
                      {"nickname", nullptr},
                      {"product", of.product},
                      {"recurring", nullptr},
                      {"tax_behavior", "exclusive"},
                      {"tiers_mode", nullptr},
                      {"transform_quantity", nullptr},
                      {"type", of.recurring ? "recurring" : "one_time"},
                      {"unit_amount", of.unit_amount},
                      {"unit_amount_decimal", std::to_string(of.unit_amount)}};
    if (!of.recurring)
        return made;
    json::object recurring{{"interval", of.interval},
                           {"interval_count", 1},
                           {"trial_period_days", nullptr},
                           {"usage_type", of.metered ? "metered" : "licensed"}};
    // Usage records went away with 2025-03-31; a meter takes their place.
    if (in.api.is_split())
        recurring["meter"] = of.metered ? json::value("mtr_1Simulated") : json::value();
    else
        recurring["aggregate_usage"] = of.metered ? json::value("sum") : json::value();
    made["recurring"] = std::move(recurring);
    return made;
}

json::object make_plan(const shop& in, const price& of) {
    return {{"id", of.id},
            {"object", "plan"},
            {"active", true},
            {"amount", of.unit_amount},
            {"amount_decimal", std::to_string(of.unit_amount)},
            {"billing_scheme", "per_unit"},
            {"currency", in.given.currency},
            {"interval", of.interval},
            {"interval_count", 1},
            {"livemode", in.live},
            {"metadata", json::object{}},
            {"nickname", nullptr},
            {"product", of.product},
            {"trial_period_days", nullptr},
            {"usage_type", of.metered ? "metered" : "licensed"}};
}

json::object make_coupon(const shop& in, const coupon& of) {
    return {{"id", of.id},
            {"object", "coupon"},
            {"amount_off", of.amount_off == 0 ? json::value() : json::value(of.amount_off)},
            {"created", in.now_s},
            {"currency", of.amount_off == 0 ? json::value() : json::value(in.given.currency)},
            {"duration", of.forever ? "forever" : "once"},
            {"duration_in_months", nullptr},
            {"livemode", in.live},
            {"max_redemptions", nullptr},
            {"metadata", json::object{}},
            {"name", nullptr},
            {"percent_off", of.percent_off == 0 ? json::value() : json::value(of.percent_off)},
            {"redeem_by", nullptr},
            {"times_redeemed", 0},
            {"valid", true}};
}

json::object make_promotion_code(const shop& in, const discount& of) {
    json::object made{{"id", of.promotion_code},
                      {"object", "promotion_code"},
                      {"active", true},
                      {"code", of.code},
                      {"created", in.now_s},
                      {"customer", nullptr},
                      {"expires_at", nullptr},
                      {"livemode", in.live},
                      {"max_redemptions", nullptr},
                      {"metadata", json::object{}},
                      {"times_redeemed", 0}};
    if (in.api.has_discount_source())
        made["promotion"] = {{"coupon", of.of.id}, {"type", "coupon"}};
    else
        made["coupon"] = make_coupon(in, of.of);
    return made;
}

json::object make_discount(const shop& in, const discount& of, std::string_view subscription,
                           std::string_view session) {
    json::object made{{"id", of.id},
                      {"object", "discount"},
                      {"checkout_session", text_or_null(session)},
                      {"customer", text_or_null(in.buyer.id)},
                      {"end", nullptr},
                      {"invoice", nullptr},
                      {"invoice_item", nullptr},
                      {"promotion_code", text_or_null(of.promotion_code)},
                      {"start", in.now_s},
                      {"subscription", text_or_null(subscription)}};
    if (in.api.has_discount_source())
        made["source"] = {{"coupon", of.of.id}, {"type", "coupon"}};
    else
        made["coupon"] = make_coupon(in, of.of);
    return made;
}

} // namespace tributary::stripe::simulated

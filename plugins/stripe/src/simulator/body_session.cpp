#include <algorithm>

#include "money.hpp"
#include "simulator/bodies.hpp"

namespace tributary::stripe::simulated {
namespace {

/// Amounts of the session in the currency that its version writes them in.
class session_money {
  public:
    session_money(const shop& in, const session& of) : in_(in), total_(of.owed.total()) {
        if (of.pays && !in.payments[*of.pays].seen_currency.empty())
            seen_ = &in.payments[*of.pays];
    }

    const payment* seen() const noexcept { return seen_; }
    bool converts() const noexcept { return seen_ != nullptr && !in_.api.is_split(); }
    std::string currency() const { return converts() ? seen_->seen_currency : in_.given.currency; }
    std::int64_t operator()(std::int64_t ours) const {
        fault beyond; // What cannot be shown is 0: amounts of a story are far below.
        return converts() && total_ > 0 ? scale(ours, seen_->seen_amount, total_, beyond) : ours;
    }

  private:
    const shop& in_;
    std::int64_t total_;
    const payment* seen_ = nullptr;
};

/// The rate as the decimal text that Stripe sends: what the buyer sees for one minor unit of ours.
std::string rate_text(std::int64_t seen, std::int64_t ours) {
    fault beyond;
    const std::int64_t millionths =
        std::min<std::int64_t>(scale(seen % ours, 1'000'000, ours, beyond), 999'999);
    const std::string digits = std::to_string(millionths);
    return std::to_string(seen / ours) + "." + std::string(6 - digits.size(), '0') + digits;
}

void add_presentment(const shop& in, const session& of, const session_money& money, json::object& into) {
    into["currency_conversion"] = nullptr;
    if (money.converts()) {
        const std::int64_t total = of.owed.total();
        into["currency_conversion"] = {{"amount_subtotal", of.owed.subtotal()},
                                       {"amount_total", total},
                                       {"fx_rate", rate_text(money.seen()->seen_amount, total)},
                                       {"source_currency", in.given.currency}};
    } else if (money.seen() != nullptr) {
        into["presentment_details"] = {{"presentment_amount", money.seen()->seen_amount},
                                       {"presentment_currency", money.seen()->seen_currency}};
    }
}

json::array discounts_of(const session& of) {
    if (!of.owed.reduced)
        return {};
    return {{{"coupon", of.owed.reduced->of.id},
             {"promotion_code", text_or_null(of.owed.reduced->promotion_code)}}};
}

} // namespace

json::object make_session(const shop& in, const session& of) {
    const session_money money(in, of);
    const bool subscription = of.mode == "subscription";
    const std::string intent = of.pays && !subscription ? in.payments[*of.pays].intent : "";
    json::object made{{"id", of.id},
                      {"object", "checkout.session"},
                      {"allow_promotion_codes", nullptr},
                      {"amount_subtotal", money(of.owed.subtotal())},
                      {"amount_total", money(of.owed.total())},
                      {"cancel_url", "https://example.com/cancel"},
                      {"client_reference_id", text_or_null(of.client_reference)},
                      {"created", of.created_s},
                      {"currency", money.currency()},
                      {"customer", text_or_null(in.buyer.id)},
                      {"customer_creation", subscription ? "always" : "if_required"},
                      {"customer_details",
                       {{"address", address(in)},
                        {"email", in.buyer.email},
                        {"name", in.buyer.name},
                        {"phone", nullptr},
                        {"tax_exempt", "none"},
                        {"tax_ids", json::array{}}}},
                      {"customer_email", nullptr},
                      {"expires_at", of.created_s + 86'400},
                      {"invoice", text_or_null(of.invoice)},
                      {"livemode", in.live},
                      {"locale", nullptr},
                      {"metadata", user_metadata(in, !in.guest())},
                      {"mode", of.mode},
                      {"payment_intent", text_or_null(intent)},
                      {"payment_link", text_or_null(of.payment_link)},
                      {"payment_method_types", json::array{"card"}},
                      {"payment_status", of.payment_status},
                      {"setup_intent", nullptr},
                      {"shipping_cost", nullptr},
                      {"status", of.status},
                      {"subscription", text_or_null(of.subscription)},
                      {"success_url", "https://example.com/success"},
                      {"total_details",
                       {{"amount_discount", money(of.owed.discounted())},
                        {"amount_shipping", 0},
                        {"amount_tax", money(of.owed.tax())}}},
                      {"url", nullptr}};
    add_presentment(in, of, money, made);
    if (in.api.is_split()) {
        made["collected_information"] = {{"shipping_details", nullptr}};
        made["discounts"] = discounts_of(of);
    } else {
        made["shipping_details"] = nullptr;
    }
    return made;
}

} // namespace tributary::stripe::simulated

#include <array>

#include "signature.hpp"
#include "simulator_world.hpp"
#include "stripe_plugin.hpp"

namespace tributary::stripe {
namespace {

using namespace simulated;
using sdk::view;

/// Signs what happens and delivers it, one event a second.
class stage {
  public:
    stage(world& shop, std::string_view secret, const trb_host_crypto_v1& crypto, sdk::story_sink into)
        : shop_(shop), secret_(secret), crypto_(crypto), into_(into) {}

    world& shop() noexcept { return shop_; }
    void happens(std::string_view type, json::object object, json::object previous = {});
    void expect(std::string_view name, std::int64_t value) const { into_.expect(name, value); }

  private:
    world& shop_;
    std::string_view secret_;
    const trb_host_crypto_v1& crypto_;
    sdk::story_sink into_;
};

void stage::happens(std::string_view type, json::object object, json::object previous) {
    json::object data{{"object", std::move(object)}};
    if (!previous.empty())
        data["previous_attributes"] = std::move(previous);
    const json::object event{{"id", shop_.ids.make("evt_1")},
                             {"object", "event"},
                             {"api_version", shop_.api.name()},
                             {"created", shop_.now_s},
                             {"data", std::move(data)},
                             {"livemode", shop_.live},
                             {"pending_webhooks", 1},
                             {"request", {{"id", nullptr}, {"idempotency_key", nullptr}}},
                             {"type", type}};
    const std::string body = indented(event);
    const std::string signature = sign(body, secret_, shop_.now_s, crypto_);
    const std::array headers{
        trb_pair{view("Content-Type"), view("application/json; charset=utf-8")},
        trb_pair{view("Stripe-Signature"), view(signature)},
        trb_pair{view("User-Agent"), view("Stripe/1.0 (+https://stripe.com/docs/webhooks)")},
    };
    into_.deliver(type, shop_.now_s * 1000, headers, body);
    ++shop_.now_s;
}

struct sale {
    payment_ids payment;
    std::int64_t charged_s = 0;
};

/// One payment by checkout: what every story about a single sale begins with.
sale buy(stage& on, bool with_invoice) {
    world& shop = on.shop();
    sale made{shop.make_payment(with_invoice)};
    if (!shop.guest())
        on.happens("customer.created", make_customer(shop));
    made.charged_s = shop.now_s;
    on.happens("charge.succeeded", make_charge(shop, made.payment, made.charged_s, {}));
    on.happens("payment_intent.succeeded", make_intent(shop, made.payment));
    if (with_invoice) {
        on.happens("invoice.paid", make_invoice(shop, made.payment, "manual", shop.now_s));
        if (shop.api.split_invoices())
            on.happens("invoice_payment.paid", make_invoice_payment(shop, made.payment));
    }
    on.happens("checkout.session.completed", make_session(shop, made.payment, {}));
    on.happens("charge.updated",
               make_charge(shop, made.payment, made.charged_s, {.settled = true, .refunds = {}}),
               {{"balance_transaction", nullptr}});
    return made;
}

struct outcome_of_story {
    std::int64_t sales = 1;
    std::int64_t refunded = 0;
    std::int64_t disputes_lost = 0;
};

void expect(const stage& on, const world& shop, outcome_of_story all) {
    on.expect("sales", all.sales);
    on.expect("net", all.sales * shop.price().net);
    on.expect("refunded", all.refunded);
    on.expect("disputes_open", 0);
    on.expect("disputes_lost", all.disputes_lost);
}

void tell_one_time(stage& on) {
    // A checkout that makes an invoice is the only one whose webhooks say which product was bought.
    buy(on, !on.shop().chosen.product.empty());
    expect(on, on.shop(), {});
}

void tell_guest(stage& on) {
    world& shop = on.shop();
    shop.customer_id.clear();
    if (!shop.chosen.click.empty())
        shop.client_reference = "trb_click_" + shop.chosen.click;
    buy(on, false);
    expect(on, shop, {});
}

void tell_payment_link(stage& on) {
    on.shop().payment_link = on.shop().ids.make("plink_1");
    tell_guest(on);
}

void tell_subscription_story(stage& on) {
    world& shop = on.shop();
    shop.subscription_id = shop.ids.make("sub_1");
    shop.subscription_item_id = shop.ids.make("si_", 14);
    const std::int64_t created_s = shop.now_s;
    payment_ids payment = shop.make_payment(true);
    on.happens("customer.created", make_customer(shop));
    on.happens("charge.succeeded", make_charge(shop, payment, shop.now_s, {}));
    on.happens("customer.subscription.created", make_subscription(shop, payment, created_s, created_s));
    on.happens("invoice.paid", make_invoice(shop, payment, "subscription_create", created_s));
    if (shop.api.split_invoices())
        on.happens("invoice_payment.paid", make_invoice_payment(shop, payment));
    on.happens("checkout.session.completed", make_session(shop, payment, {.mode = "subscription"}));
    for (std::int64_t renewal = 0; renewal < shop.chosen.renewals; ++renewal) {
        shop.now_s += shop.chosen.interval_s;
        const std::int64_t start_s = shop.now_s;
        payment = shop.make_payment(true);
        on.happens("charge.succeeded", make_charge(shop, payment, start_s, {}));
        on.happens("invoice.paid", make_invoice(shop, payment, "subscription_cycle", start_s));
        if (shop.api.split_invoices())
            on.happens("invoice_payment.paid", make_invoice_payment(shop, payment));
        on.happens("customer.subscription.updated", make_subscription(shop, payment, created_s, start_s),
                   {{"latest_invoice", nullptr}});
    }
    expect(on, shop, {.sales = 1 + shop.chosen.renewals});
}

/// The charge as it stands after a refund, with the refund in it where that API generation does so.
json::object refunded_charge(const world& shop, const sale& sold, const json::object& refund,
                             std::int64_t amount) {
    return make_charge(shop, sold.payment, sold.charged_s,
                       {.settled = true, .refunded = amount, .refunds = {refund}});
}

sdk::outcome tell_refund_story(stage& on, std::int64_t amount) {
    world& shop = on.shop();
    const std::int64_t total = shop.price().total;
    if (amount < 1 || amount > total)
        return sdk::invalid("bad_parameter",
                            "the parameter refund must be from 1 to the total, " + std::to_string(total));
    const sale sold = buy(on, false);
    const std::string id = shop.ids.make("re_3");
    const json::object refund = make_refund(shop, sold.payment, id, shop.now_s, amount, "succeeded");
    if (shop.api.sends_refund_events())
        on.happens("refund.created", refund);
    on.happens("charge.refunded", refunded_charge(shop, sold, refund, amount), {{"amount_refunded", 0}});
    if (shop.api.sends_refund_events())
        on.happens("refund.updated", refund, {{"destination_details", nullptr}});
    expect(on, shop, {.refunded = amount});
    return {};
}

void tell_failed_refund(stage& on) {
    world& shop = on.shop();
    const std::int64_t total = shop.price().total;
    const sale sold = buy(on, false);
    const std::string id = shop.ids.make("re_3");
    const std::int64_t created_s = shop.now_s;
    const json::object pending = make_refund(shop, sold.payment, id, created_s, total, "pending");
    if (shop.api.sends_refund_events())
        on.happens("refund.created", pending);
    on.happens("charge.refunded", refunded_charge(shop, sold, pending, total), {{"amount_refunded", 0}});
    const json::object failed = make_refund(shop, sold.payment, id, created_s, total, "failed");
    on.happens(shop.api.sends_refund_events() ? "refund.failed" : "charge.refund.updated", failed,
               {{"status", "pending"}});
    on.happens("charge.updated", refunded_charge(shop, sold, failed, 0), {{"amount_refunded", total}});
    expect(on, shop, {});
}

void tell_dispute_story(stage& on, bool won) {
    world& shop = on.shop();
    const sale sold = buy(on, false);
    const std::string id = shop.ids.make("du_1");
    const std::int64_t created_s = shop.now_s;
    const auto dispute = [&](std::string_view status) {
        return make_dispute(shop, sold.payment, id, created_s, status);
    };
    on.happens("charge.dispute.created", dispute("needs_response"));
    on.happens("charge.dispute.funds_withdrawn", dispute("needs_response"));
    on.happens("charge.dispute.updated", dispute("under_review"), {{"status", "needs_response"}});
    on.happens("charge.dispute.closed", dispute(won ? "won" : "lost"), {{"status", "under_review"}});
    if (won)
        on.happens("charge.dispute.funds_reinstated", dispute("won"));
    expect(on, shop, {.disputes_lost = won ? 0 : 1});
}

void tell_async_payment(stage& on) {
    world& shop = on.shop();
    const payment_ids payment = shop.make_payment(false);
    on.happens("customer.created", make_customer(shop));
    on.happens("checkout.session.completed", make_session(shop, payment, {.payment_status = "unpaid"}));
    const std::int64_t created_s = shop.now_s;
    on.happens("charge.pending", make_charge(shop, payment, created_s, {.status = "pending", .refunds = {}}));
    on.happens("charge.succeeded", make_charge(shop, payment, created_s, {.settled = true, .refunds = {}}));
    on.happens("payment_intent.succeeded", make_intent(shop, payment));
    on.happens("checkout.session.async_payment_succeeded", make_session(shop, payment, {}));
    expect(on, shop, {});
}

trb_story story(std::string_view name, std::string_view summary) noexcept {
    return {sizeof(trb_story), 0, view(name), view(summary)};
}

} // namespace

std::span<const trb_story> stripe_plugin::stories() noexcept {
    static const std::array all{
        story("one-time", "a known customer buys once by checkout; with a product, an invoice is made too"),
        story("guest", "somebody without a customer buys once; the click is in client_reference_id"),
        story("payment-link", "as guest, by a payment link"),
        story("subscription", "a subscription starts by checkout and renews"),
        story("refund-partial", "a purchase, then a part of the money goes back"),
        story("refund-full", "a purchase, then all of the money goes back"),
        story("refund-failed", "a purchase, then a refund that fails: the money stays"),
        story("dispute-won", "a purchase is disputed, the seller wins"),
        story("dispute-lost", "a purchase is disputed, the seller loses"),
        story("async-payment", "the money comes after the checkout was completed"),
    };
    return all;
}

sdk::outcome stripe_plugin::tell(const trb_story_request& request, sdk::story_sink into) const {
    const std::string_view name = view(request.story);
    choices chosen;
    api_generation api;
    if (sdk::outcome done = read_choices(request, chosen); !done)
        return done;
    if (sdk::outcome done = api_generation::parse(view(request.api_version), api); !done)
        return done;
    if (view(request.signing_secret).empty())
        return sdk::invalid("no_secret", "a story is signed: it needs the connection's signing secret");
    world shop(request, std::move(chosen), std::move(api));
    stage on(shop, view(request.signing_secret), *crypto_, into);
    const std::int64_t total = shop.price().total;
    if (name == "one-time")
        tell_one_time(on);
    else if (name == "guest")
        tell_guest(on);
    else if (name == "payment-link")
        tell_payment_link(on);
    else if (name == "subscription")
        tell_subscription_story(on);
    else if (name == "refund-partial")
        return tell_refund_story(on, shop.chosen.refund.value_or(total > 1 ? total / 2 : total));
    else if (name == "refund-full")
        return tell_refund_story(on, total);
    else if (name == "refund-failed")
        tell_failed_refund(on);
    else if (name == "dispute-won" || name == "dispute-lost")
        tell_dispute_story(on, name == "dispute-won");
    else if (name == "async-payment")
        tell_async_payment(on);
    else
        return sdk::not_found("there is no story '" + std::string(name) + "'");
    return {};
}

} // namespace tributary::stripe

#include "simulator/billing.hpp"
#include "simulator/bodies.hpp"
#include "simulator/verbs.hpp"

namespace tributary::stripe::simulated {

sdk::outcome do_customer(stage& on, options& with) {
    shop& in = on.in();
    const std::string_view change = with.word("change", {"created", "updated", "deleted"});
    const std::string email = with.text("email", in.buyer.email);
    const std::string name = with.text("name", in.buyer.name);
    const std::string country = with.text("country", in.buyer.country);
    if (change != "created" && in.buyer.created_s == 0)
        with.refuse("there is no customer yet");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    if (change == "created" && in.buyer.created_s != 0) { // Somebody else comes in.
        in.buyer = customer{.id = in.ids.make("cus_", 14)};
    }
    json::object previous;
    if (change == "updated")
        previous = {{"email", in.buyer.email}, {"name", in.buyer.name}};
    in.buyer.email = email;
    in.buyer.name = name;
    in.buyer.country = country;
    if (change == "created")
        introduce_buyer(on);
    else
        on.happens("customer." + std::string(change), make_customer(in), std::move(previous));
    return {};
}

sdk::outcome do_catalogue(stage& on, options& with) {
    shop& in = on.in();
    const bool recurring = with.flag("recurring");
    const std::vector<sold_item> items = read_items(in, with, "items", recurring);
    if (sdk::outcome done = with.finish(); !done)
        return done;
    std::string told; // Items of one product may differ in price only.
    for (const sold_item& item : items) {
        if (told.find(item.sold.product) == std::string::npos)
            on.happens("product.created", make_product(in, item.sold));
        told += item.sold.product + " ";
        if (recurring)
            on.happens("plan.created", make_plan(in, item.sold));
        on.happens("price.created", make_price(in, item.sold));
    }
    return {};
}

namespace {

struct checkout_wish {
    bool guest = false;
    bool by_link = false;
    bool with_invoice = false;
    std::string_view ending;
    std::int64_t settles_in_s = 0;
    std::vector<sold_item> items;
    std::optional<discount> reduced;
    std::string seen_currency;
    std::int64_t seen_amount = 0;
};

checkout_wish read_checkout(shop& in, options& with) {
    checkout_wish wish;
    wish.guest = with.flag("guest");
    wish.by_link = with.flag("payment_link");
    wish.with_invoice = with.flag("invoice");
    wish.ending = with.word("payment", {"paid", "later", "fails", "abandoned"});
    wish.settles_in_s = with.span_s("settles_in", 0);
    wish.items = read_items(in, with, "items", false);
    wish.reduced = read_discount(in, with);
    if (std::optional<options> seen = with.object("presentment")) {
        wish.seen_currency = seen->text("currency", "");
        wish.seen_amount = seen->number("amount", 0, 1, amount_max);
        if (wish.seen_currency.size() != 3 || wish.seen_amount == 0)
            seen->refuse("this needs a currency of three letters and an amount");
        with.adopt(*seen);
    }
    if (wish.with_invoice && wish.ending != "paid" && wish.ending != "later")
        with.refuse("a checkout that is not paid makes no invoice");
    return wish;
}

bill make_cart(shop& in, const checkout_wish& wish) {
    std::vector<bill_line> lines;
    for (const sold_item& item : wish.items)
        lines.push_back(in.make_line(item.sold, item.quantity, in.ids.make("ii_1"), false));
    return in.make_bill(std::move(lines), wish.reduced);
}

/// The money of a delayed method: it is pending first.
void pay_later(stage& on, session& of, payment& with, const checkout_wish& wish) {
    shop& in = on.in();
    of.payment_status = "unpaid";
    on.happens("checkout.session.completed", make_session(in, of));
    with.attempts.push_back({std::exchange(with.next_charge, in.ids.make("ch_3")), "pending", in.now_s});
    on.happens("charge.pending", make_charge(in, with));
    on.wait(wish.settles_in_s);
    if (wish.ending == "fails") {
        with.attempts.back().status = "failed";
        on.happens("charge.failed", make_charge(in, with));
        on.happens("payment_intent.payment_failed", make_intent(in, with, "requires_payment_method"));
        on.happens("checkout.session.async_payment_failed", make_session(in, of));
        return;
    }
    with.attempts.back().status = "succeeded";
    with.paid_s = in.now_s;
    with.settled = true;
    of.payment_status = "paid";
    on.happens("charge.succeeded", make_charge(in, with));
    on.happens("payment_intent.succeeded", make_intent(in, with, "succeeded"));
    if (!of.invoice.empty())
        close_as_paid(on, *in.last_invoice(), &with);
    on.happens("checkout.session.async_payment_succeeded", make_session(in, of));
}

/// An invoice that a checkout makes is finalized when it is paid; only then does Stripe tell of it.
void add_checkout_invoice(shop& in, session& of) {
    invoice& made = in.add_invoice("manual", of.owed);
    made.status = "open";
    made.finalized_s = in.now_s;
    made.attempts = 1;
    of.invoice = made.id;
    of.pays = made.payments.front();
}

void pay_now(stage& on, session& of, payment* with) {
    shop& in = on.in();
    if (with != nullptr)
        succeed(on, *with);
    else
        of.payment_status = "no_payment_required";
    if (!of.invoice.empty())
        close_as_paid(on, *in.last_invoice(), with);
    on.happens("checkout.session.completed", make_session(in, of));
    if (with == nullptr)
        return;
    with->settled = true;
    on.happens("charge.updated", make_charge(in, *with), {{"balance_transaction", nullptr}});
}

} // namespace

sdk::outcome do_checkout(stage& on, options& with) {
    shop& in = on.in();
    const checkout_wish wish = read_checkout(in, with);
    if (sdk::outcome done = with.finish(); !done)
        return done;
    announce_discount(on, wish.reduced);
    session made;
    made.id = in.ids.make(in.live ? "cs_live_" : "cs_test_", 58);
    const std::string link = in.ids.make("plink_1");
    made.payment_link = wish.by_link ? link : "";
    if (wish.guest) {
        in.buyer.id.clear();
        in.buyer.created_s = 0;
        if (!in.given.click.empty())
            made.client_reference = "trb_click_" + in.given.click;
    }
    introduce_buyer(on);
    made.created_s = in.now_s - 60;
    made.owed = make_cart(in, wish);
    if (wish.ending == "abandoned") {
        made.status = "expired";
        made.payment_status = "unpaid";
        on.happens("checkout.session.expired", make_session(in, made));
        return {};
    }
    if (wish.with_invoice) {
        add_checkout_invoice(in, made);
    } else if (made.owed.total() > 0) {
        in.add_payment(made.owed.total(), {});
        made.pays = in.payments.size() - 1;
    }
    payment* pays = made.owed.total() > 0 ? &in.payments[*made.pays] : nullptr;
    if (pays != nullptr && !wish.seen_currency.empty()) {
        pays->seen_currency = wish.seen_currency;
        pays->seen_amount = wish.seen_amount;
    }
    if (wish.ending == "paid" || pays == nullptr)
        pay_now(on, made, pays);
    else
        pay_later(on, made, *pays, wish);
    return {};
}

} // namespace tributary::stripe::simulated

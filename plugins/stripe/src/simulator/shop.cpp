#include "simulator/shop.hpp"

#include <algorithm>

namespace tributary::stripe::simulated {
namespace {

template <class Member> std::int64_t sum_of(const std::vector<bill_line>& lines, Member member) noexcept {
    std::int64_t total = 0;
    for (const bill_line& line : lines)
        total += line.*member;
    return total;
}

} // namespace

std::int64_t bill::subtotal() const noexcept {
    return sum_of(lines, &bill_line::amount);
}
std::int64_t bill::discounted() const noexcept {
    return sum_of(lines, &bill_line::discounted);
}
std::int64_t bill::tax() const noexcept {
    return sum_of(lines, &bill_line::tax);
}

std::int64_t invoice::due() const noexcept {
    return std::max<std::int64_t>(0, owed.total() + starting_balance - credited);
}
std::int64_t invoice::ending_balance() const noexcept {
    // What a bill does not use up of the credit stays; a bill below zero becomes credit.
    return std::min<std::int64_t>(0, owed.total() + starting_balance);
}

shop::shop(parameters chosen, api_version version, std::uint64_t seed, std::string_view story, bool is_live,
           std::int64_t starts_s)
    : given(std::move(chosen)), api(std::move(version)), ids(seed, story), live(is_live), now_s(starts_s) {
    const std::string id = ids.make("cus_", 14);
    const std::string product = ids.make("prod_", 14);
    const std::string email = "buyer." + ids.make("", 8) + "@example.com";
    buyer.id = given.customer.empty() ? id : given.customer;
    buyer.email = given.email.empty() ? email : given.email;
    products_["main"] = given.product.empty() ? product : given.product;
}

price shop::find_price(const std::string& label, price wanted) {
    std::string& product = products_[label];
    if (product.empty())
        product = ids.make("prod_", 14);
    const std::string like = label + "|" + std::to_string(wanted.unit_amount) + "|" +
                             (wanted.recurring ? wanted.interval : "once") +
                             (wanted.metered ? "|metered" : "");
    std::string& id = prices_[like];
    if (id.empty())
        id = ids.make("price_1");
    wanted.id = id;
    wanted.product = product;
    return wanted;
}

payment& shop::add_payment(std::int64_t amount, const std::string& of_invoice) {
    payment& made = payments.emplace_back();
    made.intent = ids.make("pi_3");
    made.next_charge = ids.make("ch_3");
    made.balance_transaction = ids.make("txn_3");
    made.invoice_payment = ids.make("inpay_1");
    made.invoice = of_invoice;
    made.amount = amount;
    made.created_s = now_s;
    return made;
}

invoice& shop::add_invoice(std::string reason, bill owed, std::string of_subscription) {
    invoice& made = invoices.emplace_back();
    made.id = ids.make("in_1");
    std::string count = std::to_string(invoices.size());
    made.number = "9A1B2C3D-" + std::string(4 - std::min<std::size_t>(4, count.size()), '0') + count;
    made.billing_reason = std::move(reason);
    made.subscription = std::move(of_subscription);
    made.owed = std::move(owed);
    made.created_s = now_s;
    made.period_start_s = made.period_end_s = now_s;
    made.starting_balance = buyer.balance;
    add_payment(made.due(), made.id);
    made.payments.push_back(payments.size() - 1);
    return made;
}

bill shop::make_bill(std::vector<bill_line> lines, const std::optional<discount>& reduced) const {
    bill made{std::move(lines), reduced};
    std::int64_t left = reduced ? reduced->of.amount_off : 0;
    for (bill_line& line : made.lines) {
        if (reduced && line.amount > 0) {
            // A percentage is rounded line by line; an amount goes to the first lines that can bear it.
            const std::int64_t part = reduced->of.percent_off > 0
                                          ? (line.amount * reduced->of.percent_off + 50) / 100
                                          : std::min(left, line.amount);
            left -= reduced->of.percent_off > 0 ? 0 : part;
            line.discounted = part;
        }
        line.tax = given.tax_on(line.net());
    }
    return made;
}

bill_line shop::make_line(const price& sold, std::int64_t quantity, std::string source,
                          bool of_subscription) {
    bill_line made;
    made.id = ids.make("il_1");
    made.source = std::move(source);
    made.sold = sold;
    made.quantity = quantity;
    made.amount = sold.unit_amount * quantity;
    made.of_subscription = of_subscription;
    made.period_start_s = made.period_end_s = now_s;
    return made;
}

discount shop::make_discount(coupon of, std::string code) {
    discount made;
    made.id = ids.make("di_1");
    const std::string promotion = ids.make("promo_1");
    const std::string id = ids.make("", 8);
    if (of.id.empty())
        of.id = id;
    made.of = std::move(of);
    if (!code.empty())
        made.promotion_code = promotion;
    made.code = std::move(code);
    return made;
}

std::int64_t shop::period_s() const noexcept {
    constexpr std::int64_t month_s = 30 * 86'400;
    return given.interval_s == 0 ? month_s : given.interval_s;
}

payment* shop::last_paid() noexcept {
    const auto found =
        std::find_if(payments.rbegin(), payments.rend(), [](const payment& one) { return one.paid(); });
    return found == payments.rend() ? nullptr : &*found;
}

} // namespace tributary::stripe::simulated

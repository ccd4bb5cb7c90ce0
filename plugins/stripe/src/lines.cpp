#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;

trb_line blank_line() noexcept {
    trb_line line{};
    line.struct_size = sizeof line;
    return line;
}

/// Tax that is part of the line's amount. New bodies name a behaviour, old ones have a flag.
bool is_inclusive(const json::value& tax) noexcept {
    const std::string_view behaviour = text(tax, "tax_behavior");
    return behaviour.empty() ? flag(tax, "inclusive").value_or(false) : behaviour == "inclusive";
}

std::int64_t billing_credit(const json::value& line, fault& problem) {
    std::int64_t total = 0;
    for (const json::value& credit : elements(line, "pretax_credit_amounts"))
        if (text(credit, "type") == "credit_balance_transaction")
            total = add(total, amount(credit, "amount", problem).value_or(0), problem);
    return total;
}

} // namespace

std::int64_t line_net(const json::value& line, fault& problem) {
    std::int64_t net = subtract(amount(line, "amount", problem).value_or(0),
                                sum(line, "discount_amounts", "amount", problem).value_or(0), problem);
    for (const json::value& tax : elements(line, paths::line_taxes))
        if (is_inclusive(tax))
            net = subtract(net, amount(tax, "amount", problem).value_or(0), problem);
    return net;
}

namespace {

/// net = amount - discounts - inclusive taxes. Prorations under flexible billing with included discounts hold
/// no discount_amounts, since their amount is net of them already: the formula stays the same.
trb_line make_invoice_line(const json::value& source, fault& problem) {
    trb_line line = blank_line();
    line.id = view(id_of(source, "id"));
    line.price_id = view(id_of(source, paths::line_price));
    line.product_id = view(id_of(source, paths::line_product));
    line.description = view(text(source, "description"));
    line.proration = flag(source, paths::line_proration).value_or(false) ? 1 : 0;
    line.quantity = integer(source, "quantity").value_or(1);
    line.period_start_ms = time_ms(source, "period.start").value_or(0);
    line.period_end_ms = time_ms(source, "period.end").value_or(0);
    line.discount_minor = sum(source, "discount_amounts", "amount", problem).value_or(0);
    line.tax_minor = sum(source, paths::line_taxes, "amount", problem).value_or(0);
    line.net_minor = line_net(source, problem);
    return line;
}

} // namespace

line_total add_invoice_lines(fact_draft& draft, std::span<const json::value> lines,
                             std::optional<std::int64_t> expected_net, fault& problem) {
    line_total total;
    const std::size_t first = draft.lines().size();
    for (const json::value& source : lines) {
        const trb_line line = make_invoice_line(source, problem);
        total.net_minor = add(total.net_minor, line.net_minor, problem);
        total.discount_minor = add(total.discount_minor, line.discount_minor, problem);
        draft.line(line);
    }
    // Billing credits are taken off before tax, as a discount is. Should a body's total say otherwise, it is
    // believed.
    if (expected_net && *expected_net == total.net_minor)
        return total;
    for (std::size_t index = 0; index < lines.size(); ++index) {
        const std::int64_t credit = billing_credit(lines[index], problem);
        std::int64_t& net = draft.lines()[first + index].net_minor;
        net = subtract(net, credit, problem);
        total.net_minor = subtract(total.net_minor, credit, problem);
    }
    return total;
}

void add_shipping_line(fact_draft& draft, const json::value& invoice, fault& problem) {
    const std::int64_t gross = amount(invoice, "shipping_cost.amount_total", problem).value_or(0);
    const std::int64_t tax = amount(invoice, "shipping_cost.amount_tax", problem).value_or(0);
    if (gross == 0)
        return;
    trb_line line = blank_line();
    line.id = view("shipping");
    line.description = view("Shipping");
    line.quantity = 1;
    line.net_minor = subtract(gross, tax, problem);
    line.tax_minor = tax;
    draft.line(line);
}

void add_session_lines(fact_draft& draft, std::span<const json::value> lines, std::int64_t numerator,
                       std::int64_t denominator, fault& problem) {
    // Running totals are scaled and their differences taken: the lines then sum up to the scaled sum,
    // whatever the rounding.
    std::int64_t net_so_far = 0;
    std::int64_t tax_so_far = 0;
    std::int64_t discount_so_far = 0;
    const auto scaled_part = [&](std::int64_t& so_far, std::int64_t part) {
        const std::int64_t before = scale(so_far, numerator, denominator, problem);
        so_far = add(so_far, part, problem);
        return subtract(scale(so_far, numerator, denominator, problem), before, problem);
    };
    for (const json::value& source : lines) {
        const std::int64_t tax = amount(source, "amount_tax", problem).value_or(0);
        const std::int64_t gross = amount(source, "amount_total", problem).value_or(0);
        trb_line line = blank_line();
        line.id = view(id_of(source, "id"));
        line.price_id = view(id_of(source, "price"));
        line.product_id = view(id_of(source, "price.product"));
        line.description = view(text(source, "description"));
        line.quantity = integer(source, "quantity").value_or(1);
        line.net_minor = scaled_part(net_so_far, subtract(gross, tax, problem));
        line.tax_minor = scaled_part(tax_so_far, tax);
        line.discount_minor =
            scaled_part(discount_so_far, amount(source, "amount_discount", problem).value_or(0));
        draft.line(line);
    }
}

} // namespace tributary::stripe

#include "ours.hpp"

#include <stdexcept>

#include "cases.hpp"

namespace tributary::bench::rules {
namespace {

enum sale_slot : cel::slot_id { amount, quantity, product_id, type, country, source, months, partner_total };
enum request_slot : cel::slot_id { ip, path, token };

compiled_rule must_compile(const cel::environment& with, std::string_view source,
                           const cel::compile_options& asked) {
    auto made = with.compile(std::string(source), asked);
    if (!made)
        throw std::runtime_error(cel::render(made.error(), source, "rule"));
    return *made;
}

cel::compile_options a_condition() {
    return {.result = cel::type::boolean()};
}

} // namespace

sale_rules::sale_rules() {
    environment_.declare("sale.amount", cel::type::int64());
    environment_.declare("sale.quantity", cel::type::int64());
    environment_.declare("sale.productId", cel::type::string());
    environment_.declare("sale.type", cel::type::string());
    environment_.declare("customer.country", cel::type::string());
    environment_.declare("customer.source", cel::type::string());
    environment_.declare("customer.subscriptionDurationMonths", cel::type::int64());
    environment_.declare("partner.totalSaleAmount", cel::type::int64());
}

compiled_rule sale_rules::compile(std::string_view source, const cel::compile_options& asked) const {
    return must_compile(environment_, source, asked);
}

compiled_rule sale_rules::condition() const {
    return compile(rules::condition.cel, a_condition());
}

std::vector<compiled_rule> sale_rules::rule_set() const {
    std::vector<compiled_rule> made;
    for (const rule_text& each : rules::rule_set)
        made.push_back(compile(each.cel, a_condition()));
    return made;
}

compiled_rule sale_rules::amount() const {
    return compile(rules::amount.cel, {.amount = true});
}

void sale_rules::fill(cel::activation& into, const sale& from) noexcept {
    fill_for_condition(into, from);
    into.set(sale_slot::quantity, from.quantity);
    into.set(sale_slot::type, std::string_view(from.type));
    into.set(sale_slot::source, std::string_view(from.source));
    into.set(sale_slot::months, from.months);
    into.set(sale_slot::partner_total, from.partner_total);
}

void sale_rules::fill_for_condition(cel::activation& into, const sale& from) noexcept {
    into.set(sale_slot::amount, from.amount);
    into.set(sale_slot::country, std::string_view(from.country));
    into.set(sale_slot::product_id, std::string_view(from.product_id));
}

request_rules::request_rules() {
    environment_.declare("ip", cel::type::string());
    environment_.declare("path", cel::type::string());
    environment_.declare("token", cel::type::string());
}

compiled_rule request_rules::policy() const {
    return must_compile(environment_, rules::policy.cel, a_condition());
}

void request_rules::fill(cel::activation& into, const request& from) noexcept {
    into.set(request_slot::ip, std::string_view(from.ip));
    into.set(request_slot::path, std::string_view(from.path));
    into.set(request_slot::token, std::string_view(from.token));
}

} // namespace tributary::bench::rules

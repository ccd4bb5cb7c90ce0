#include "messages.hpp"

#include <tributary/sdk/plugin.hpp>

#include <boost/json.hpp>

#include "calendar.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace {

namespace json = boost::json;

json::string_view text(std::string_view value) {
    return {value.data(), value.size()};
}

json::value text_or_null(std::string_view value) {
    return value.empty() ? json::value(nullptr) : json::value(text(value));
}

json::value parsed_or_null(std::string_view source) {
    boost::system::error_code failed;
    json::value value = json::parse(text(source), failed);
    return failed ? json::value(nullptr) : value;
}

json::object customer_object(const message_parts& parts) {
    json::object customer;
    customer["id"] = parts.customer_id;
    customer["externalId"] = parts.external_id;
    const std::string_view name = !parts.name.empty() ? parts.name : parts.email;
    customer["name"] = text(name.empty() ? std::string_view(parts.external_id) : name);
    customer["email"] = text_or_null(parts.email);
    customer["avatar"] = text_or_null(parts.avatar);
    if (!parts.country.empty())
        customer["country"] = text(parts.country);
    customer["createdAt"] = iso_utc(parts.created_at_ms);
    return customer;
}

json::value link_object(const message_parts& parts) {
    if (parts.link == nullptr)
        return nullptr;
    json::object link;
    link["id"] = parts.link->id;
    link["domain"] = parts.link->domain;
    link["key"] = parts.link->key;
    link["shortLink"] = short_link(parts.link->domain, parts.link->key);
    return link;
}

json::value partner_object(const message_parts& parts) {
    if (parts.partner == nullptr)
        return nullptr;
    json::object partner;
    partner["id"] = parts.partner->id;
    partner["name"] = parts.partner->name;
    partner["email"] = text_or_null(parts.partner->email);
    partner["image"] = text_or_null(parts.partner->image);
    partner["country"] = text_or_null(parts.partner->country);
    return partner;
}

json::object click_object(const message_parts& parts) {
    json::object click;
    click["id"] = text(parts.click_id);
    return click;
}

} // namespace

std::string lead_body(const message_parts& parts, std::string_view event_name, std::string_view metadata) {
    json::object body;
    body["eventName"] = text(event_name);
    body["customer"] = customer_object(parts);
    body["click"] = click_object(parts);
    body["link"] = link_object(parts);
    body["partner"] = partner_object(parts);
    body["metadata"] = parsed_or_null(metadata);
    return json::serialize(body);
}

std::string sale_body(const message_parts& parts, const sale_message& sale) {
    json::object body;
    body["eventName"] = text(sale.event_name);
    body["customer"] = customer_object(parts);
    body["click"] = click_object(parts);
    body["link"] = link_object(parts);
    body["partner"] = partner_object(parts);
    json::object money;
    money["amount"] = sale.amount;
    money["currency"] = lower(sale.currency);
    money["paymentProcessor"] = text(sale.processor);
    money["invoiceId"] = text_or_null(sale.invoice_id);
    body["sale"] = std::move(money);
    body["metadata"] = parsed_or_null(sale.metadata);
    return json::serialize(body);
}

std::string commission_body(const message_parts& parts, const commission_message& commission) {
    json::object body;
    body["id"] = text(commission.id);
    body["type"] = text(commission.type);
    body["amount"] = commission.amount;
    body["earnings"] = commission.earnings;
    body["currency"] = lower(commission.currency);
    body["status"] = text(commission.status);
    body["invoiceId"] = text_or_null(commission.invoice_id);
    body["description"] = nullptr;
    body["quantity"] = commission.quantity;
    body["createdAt"] = iso_utc(commission.created_at_ms);
    body["updatedAt"] = iso_utc(commission.created_at_ms);
    json::value partner = partner_object(parts);
    if (!partner.is_object() || partner.as_object().at("id").as_string() != text(commission.partner_id))
        partner = json::object{{"id", text(commission.partner_id)}};
    body["partner"] = std::move(partner);
    body["customer"] = customer_object(parts);
    body["link"] = link_object(parts);
    return json::serialize(body);
}

std::string metadata_json(const trb_pair* pairs, std::uint64_t count) {
    if (count == 0)
        return {};
    json::object object;
    for (std::uint64_t index = 0; index < count; ++index)
        object[text(sdk::view(pairs[index].name))] = text(sdk::view(pairs[index].value));
    return json::serialize(object);
}

std::string ids_json(const trb_str* ids, std::uint64_t count) {
    json::array array;
    for (std::uint64_t index = 0; index < count; ++index)
        array.emplace_back(text(sdk::view(ids[index])));
    return json::serialize(array);
}

std::string rule_json(const reward_terms& terms) {
    json::object rule;
    rule["id"] = terms.id;
    rule["group"] = terms.group_id;
    rule["event"] = terms.event == reward_event::lead ? "lead" : "sale";
    rule["type"] = terms.type == reward_type::flat ? "flat" : "percentage";
    if (terms.type == reward_type::flat)
        rule["amount"] = terms.amount_minor;
    else
        rule["rateBps"] = terms.rate_bps;
    rule["currency"] = terms.currency;
    rule["maxDurationMonths"] =
        terms.max_duration_months ? json::value(*terms.max_duration_months) : json::value(nullptr);
    rule["effectiveFrom"] = iso_utc(terms.effective_from_ms);
    return json::serialize(rule);
}

std::string sale_inputs_json(const assessed_payment& payment, const returned_money& returned,
                             std::string_view program_currency, std::span<const std::int64_t> bases,
                             std::span<const std::int64_t> earned) {
    json::object inputs;
    inputs["currency"] = payment.currency;
    inputs["exponent"] = payment.exponent;
    inputs["cash"] = payment.cash;
    inputs["total"] = payment.total;
    inputs["totalWithoutTax"] = payment.total_without_tax;
    inputs["taxKnown"] = !payment.tax_unknown;
    inputs["base"] = payment.base;
    inputs["returned"] = returned.amount;
    inputs["remaining"] = payment.cash - returned.amount;
    inputs["programCurrency"] = text(program_currency);
    inputs["rounding"] = "half up, once per line";
    json::array lines;
    for (std::size_t index = 0; index < bases.size() && index < payment.lines.size(); ++index) {
        json::object line;
        line["id"] = payment.lines[index].id;
        line["productId"] = payment.lines[index].product_id;
        line["base"] = bases[index];
        if (index < earned.size())
            line["earned"] = earned[index];
        lines.push_back(std::move(line));
    }
    inputs["lines"] = std::move(lines);
    return json::serialize(inputs);
}

std::string lead_inputs_json(std::int64_t quantity) {
    json::object inputs;
    inputs["quantity"] = quantity;
    return json::serialize(inputs);
}

} // namespace tributary::attribution

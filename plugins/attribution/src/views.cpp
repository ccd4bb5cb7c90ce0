#include "views.hpp"

#include <boost/json.hpp>

#include "calendar.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace {

namespace json = boost::json;
using sdk::cell;

std::string select_by(std::string_view columns, std::string_view table, std::string_view column) {
    std::string sql = "SELECT ";
    sql.append(columns).append(" FROM ").append(table);
    sql.append(" WHERE workspace_id = $1 AND environment = $2 AND ").append(column).append(" = $3");
    return sql;
}

void null_members(json::object& into, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        into[json_text(name)] = nullptr;
}

sdk::outcome partner_links(route_context& context, std::string_view partner_id, json::array& into,
                           link_totals& sums) {
    constexpr std::int64_t links_max = 100;
    std::vector<stored_row> rows;
    if (sdk::outcome done =
            context.store.query("SELECT id, domain, link_key, url FROM attribution_link WHERE workspace_id = "
                                "$1 AND environment = $2"
                                " AND partner_id = $3 ORDER BY created_at, id LIMIT $4",
                                std::vector{context.store.workspace(), context.store.environment(),
                                            cell(partner_id), cell(links_max)},
                                [&](sdk::cells row) { rows.push_back(copy_row(row)); });
        !done)
        return done;
    for (const stored_row& row : rows) {
        link_totals totals;
        if (sdk::outcome done = find_link_totals(context.store, row[0].text, totals); !done)
            return done;
        json::object link;
        link["id"] = row[0].text;
        link["domain"] = row[1].text;
        link["key"] = row[2].text;
        link["shortLink"] = short_link(row[1].text, row[2].text);
        link["url"] = row[3].text;
        link["clicks"] = totals.clicks;
        link["leads"] = totals.leads;
        link["conversions"] = totals.conversions;
        link["sales"] = totals.sales;
        link["saleAmount"] = totals.sale_amount;
        into.push_back(std::move(link));
        sums.clicks += totals.clicks;
        sums.leads += totals.leads;
        sums.conversions += totals.conversions;
        sums.sales += totals.sales;
        sums.sale_amount += totals.sale_amount;
    }
    return {};
}

} // namespace

json::value text_or_null(const stored_cell& cell) {
    return cell.is_null() ? json::value(nullptr) : json::value(cell.text);
}

json::value time_or_null(const stored_cell& cell) {
    return cell.is_null() ? json::value(nullptr) : json::value(iso_utc(cell.integer));
}

std::string route_context::program_id() const {
    const std::string_view workspace = sdk::view(call.workspace);
    return "prog_" + std::string(workspace.starts_with("ws_") ? workspace.substr(3) : workspace);
}

sdk::outcome find_link_by_id(const sdk::store& store, std::string_view id, std::optional<stored_row>& found) {
    return find_row(store, select_by(link_column::list, "attribution_link", "id"), {cell(id)}, found);
}

sdk::outcome find_customer_by_id(const sdk::store& store, std::string_view id,
                                 std::optional<stored_row>& found) {
    return find_row(store, select_by(customer_column::list, "attribution_customer", "row_id"), {cell(id)},
                    found);
}

sdk::outcome find_customer_by_external_id(const sdk::store& store, std::string_view external_id,
                                          std::optional<stored_row>& found) {
    return find_row(store,
                    select_by(customer_column::list, "attribution_customer", "external_id") +
                        " ORDER BY created_at, row_id LIMIT 1",
                    {cell(external_id)}, found);
}

sdk::outcome find_partner_by_id(const sdk::store& store, std::string_view id,
                                std::optional<stored_row>& found) {
    return find_row(store, select_by(partner_column::list, "attribution_partner", "id"), {cell(id)}, found);
}

sdk::outcome find_commission_by_id(const sdk::store& store, std::string_view id,
                                   std::optional<stored_row>& found) {
    return find_row(store, select_by(commission_column::list, "attribution_commission", "row_id"), {cell(id)},
                    found);
}

sdk::outcome find_link_totals(const sdk::store& store, std::string_view link_id, link_totals& totals) {
    std::optional<stored_row> leads;
    if (sdk::outcome done = find_row(store,
                                     "SELECT CAST(SUM(quantity) AS BIGINT) FROM attribution_lead"
                                     " WHERE workspace_id = $1 AND environment = $2 AND link_id = $3",
                                     {cell(link_id)}, leads);
        !done)
        return done;
    std::optional<stored_row> sales;
    if (sdk::outcome done = find_row(store,
                                     "SELECT COUNT(*), CAST(SUM(is_first) AS BIGINT), CAST(SUM(amount) AS "
                                     "BIGINT) FROM attribution_sale"
                                     " WHERE workspace_id = $1 AND environment = $2 AND link_id = $3"
                                     " AND status IN ('paid', 'refunded')",
                                     {cell(link_id)}, sales);
        !done)
        return done;
    std::optional<stored_row> clicks;
    if (sdk::outcome done = find_row(store,
                                     "SELECT CAST(SUM(value) AS BIGINT) FROM published_rollup"
                                     " WHERE workspace_id = $1 AND environment = $2 AND measure = 'clicks'"
                                     " AND dimension = $3",
                                     {cell(link_id)}, clicks);
        !done)
        return done;
    if (clicks)
        totals.clicks = (*clicks)[0].integer;
    if (leads)
        totals.leads = (*leads)[0].integer;
    if (sales) {
        totals.conversions = (*sales)[1].integer;
        totals.sales = (*sales)[0].integer;
        totals.sale_amount = (*sales)[2].integer;
    }
    return {};
}

json::object short_link_view(route_context& context, const stored_row& link) {
    namespace column = link_column;
    json::object into;
    into["id"] = link[column::id].text;
    into["domain"] = link[column::domain].text;
    into["key"] = link[column::key].text;
    into["shortLink"] = short_link(link[column::domain].text, link[column::key].text);
    into["url"] = link[column::url].text;
    into["partnerId"] = text_or_null(link[column::partner_id]);
    into["programId"] =
        link[column::partner_id].is_null() ? json::value(nullptr) : json::value(context.program_id());
    into["tenantId"] = text_or_null(link[column::tenant_id]);
    into["externalId"] = text_or_null(link[column::external_id]);
    return into;
}

sdk::outcome link_view(route_context& context, const stored_row& link, json::object& into) {
    namespace column = link_column;
    link_totals totals;
    if (sdk::outcome done = find_link_totals(context.store, link[column::id].text, totals); !done)
        return done;
    into = short_link_view(context, link);
    const std::string_view workspace = sdk::view(context.call.workspace);
    into["trackConversion"] = link[column::track_conversion].integer != 0;
    into["archived"] = link[column::archived].integer != 0;
    into["expiresAt"] = time_or_null(link[column::expires_at]);
    into["expiredUrl"] = text_or_null(link[column::expired_url]);
    into["disabledAt"] = time_or_null(link[column::disabled_at]);
    into["comments"] = text_or_null(link[column::comments]);
    for (const std::string_view name : {"proxy", "rewrite", "doIndex", "publicStats"})
        into[json_text(name)] = false;
    null_members(into, {"password",      "title",           "description", "image",       "video",
                        "ios",           "android",         "geo",         "folderId",    "utm_source",
                        "utm_medium",    "utm_campaign",    "utm_term",    "utm_content", "testVariants",
                        "testStartedAt", "testCompletedAt", "userId",      "tagId",       "lastClicked"});
    into["tags"] = json::array();
    into["webhookIds"] = json::array();
    into["qrCode"] = std::string(sdk::view(context.call.base_url)) + "/qr?url=" +
                     percent_encode(short_link(link[column::domain].text, link[column::key].text) + "?qr=1");
    into["workspaceId"] = std::string(workspace.starts_with("ws_") ? "" : "ws_") + std::string(workspace);
    into["projectId"] = json_text(workspace);
    into["clicks"] = totals.clicks;
    into["leads"] = totals.leads;
    into["conversions"] = totals.conversions;
    into["sales"] = totals.sales;
    into["saleAmount"] = totals.sale_amount;
    into["createdAt"] = iso_utc(link[column::created_at].integer);
    into["updatedAt"] = iso_utc(link[column::updated_at].integer);
    return {};
}

sdk::outcome customer_view(route_context& context, const stored_row& customer, bool expanded,
                           json::object& into) {
    namespace column = customer_column;
    into["id"] = customer[column::id].text;
    into["name"] = text_or_null(customer[column::name]);
    into["email"] = text_or_null(customer[column::email]);
    into["avatar"] = text_or_null(customer[column::avatar]);
    into["externalId"] = customer[column::external_id].text;
    into["country"] = text_or_null(customer[column::country]);
    into["sales"] = customer[column::sales].integer;
    into["saleAmount"] = customer[column::sale_amount].integer;
    into["createdAt"] = iso_utc(customer[column::created_at].integer);
    into["firstSaleAt"] = time_or_null(customer[column::first_sale_at]);
    into["subscriptionCanceledAt"] = time_or_null(customer[column::subscription_canceled_at]);
    if (!expanded)
        return {};
    null_members(into, {"link", "programId", "partner", "discount"});
    if (!customer[column::link_id].is_null()) {
        std::optional<stored_row> link;
        if (sdk::outcome done = find_link_by_id(context.store, customer[column::link_id].text, link); !done)
            return done;
        if (link)
            into["link"] = short_link_view(context, *link);
    }
    if (!customer[column::partner_id].is_null()) {
        std::optional<stored_row> partner;
        if (sdk::outcome done = find_partner_by_id(context.store, customer[column::partner_id].text, partner);
            !done)
            return done;
        into["programId"] = context.program_id();
        if (partner)
            into["partner"] = json::object{{"id", (*partner)[partner_column::id].text},
                                           {"name", (*partner)[partner_column::name].text},
                                           {"email", (*partner)[partner_column::email].text},
                                           {"image", text_or_null((*partner)[partner_column::image])}};
    }
    return {};
}

sdk::outcome commission_view(route_context& context, const stored_row& commission, bool detailed,
                             json::object& into) {
    namespace column = commission_column;
    const bool shows_hold = !context.is_closed_client() || commission[column::status].text != "hold";
    into["id"] = commission[column::id].text;
    into["type"] = commission[column::type].text;
    into["amount"] = commission[column::amount].integer;
    into["earnings"] = commission[column::earnings].integer;
    into["currency"] = lower(commission[column::currency].text);
    into["status"] = shows_hold ? commission[column::status].text : std::string("pending");
    into["reason"] = commission[column::reason].text;
    into["invoiceId"] = text_or_null(commission[column::invoice_id]);
    into["payoutId"] = text_or_null(commission[column::payout_id]);
    into["description"] = nullptr;
    into["quantity"] = commission[column::quantity].integer;
    into["createdAt"] = iso_utc(commission[column::created_at].integer);
    into["updatedAt"] = iso_utc(commission[column::updated_at].integer);
    into["paidAt"] = time_or_null(commission[column::paid_at]);

    std::optional<stored_row> partner;
    if (sdk::outcome done = find_partner_by_id(context.store, commission[column::partner_id].text, partner);
        !done)
        return done;
    json::object owner;
    owner["id"] = commission[column::partner_id].text;
    owner["name"] = partner ? (*partner)[partner_column::name].text : commission[column::partner_id].text;
    owner["email"] = partner ? text_or_null((*partner)[partner_column::email]) : nullptr;
    owner["image"] = partner ? text_or_null((*partner)[partner_column::image]) : nullptr;
    owner["payoutsEnabledAt"] = nullptr;
    owner["country"] = partner ? text_or_null((*partner)[partner_column::country]) : nullptr;
    owner["groupId"] = commission[column::group_id].text;
    into["partner"] = std::move(owner);

    std::optional<stored_row> customer;
    if (sdk::outcome done =
            find_customer_by_id(context.store, commission[column::customer_id].text, customer);
        !done)
        return done;
    into["customer"] = nullptr;
    if (customer) {
        json::object buyer;
        if (sdk::outcome done = customer_view(context, *customer, false, buyer); !done)
            return done;
        into["customer"] = std::move(buyer);
    }
    if (!detailed)
        return {};
    into["rewardId"] = commission[column::term_id].text;
    into["ruleHash"] = commission[column::rule_hash].text;
    boost::system::error_code failed;
    json::value rule = json::parse(commission[column::rule].text, failed);
    into["rule"] = failed ? json::value(nullptr) : std::move(rule);
    json::value inputs = json::parse(commission[column::inputs].text, failed);
    into["inputs"] = failed ? json::value(nullptr) : std::move(inputs);
    return {};
}

sdk::outcome partner_view(route_context& context, const stored_row& partner, json::object& into) {
    namespace column = partner_column;
    json::array links;
    link_totals sums;
    if (sdk::outcome done = partner_links(context, partner[column::id].text, links, sums); !done)
        return done;
    std::optional<stored_row> earned;
    if (sdk::outcome done = find_row(context.store,
                                     "SELECT CAST(SUM(earnings) AS BIGINT) FROM attribution_commission"
                                     " WHERE workspace_id = $1 AND environment = $2 AND partner_id = $3"
                                     " AND status IN ('pending', 'processed', 'paid')",
                                     {cell(std::string_view(partner[column::id].text))}, earned);
        !done)
        return done;
    const std::int64_t commissions = earned ? (*earned)[0].integer : 0;
    into["id"] = partner[column::id].text;
    into["partnerId"] = partner[column::id].text;
    into["name"] = partner[column::name].text;
    into["username"] = text_or_null(partner[column::username]);
    into["email"] = partner[column::email].text;
    into["image"] = text_or_null(partner[column::image]);
    into["country"] = text_or_null(partner[column::country]);
    into["tenantId"] = text_or_null(partner[column::tenant_id]);
    into["description"] = text_or_null(partner[column::description]);
    into["groupId"] = partner[column::group_id].text;
    into["programId"] = context.program_id();
    into["networkStatus"] = "approved";
    into["status"] = partner[column::status].text;
    into["createdAt"] = iso_utc(partner[column::created_at].integer);
    null_members(into, {"companyName", "defaultPayoutMethod", "paypalEmail", "stripeConnectId",
                        "payoutsEnabledAt", "identityVerifiedAt"});
    into["links"] = std::move(links);
    into["totalClicks"] = sums.clicks;
    into["totalLeads"] = sums.leads;
    into["totalConversions"] = sums.conversions;
    into["totalSales"] = sums.sales;
    into["totalSaleAmount"] = sums.sale_amount;
    into["totalCommissions"] = commissions;
    into["netRevenue"] = sums.sale_amount - commissions;
    return {};
}

} // namespace tributary::attribution

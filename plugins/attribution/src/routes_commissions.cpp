#include <boost/json.hpp>

#include "calendar.hpp"
#include "commission_commands.hpp"
#include "views.hpp"

namespace tributary::attribution {
namespace json = boost::json;
namespace {

std::optional<api_error> read_filters(const query_parameters& query, listing& what) {
    for (const auto& [parameter, column] :
         {std::pair{"partnerId", "partner_id"}, std::pair{"customerId", "customer_id"},
          std::pair{"payoutId", "payout_id"}, std::pair{"invoiceId", "invoice_id"},
          std::pair{"status", "status"}, std::pair{"type", "type"}, std::pair{"groupId", "group_id"}})
        if (auto value = query.find(parameter))
            what.equal.emplace_back(column, std::move(*value));
    for (const auto& [parameter, bound] :
         {std::pair{"start", &what.created_from_ms}, std::pair{"end", &what.created_before_ms}})
        if (const auto value = query.find(parameter)) {
            *bound = parse_iso_utc(*value);
            if (!*bound)
                return unprocessable("invalid_date", parameter, "Invalid input: expected an ISO 8601 date");
        }
    const auto sort = query.find("sortBy");
    if (sort && *sort != "createdAt" && *sort != "amount")
        return unprocessable("invalid_value", "sortBy",
                             "Invalid option: expected one of \"createdAt\"|\"amount\"");
    if (sort && *sort == "amount")
        what.order_column = "amount";
    if (const auto interval = query.find("interval"); interval && *interval != "all")
        return unprocessable("invalid_value", "interval", "only all is supported; use start and end");
    return std::nullopt;
}

/// Turns tenantId into partnerId, as far as there is a need to. An unknown tenant is a refusal.
sdk::outcome resolve_tenant(route_context& context, listing& what, std::optional<api_error>& refusal) {
    const auto tenant = context.query.find("tenantId");
    if (!tenant || context.query.find("partnerId"))
        return {};
    std::optional<stored_row> partner;
    sdk::outcome done =
        find_row(context.store,
                 "SELECT id FROM attribution_partner WHERE workspace_id = $1 AND environment = $2"
                 " AND tenant_id = $3",
                 {sdk::cell(std::string_view(*tenant))}, partner);
    if (done && !partner)
        refusal = missing("Partner with specified tenantId " + *tenant + " not found.");
    else if (done)
        what.equal.emplace_back("partner_id", (*partner)[0].text);
    return done;
}

std::optional<api_error> check_mark(const stored_row& commission, std::string_view status) {
    namespace column = commission_column;
    const std::string& now = commission[column::status].text;
    const std::string& id = commission[column::id].text;
    if (now == "paid")
        return bad_request("Cannot update commission " + id + ": it has already been paid.");
    if (now == status)
        return bad_request("Commission " + id + " is already " + now + ".");
    if (status == "pending" && now == "hold" && commission[column::reason].text != "needs_approval")
        return bad_request("Commission " + id + " is on hold (" + commission[column::reason].text +
                           "); it is released when its reason is gone.");
    return std::nullopt;
}

} // namespace

sdk::outcome list_commissions(route_context& context) {
    page_request page;
    listing what{.table = "attribution_commission",
                 .columns = commission_column::list,
                 .id_column = "row_id",
                 .order_column = "created_at",
                 .equal = {},
                 .created_from_ms = {},
                 .created_before_ms = {}};
    if (const auto wrong = read_page(context.query, page))
        return refuse(context.answer, *wrong);
    if (const auto wrong = read_filters(context.query, what))
        return refuse(context.answer, *wrong);
    std::optional<api_error> refusal;
    if (sdk::outcome done = resolve_tenant(context, what, refusal); !done)
        return done;
    if (refusal)
        return refuse(context.answer, *refusal);
    return answer_listing(context, what, [&](const stored_row& row, json::object& shown) {
        return commission_view(context, row, false, shown);
    });
}

sdk::outcome get_commission(route_context& context) {
    const std::string_view id = path_parameter(context.call, "id");
    std::optional<stored_row> row;
    if (sdk::outcome done = find_commission_by_id(context.store, id, row); !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Commission " + std::string(id) + " not found."));
    json::object commission;
    sdk::outcome done = commission_view(context, *row, true, commission);
    return done ? answer_json(context.answer, 200, commission) : done;
}

sdk::outcome patch_commission(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    const auto status = body.word("status", {"pending", "refunded", "duplicate", "canceled", "fraud"});
    for (const std::string_view name :
         {"earnings", "saleAmount", "modifySaleAmount", "amount", "modifyAmount"})
        if (body.has(name))
            body.fail(
                unprocessable("custom", name,
                              "amounts follow from the payment and the reward; they cannot be set by hand"));
    if (!body.failure() && !status)
        body.fail(unprocessable("invalid_type", "status", "status is required."));
    if (body.failure())
        return refuse(context.answer, *body.failure());
    const std::string_view id = path_parameter(context.call, "id");
    std::optional<stored_row> row;
    if (sdk::outcome done = find_commission_by_id(context.store, id, row); !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Commission " + std::string(id) + " not found."));
    if (const auto wrong = check_mark(*row, *status))
        return refuse(context.answer, *wrong);
    if (sdk::outcome done = command_commission(context, *row, action::mark, {{"status", *status}}); !done)
        return done;
    if (sdk::outcome done = context.facts.settle(); !done)
        return done;
    return get_commission(context);
}

} // namespace tributary::attribution

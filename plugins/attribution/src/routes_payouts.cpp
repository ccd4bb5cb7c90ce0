#include <boost/json.hpp>

#include <algorithm>

#include "calendar.hpp"
#include "commission_commands.hpp"
#include "money.hpp"
#include "program_settings.hpp"
#include "views.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace json = boost::json;
namespace {

using sdk::cell;

/// How many commissions one call settles; the next call takes the rest.
constexpr std::int64_t rows_max = 1000;

constexpr std::string_view payout_columns =
    "id, partner_id, currency, status, description, period_start, period_end, created_at, paid_at";

struct payout_request {
    std::string partner_id;
    std::vector<std::string> commission_ids;
    std::string payout_id; ///< Of an earlier payout that is paid now.
    bool paid = false;
    std::optional<std::string> description;
};

payout_request read_payout(body_reader& body) {
    payout_request wanted;
    wanted.partner_id = body.text("partnerId", {.min = 1}).value_or("");
    wanted.commission_ids = body.texts("commissionIds", 100);
    wanted.payout_id = body.text("payoutId", {.min = 1}).value_or("");
    wanted.paid = body.boolean("paid").value_or(false);
    wanted.description = body.text("description", {.max = 190});
    const int ways = (wanted.partner_id.empty() ? 0 : 1) + (wanted.commission_ids.empty() ? 0 : 1) +
                     (wanted.payout_id.empty() ? 0 : 1);
    if (ways != 1)
        body.fail(unprocessable("custom", "partnerId",
                                "exactly one of partnerId, commissionIds, payoutId is required"));
    if (!wanted.payout_id.empty() && !wanted.paid)
        body.fail(unprocessable("custom", "paid", "must be true with payoutId: the payout exists already"));
    return wanted;
}

std::string select_commissions(std::string_view where) {
    return "SELECT " + std::string(commission_column::list) +
           " FROM attribution_commission WHERE workspace_id = $1 AND environment = $2" + std::string(where);
}

/// What a partner is owed and has waited long enough. What takes money back does not wait.
sdk::outcome select_balance(route_context& context, const std::string& partner_id,
                            std::vector<stored_row>& rows) {
    program_settings program;
    if (sdk::outcome done = find_program(context, program); !done)
        return done;
    return context.store.query(
        select_commissions(
            " AND partner_id = $3 AND status = 'pending' AND (created_at <= $4 OR earnings < 0)"
            " ORDER BY created_at, row_id LIMIT $5"),
        std::vector{context.store.workspace(), context.store.environment(),
                    cell(std::string_view(partner_id)),
                    cell(context.now_ms() - program.holding_days * day_ms), cell(rows_max)},
        [&](sdk::cells row) { rows.push_back(copy_row(row)); });
}

sdk::outcome select_by_ids(route_context& context, const std::vector<std::string>& ids,
                           std::vector<stored_row>& rows, std::optional<api_error>& refusal) {
    for (const std::string& id : ids) {
        std::optional<stored_row> row;
        if (sdk::outcome done = find_commission_by_id(context.store, id, row); !done)
            return done;
        if (!row) {
            refusal = missing("Commission " + id + " not found.");
            return {};
        }
        const std::string& status = (*row)[commission_column::status].text;
        if (status != "pending") {
            refusal =
                bad_request("Commission " + id + " is " + status + ": only pending ones go into a payout.");
            return {};
        }
        rows.push_back(std::move(*row));
    }
    return {};
}

sdk::outcome select_processed(route_context& context, const std::string& payout_id,
                              std::vector<stored_row>& rows) {
    return context.store.query(
        select_commissions(
            " AND payout_id = $3 AND status = 'processed' ORDER BY created_at, row_id LIMIT $4"),
        std::vector{context.store.workspace(), context.store.environment(), cell(std::string_view(payout_id)),
                    cell(rows_max)},
        [&](sdk::cells row) { rows.push_back(copy_row(row)); });
}

/// One payout is money for one partner in one currency, and more than nothing.
std::optional<api_error> check(const std::vector<stored_row>& rows) {
    namespace column = commission_column;
    if (rows.empty())
        return bad_request("Nothing to pay out: there is no pending commission that has waited long enough.");
    wide sum = 0;
    for (const stored_row& row : rows) {
        if (row[column::partner_id].text != rows.front()[column::partner_id].text)
            return unprocessable("custom", "commissionIds", "the commissions belong to different partners");
        if (row[column::currency].text != rows.front()[column::currency].text)
            return unprocessable("custom", "commissionIds", "the commissions are in different currencies");
        sum += row[column::earnings].integer;
    }
    if (sum <= 0)
        return bad_request("Nothing to pay out: the balance is " +
                           std::to_string(static_cast<std::int64_t>(sum)) +
                           "; money that was taken back waits for later commissions.");
    return std::nullopt;
}

sdk::outcome insert_payout(route_context& context, const std::string& id, const payout_request& wanted,
                           const std::vector<stored_row>& rows) {
    namespace column = commission_column;
    const auto [first, last] =
        std::ranges::minmax(rows, {}, [](const stored_row& row) { return row[column::created_at].integer; });
    return context.store.execute(
        "INSERT INTO attribution_payout (workspace_id, environment, id, partner_id, currency, status, "
        "description,"
        " period_start, period_end, created_at, paid_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
        "$11)",
        std::vector{context.store.workspace(), context.store.environment(), cell(std::string_view(id)),
                    cell(std::string_view(rows.front()[column::partner_id].text)),
                    cell(std::string_view(rows.front()[column::currency].text)),
                    cell(std::string_view(wanted.paid ? "completed" : "pending")),
                    wanted.description ? cell(std::string_view(*wanted.description)) : cell(),
                    cell(first[column::created_at].integer), cell(last[column::created_at].integer),
                    cell(context.now_ms()), wanted.paid ? cell(context.now_ms()) : cell()});
}

sdk::outcome complete_payout(route_context& context, const std::string& id) {
    return context.store.execute("UPDATE attribution_payout SET status = 'completed', paid_at = $1"
                                 " WHERE workspace_id = $2 AND environment = $3 AND id = $4",
                                 std::vector{cell(context.now_ms()), context.store.workspace(),
                                             context.store.environment(), cell(std::string_view(id))});
}

sdk::outcome payout_view(route_context& context, const stored_row& row, json::object& into) {
    std::optional<stored_row> sum;
    if (sdk::outcome done =
            find_row(context.store,
                     "SELECT CAST(SUM(earnings) AS BIGINT), COUNT(*) FROM attribution_commission"
                     " WHERE workspace_id = $1 AND environment = $2 AND payout_id = $3"
                     " AND status IN ('processed', 'paid')",
                     {cell(std::string_view(row[0].text))}, sum);
        !done)
        return done;
    std::optional<stored_row> partner;
    if (sdk::outcome done = find_partner_by_id(context.store, row[1].text, partner); !done)
        return done;
    into["id"] = row[0].text;
    into["amount"] = sum ? (*sum)[0].integer : 0;
    into["commissions"] = sum ? (*sum)[1].integer : 0;
    into["currency"] = row[2].text;
    into["status"] = row[3].text;
    into["description"] = text_or_null(row[4]);
    into["periodStart"] = time_or_null(row[5]);
    into["periodEnd"] = time_or_null(row[6]);
    into["createdAt"] = iso_utc(row[7].integer);
    into["updatedAt"] = iso_utc(row[8].is_null() ? row[7].integer : row[8].integer);
    into["initiatedAt"] = iso_utc(row[7].integer);
    into["paidAt"] = time_or_null(row[8]);
    into["mode"] = "external";
    for (const std::string_view name : {"invoiceId", "failureReason", "method", "traceId", "user"})
        into[json_text(name)] = nullptr;
    json::object owner;
    owner["id"] = row[1].text;
    owner["name"] = partner ? (*partner)[partner_column::name].text : row[1].text;
    owner["email"] = partner ? text_or_null((*partner)[partner_column::email]) : nullptr;
    owner["image"] = partner ? text_or_null((*partner)[partner_column::image]) : nullptr;
    owner["defaultPayoutMethod"] = nullptr;
    owner["payoutsEnabledAt"] = nullptr;
    owner["country"] = partner ? text_or_null((*partner)[partner_column::country]) : nullptr;
    owner["groupId"] = partner ? text_or_null((*partner)[partner_column::group_id]) : nullptr;
    owner["tenantId"] = partner ? text_or_null((*partner)[partner_column::tenant_id]) : nullptr;
    into["partner"] = std::move(owner);
    return {};
}

sdk::outcome answer_payout(route_context& context, std::int32_t status, const std::string& id) {
    std::optional<stored_row> row;
    if (sdk::outcome done =
            find_row(context.store,
                     "SELECT " + std::string(payout_columns) +
                         " FROM attribution_payout WHERE workspace_id = $1 AND environment = $2"
                         " AND id = $3",
                     {cell(std::string_view(id))}, row);
        !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Payout " + id + " not found."));
    json::object payout;
    sdk::outcome done = payout_view(context, *row, payout);
    return done ? answer_json(context.answer, status, payout) : done;
}

sdk::outcome select_rows(route_context& context, const payout_request& wanted, std::vector<stored_row>& rows,
                         std::optional<api_error>& refusal) {
    if (!wanted.commission_ids.empty())
        return select_by_ids(context, wanted.commission_ids, rows, refusal);
    return wanted.payout_id.empty() ? select_balance(context, wanted.partner_id, rows)
                                    : select_processed(context, wanted.payout_id, rows);
}

} // namespace

sdk::outcome create_payout(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    const payout_request wanted = read_payout(body);
    if (body.failure())
        return refuse(context.answer, *body.failure());
    std::vector<stored_row> rows;
    std::optional<api_error> refusal;
    if (sdk::outcome done = select_rows(context, wanted, rows, refusal); !done)
        return done;
    if (!refusal)
        refusal = check(rows);
    if (refusal)
        return refuse(context.answer, *refusal);
    const std::string id = wanted.payout_id.empty() ? context.store.make_id("po_") : wanted.payout_id;
    if (sdk::outcome done = wanted.payout_id.empty() ? insert_payout(context, id, wanted, rows)
                                                     : complete_payout(context, id);
        !done)
        return done;
    for (const stored_row& row : rows)
        if (sdk::outcome done = command_commission(context, row, wanted.paid ? action::pay : action::process,
                                                   {{"payout", id}});
            !done)
            return done;
    if (sdk::outcome done = context.facts.settle(); !done)
        return done;
    return answer_payout(context, 201, id);
}

sdk::outcome list_payouts(route_context& context) {
    listing what{.table = "attribution_payout",
                 .columns = payout_columns,
                 .id_column = "id",
                 .order_column = "created_at",
                 .equal = {},
                 .created_from_ms = {},
                 .created_before_ms = {}};
    read_equalities(context.query, {{"partnerId", "partner_id"}, {"status", "status"}}, what);
    return answer_listing(context, what, [&](const stored_row& row, json::object& shown) {
        return payout_view(context, row, shown);
    });
}

} // namespace tributary::attribution

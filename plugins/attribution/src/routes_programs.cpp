#include <boost/json.hpp>

#include "calendar.hpp"
#include "effective_from.hpp"
#include "money.hpp"
#include "program_settings.hpp"
#include "views.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace json = boost::json;
namespace {

using sdk::cell;

constexpr std::string_view terms_columns = "id, group_id, event, type, amount_minor, rate_bps, currency, "
                                           "max_duration_months, effective_from, effective_to,"
                                           " description, created_at";

json::object terms_view(const stored_row& row) {
    json::object reward;
    reward["id"] = row[0].text;
    reward["groupId"] = row[1].text;
    reward["event"] = row[2].text;
    reward["type"] = row[3].text;
    reward["amountInCents"] = row[3].text == "flat" ? json::value(row[4].integer) : json::value(nullptr);
    reward["rateBps"] = row[3].text == "flat" ? json::value(nullptr) : json::value(row[5].integer);
    reward["currency"] = lower(row[6].text);
    reward["maxDuration"] = row[7].is_null() ? json::value(nullptr) : json::value(row[7].integer);
    reward["effectiveFrom"] = iso_utc(row[8].integer);
    reward["effectiveTo"] = time_or_null(row[9]);
    reward["description"] = text_or_null(row[10]);
    reward["createdAt"] = iso_utc(row[11].integer);
    return reward;
}

struct terms_fields {
    reward_terms terms;
    std::optional<std::string> description;
};

/// Reads a reward. Percentages are whole basis points: a share of money is never a floating-point number
/// here.
terms_fields read_terms(body_reader& body, std::int64_t now_ms, std::string_view program_currency) {
    constexpr std::int64_t amount_max = 99'999'999;
    terms_fields fields;
    reward_terms& terms = fields.terms;
    terms.group_id = body.text("groupId", {.min = 1, .max = 100}).value_or(std::string(default_group_id));
    const std::string event = body.word("event", {"sale", "lead"}, true).value_or("sale");
    const std::string type = body.word("type", {"flat", "percentage"}, true).value_or("flat");
    terms.event = event == "lead" ? reward_event::lead : reward_event::sale;
    terms.type = type == "flat" ? reward_type::flat : reward_type::percentage;
    if (terms.event == reward_event::lead && terms.type == reward_type::percentage)
        body.fail(bad_request("A lead reward must be flat: there is no amount to take a percentage of."));
    if (terms.type == reward_type::flat)
        terms.amount_minor = body.integer("amountInCents", 0, amount_max, true).value_or(0);
    else
        terms.rate_bps = body.integer("rateBps", 0, 10'000, true).value_or(0);
    if (body.has(terms.type == reward_type::flat ? "rateBps" : "amountInCents"))
        body.fail(unprocessable("custom", "type", "a reward has an amount or a rate, not both"));
    terms.currency =
        upper(body.text("currency", {.min = 3, .max = 3}).value_or(std::string(program_currency)));
    if (terms.currency != program_currency)
        body.fail(unprocessable("custom", "currency", "must be the programme's currency"));
    terms.max_duration_months = body.integer("maxDuration", 0, 600);
    if (terms.event == reward_event::lead)
        terms.max_duration_months = 0;
    terms.effective_from_ms = read_effective_from(body, now_ms);
    terms.effective_to_ms = body.time("effectiveTo");
    if (terms.effective_to_ms && *terms.effective_to_ms <= terms.effective_from_ms)
        body.fail(unprocessable("custom", "effectiveTo", "must be after effectiveFrom"));
    fields.description = body.text("description", {.max = 100});
    return fields;
}

sdk::outcome insert_terms(route_context& context, const terms_fields& fields) {
    const reward_terms& terms = fields.terms;
    return context.store.execute(
        "INSERT INTO attribution_terms (workspace_id, environment, id, group_id, event, type, amount_minor, "
        "rate_bps,"
        " currency, max_duration_months, effective_from, effective_to, description, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        std::vector{context.store.workspace(), context.store.environment(), cell(std::string_view(terms.id)),
                    cell(std::string_view(terms.group_id)),
                    cell(std::string_view(terms.event == reward_event::lead ? "lead" : "sale")),
                    cell(std::string_view(terms.type == reward_type::flat ? "flat" : "percentage")),
                    cell(terms.amount_minor), cell(terms.rate_bps), cell(std::string_view(terms.currency)),
                    terms.max_duration_months ? cell(*terms.max_duration_months) : cell(),
                    cell(terms.effective_from_ms),
                    terms.effective_to_ms ? cell(*terms.effective_to_ms) : cell(),
                    fields.description ? cell(std::string_view(*fields.description)) : cell(),
                    cell(context.now_ms())});
}

json::object program_view(const route_context& context, const program_settings& program) {
    json::object view;
    view["id"] = context.program_id();
    view["name"] = program.name;
    view["currency"] = lower(program.currency);
    view["holdingPeriodDays"] = program.holding_days;
    view["attributeEarlierSales"] = program.earlier_sales;
    view["createdAt"] = iso_utc(program.created_at_ms);
    view["updatedAt"] = iso_utc(program.updated_at_ms);
    return view;
}

/// Any commission or reward at all? Read as an index range, not as the whole workspace.
sdk::outcome has_money(route_context& context, bool& found) {
    std::optional<stored_row> row;
    sdk::outcome done = find_row(context.store,
                                 "SELECT row_id FROM attribution_commission WHERE workspace_id = $1"
                                 " AND environment = $2 AND created_at > $3 ORDER BY created_at LIMIT 1",
                                 {cell(INT64_MIN)}, row);
    if (done && !row)
        done = find_row(context.store,
                        "SELECT id FROM attribution_terms WHERE workspace_id = $1 AND environment = $2"
                        " AND created_at > $3 ORDER BY created_at LIMIT 1",
                        {cell(INT64_MIN)}, row);
    found = row.has_value();
    return done;
}

} // namespace

sdk::outcome find_program(route_context& context, program_settings& program) {
    std::optional<stored_row> row;
    if (sdk::outcome done =
            find_row(context.store,
                     "SELECT name, currency, holding_days, earlier_sales, created_at, updated_at"
                     " FROM attribution_program WHERE workspace_id = $1 AND environment = $2"
                     " AND id = $3",
                     {cell(std::string_view(""))}, row);
        !done)
        return done;
    if (row)
        program = {(*row)[0].text,         (*row)[1].text,    (*row)[2].integer,
                   (*row)[3].integer != 0, (*row)[4].integer, (*row)[5].integer};
    return {};
}

sdk::outcome create_group(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    const auto name = body.text("name", {.min = 1, .max = 100, .required = true, .trim = true});
    const auto wanted = body.text("slug", {.min = 1, .max = 100});
    if (body.failure())
        return refuse(context.answer, *body.failure());
    const std::string id = context.store.make_id("grp_");
    const std::string word = slug(wanted.value_or(*name));
    if (word.empty() || word == default_group_id)
        return refuse(context.answer, conflict("The group \"default\" exists already."));
    const sdk::outcome inserted = context.store.execute(
        "INSERT INTO attribution_group (workspace_id, environment, id, name, slug, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        std::vector{context.store.workspace(), context.store.environment(), cell(std::string_view(id)),
                    cell(std::string_view(*name)), cell(std::string_view(word)), cell(context.now_ms())});
    if (inserted.status() == TRB_CONFLICT)
        return refuse(context.answer, conflict("A group with the slug \"" + word + "\" exists already."));
    if (!inserted)
        return inserted;
    return answer_json(
        context.answer, 201,
        json::object{{"id", id}, {"name", *name}, {"slug", word}, {"createdAt", iso_utc(context.now_ms())}});
}

sdk::outcome list_groups(route_context& context) {
    const listing what{.table = "attribution_group",
                       .columns = "id, name, slug, created_at",
                       .id_column = "id",
                       .order_column = "created_at",
                       .equal = {},
                       .created_from_ms = {},
                       .created_before_ms = {}};
    return answer_listing(context, what, [](const stored_row& row, json::object& shown) {
        shown = {{"id", row[0].text},
                 {"name", row[1].text},
                 {"slug", row[2].text},
                 {"createdAt", iso_utc(row[3].integer)}};
        return sdk::outcome();
    });
}

sdk::outcome create_reward(route_context& context) {
    program_settings program;
    if (sdk::outcome done = find_program(context, program); !done)
        return done;
    body_reader body(sdk::view(context.call.body));
    terms_fields fields = read_terms(body, context.now_ms(), program.currency);
    if (body.failure())
        return refuse(context.answer, *body.failure());
    if (fields.terms.group_id != default_group_id) {
        std::optional<stored_row> group;
        if (sdk::outcome done = find_row(context.store,
                                         "SELECT id FROM attribution_group WHERE workspace_id = $1"
                                         " AND environment = $2 AND id = $3",
                                         {cell(std::string_view(fields.terms.group_id))}, group);
            !done)
            return done;
        if (!group)
            return refuse(context.answer, missing("Group " + fields.terms.group_id + " not found."));
    }
    fields.terms.id = context.store.make_id("rw_");
    if (sdk::outcome done = insert_terms(context, fields); !done)
        return done;
    context.store.changed("terms", fields.terms.group_id, fields.terms.effective_from_ms);
    std::optional<stored_row> row;
    if (sdk::outcome done =
            find_row(context.store,
                     "SELECT " + std::string(terms_columns) +
                         " FROM attribution_terms WHERE workspace_id = $1 AND environment = $2"
                         " AND id = $3",
                     {cell(std::string_view(fields.terms.id))}, row);
        !done)
        return done;
    return row ? answer_json(context.answer, 201, terms_view(*row))
               : sdk::internal("the reward just made is gone");
}

sdk::outcome list_rewards(route_context& context) {
    listing what{.table = "attribution_terms",
                 .columns = terms_columns,
                 .id_column = "id",
                 .order_column = "created_at",
                 .equal = {},
                 .created_from_ms = {},
                 .created_before_ms = {}};
    read_equalities(context.query, {{"groupId", "group_id"}, {"event", "event"}}, what);
    return answer_listing(context, what, [](const stored_row& row, json::object& shown) {
        shown = terms_view(row);
        return sdk::outcome();
    });
}

sdk::outcome get_programs(route_context& context) {
    program_settings program;
    if (sdk::outcome done = find_program(context, program); !done)
        return done;
    return answer_json(context.answer, 200, json::array{program_view(context, program)});
}

sdk::outcome patch_program(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    const auto name = body.text("name", {.min = 1, .max = 100, .trim = true});
    const auto currency = body.text("currency", {.min = 3, .max = 3});
    const auto holding_days = body.integer("holdingPeriodDays", 0, 365);
    const auto earlier_sales = body.boolean("attributeEarlierSales");
    if (currency && upper(*currency).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
        body.fail(unprocessable("custom", "currency", "expected an ISO 4217 code"));
    if (body.failure())
        return refuse(context.answer, *body.failure());
    program_settings program;
    if (sdk::outcome done = find_program(context, program); !done)
        return done;
    if (currency && upper(*currency) != program.currency) {
        bool money = false;
        if (sdk::outcome done = has_money(context, money); !done)
            return done;
        if (money)
            return refuse(context.answer, conflict("The currency cannot change any more: there are rewards or"
                                                   " commissions in " +
                                                   program.currency + "."));
        program.currency = upper(*currency);
    }
    program.name = name.value_or(program.name);
    program.holding_days = holding_days.value_or(program.holding_days);
    program.earlier_sales = earlier_sales.value_or(program.earlier_sales);
    program.created_at_ms = program.created_at_ms == 0 ? context.now_ms() : program.created_at_ms;
    program.updated_at_ms = context.now_ms();
    if (sdk::outcome done = context.store.execute(
            "INSERT INTO attribution_program (workspace_id, environment, id, name, currency, holding_days,"
            " earlier_sales, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            " ON CONFLICT (workspace_id, environment, id) DO UPDATE SET name = excluded.name,"
            " currency = excluded.currency, holding_days = excluded.holding_days,"
            " earlier_sales = excluded.earlier_sales, updated_at = excluded.updated_at",
            std::vector{context.store.workspace(), context.store.environment(), cell(std::string_view("")),
                        cell(std::string_view(program.name)), cell(std::string_view(program.currency)),
                        cell(program.holding_days), cell(program.earlier_sales ? 1 : 0),
                        cell(program.created_at_ms), cell(program.updated_at_ms)});
        !done)
        return done;
    context.store.changed("program", "");
    return answer_json(context.answer, 200, program_view(context, program));
}

} // namespace tributary::attribution

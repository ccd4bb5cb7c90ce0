#include <boost/json.hpp>

#include "calendar.hpp"
#include "catalogue.hpp"
#include "effective_from.hpp"
#include "views.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace json = boost::json;
namespace {

using sdk::cell;

struct partner_fields {
    std::string id, email, name, group_id;
    std::optional<std::string> username, image, country, tenant_id, description;
};

trb_cell maybe(const std::optional<std::string>& text) {
    return text && !text->empty() ? cell(std::string_view(*text)) : cell();
}

sdk::outcome find_group(route_context& context, std::string_view id, bool& found) {
    found = id == default_group_id;
    if (found)
        return {};
    std::optional<stored_row> row;
    sdk::outcome done =
        find_row(context.store,
                 "SELECT id FROM attribution_group WHERE workspace_id = $1 AND environment = $2"
                 " AND id = $3",
                 {cell(id)}, row);
    found = row.has_value();
    return done;
}

sdk::outcome insert_partner(route_context& context, const partner_fields& fields) {
    return context.store.execute(
        "INSERT INTO attribution_partner (workspace_id, environment, id, email, name, username, image, "
        "country,"
        " tenant_id, description, group_id, status, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'approved', $12)",
        std::vector{context.store.workspace(), context.store.environment(), cell(std::string_view(fields.id)),
                    cell(std::string_view(fields.email)), cell(std::string_view(fields.name)),
                    maybe(fields.username), maybe(fields.image), maybe(fields.country),
                    maybe(fields.tenant_id), maybe(fields.description),
                    cell(std::string_view(fields.group_id)), cell(context.now_ms())});
}

sdk::outcome insert_membership(route_context& context, std::string_view partner_id, std::string_view group_id,
                               std::int64_t from_ms) {
    sdk::outcome done = context.store.execute(
        "INSERT INTO attribution_membership (workspace_id, environment, partner_id, effective_from, group_id,"
        " created_at) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (workspace_id, environment, partner_id, effective_from)"
        " DO UPDATE SET group_id = excluded.group_id",
        std::vector{context.store.workspace(), context.store.environment(), cell(partner_id), cell(from_ms),
                    cell(group_id), cell(context.now_ms())});
    if (done)
        context.store.changed("membership", partner_id, from_ms);
    return done;
}

sdk::outcome answer_partner(route_context& context, std::int32_t status, std::string_view id) {
    std::optional<stored_row> row;
    if (sdk::outcome done = find_partner_by_id(context.store, id, row); !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Partner not found."));
    json::object partner;
    sdk::outcome done = partner_view(context, *row, partner);
    return done ? answer_json(context.answer, status, partner) : done;
}

partner_fields read_partner(body_reader& body) {
    partner_fields fields;
    fields.email = body.email("email", 190, true).value_or("");
    fields.name = body.text("name", {.max = 100, .trim = true}).value_or("");
    fields.username = body.text("username", {.max = 100, .trim = true});
    fields.image = body.text("image", {.max = 2'000});
    fields.country = body.text("country", {.min = 2, .max = 2});
    fields.tenant_id = body.text("tenantId", {.min = 1, .max = 255});
    fields.description = body.text("description", {.max = 5'000});
    fields.group_id = body.text("groupId", {.min = 1, .max = 100}).value_or(std::string(default_group_id));
    if (body.has("linkProps"))
        body.fail(unprocessable("custom", "linkProps",
                                "create the partner's links with POST /links and partnerId"));
    if (fields.name.empty())
        fields.name = fields.email;
    if (fields.country)
        fields.country = upper(*fields.country);
    return fields;
}

} // namespace

sdk::outcome create_partner(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    partner_fields fields = read_partner(body);
    if (body.failure())
        return refuse(context.answer, *body.failure());
    // A partner who is known already is answered, not doubled.
    std::optional<stored_row> known;
    if (sdk::outcome done =
            find_row(context.store,
                     "SELECT id FROM attribution_partner WHERE workspace_id = $1 AND environment = $2"
                     " AND email = $3",
                     {cell(std::string_view(fields.email))}, known);
        !done)
        return done;
    if (known)
        return answer_partner(context, 201, (*known)[0].text);
    bool group_exists = false;
    if (sdk::outcome done = find_group(context, fields.group_id, group_exists); !done)
        return done;
    if (!group_exists)
        return refuse(context.answer, missing("Group " + fields.group_id + " not found."));
    fields.id = context.store.make_id("pn_");
    const sdk::outcome inserted = insert_partner(context, fields);
    if (inserted.status() == TRB_CONFLICT)
        return refuse(context.answer, conflict("A partner with this tenantId already exists."));
    if (!inserted)
        return inserted;
    context.store.changed("partner", fields.id);
    if (fields.group_id != default_group_id)
        if (sdk::outcome done = insert_membership(context, fields.id, fields.group_id, context.now_ms());
            !done)
            return done;
    return answer_partner(context, 201, fields.id);
}

sdk::outcome list_partners(route_context& context) {
    listing what{.table = "attribution_partner",
                 .columns = partner_column::list,
                 .id_column = "id",
                 .order_column = "created_at",
                 .equal = {},
                 .created_from_ms = {},
                 .created_before_ms = {}};
    read_equalities(context.query,
                    {{"email", "email"},
                     {"tenantId", "tenant_id"},
                     {"groupId", "group_id"},
                     {"status", "status"},
                     {"country", "country"}},
                    what);
    return answer_listing(context, what, [&](const stored_row& row, json::object& shown) {
        return partner_view(context, row, shown);
    });
}

sdk::outcome patch_partner(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    const auto group_id = body.text("groupId", {.min = 1, .max = 100, .required = true});
    const std::int64_t from_ms = read_effective_from(body, context.now_ms());
    if (body.failure())
        return refuse(context.answer, *body.failure());
    const std::string id(path_parameter(context.call, "id"));
    std::optional<stored_row> row;
    if (sdk::outcome done = find_partner_by_id(context.store, id, row); !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Partner not found."));
    bool group_exists = false;
    if (sdk::outcome done = find_group(context, *group_id, group_exists); !done)
        return done;
    if (!group_exists)
        return refuse(context.answer, missing("Group " + *group_id + " not found."));
    if (sdk::outcome done = insert_membership(context, id, *group_id, from_ms); !done)
        return done;
    if (sdk::outcome done =
            context.store.execute("UPDATE attribution_partner SET group_id = $1 WHERE workspace_id = $2 AND "
                                  "environment = $3 AND id = $4",
                                  std::vector{cell(std::string_view(*group_id)), context.store.workspace(),
                                              context.store.environment(), cell(std::string_view(id))});
        !done)
        return done;
    return answer_partner(context, 200, id);
}

} // namespace tributary::attribution

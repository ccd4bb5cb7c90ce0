#include <boost/json.hpp>

#include <algorithm>

#include "views.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace json = boost::json;
namespace {

using sdk::cell;

/// A link as a request describes it; what is absent keeps its default (or, when changing one, its value).
struct link_fields {
    std::optional<std::string> url, domain, key, external_id, tenant_id, partner_id, comments, expired_url;
    std::optional<bool> track_conversion, archived, disabled;
    std::optional<std::int64_t> expires_at;
    bool clears_expiry = false;
};

link_fields read_link(body_reader& body) {
    link_fields fields;
    fields.url = body.text("url", {.min = 0, .max = 32'000, .trim = true});
    fields.domain = body.text("domain", {.min = 1, .max = 190, .trim = true});
    fields.key = body.text("key", {.min = 0, .max = 190, .trim = true});
    fields.external_id = body.text("externalId", {.min = 1, .max = 255});
    fields.tenant_id = body.text("tenantId", {.min = 1, .max = 255});
    fields.partner_id = body.text("partnerId", {.min = 1, .max = 255});
    fields.comments = body.text("comments", {.min = 0, .max = 5'000});
    fields.expired_url = body.text("expiredUrl", {.min = 0, .max = 32'000, .trim = true});
    fields.track_conversion = body.boolean("trackConversion");
    fields.archived = body.boolean("archived");
    fields.disabled = body.boolean("disabled");
    fields.expires_at = body.time("expiresAt");
    for (const auto& [name, url] :
         {std::pair{"url", &fields.url}, std::pair{"expiredUrl", &fields.expired_url}})
        if (*url && !(*url)->empty() && !is_web_url(**url))
            body.fail(unprocessable("custom", name, "Invalid destination URL"));
    if (fields.external_id && fields.external_id->starts_with("ext_"))
        fields.external_id->erase(0, 4);
    return fields;
}

std::optional<api_error> check_key(std::string_view key) {
    const std::string small = lower(key);
    if (small.ends_with(".php") || small.ends_with(".php7") || small.starts_with(".well-known"))
        return unprocessable("custom", "key", "Invalid key: this kind of key is not supported.");
    const bool has_control = std::ranges::any_of(key, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '?' || c == '#' || c == '\\';
    });
    if (key.empty() || has_control || key.front() == '/' || key.back() == '/')
        return unprocessable("custom", "key",
                             "Invalid key: it must be a path without spaces, '?', '#' or outer '/'.");
    return std::nullopt;
}

/// Seven characters of a fresh id's random tail.
std::string random_key(const sdk::store& store) {
    const std::string id = store.make_id("");
    return lower(id.substr(id.size() - 7));
}

/// Checks the domain, or takes the workspace's only candidate when none is named.
sdk::outcome resolve_domain(route_context& context, link_fields& fields, std::optional<api_error>& refusal) {
    if (!fields.domain) {
        refusal = unprocessable("invalid_type", "domain", "domain is required.");
        return {};
    }
    fields.domain = bare_domain(*fields.domain);
    std::optional<stored_row> found;
    sdk::outcome done =
        find_row(context.store,
                 "SELECT domain FROM published_domain WHERE workspace_id = $1 AND environment = $2"
                 " AND domain = $3",
                 {cell(std::string_view(*fields.domain))}, found);
    if (done && !found)
        refusal = {403, "forbidden", "Domain does not belong to workspace."};
    return done;
}

sdk::outcome resolve_partner(route_context& context, link_fields& fields, std::optional<api_error>& refusal) {
    if (!fields.partner_id)
        return {};
    std::optional<stored_row> partner;
    sdk::outcome done = find_partner_by_id(context.store, *fields.partner_id, partner);
    if (!done)
        return done;
    if (!partner)
        refusal = missing("Partner " + *fields.partner_id + " not found.");
    else if (!fields.tenant_id && !(*partner)[partner_column::tenant_id].is_null())
        fields.tenant_id = (*partner)[partner_column::tenant_id].text;
    return {};
}

trb_cell maybe(const std::optional<std::string>& text) {
    return text && !text->empty() ? cell(std::string_view(*text)) : cell();
}

sdk::outcome insert_link(route_context& context, const link_fields& fields, const std::string& id) {
    const std::string key_lower = lower(*fields.key);
    const bool tracks = fields.track_conversion.value_or(fields.partner_id.has_value());
    return context.store.execute(
        "INSERT INTO attribution_link (workspace_id, environment, id, domain, link_key, key_lower, url, "
        "partner_id,"
        " tenant_id, external_id, track_conversion, archived, disabled_at, expires_at, expired_url, comments,"
        " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
        "$16,"
        " $17, $18)",
        std::vector{context.store.workspace(), context.store.environment(), cell(std::string_view(id)),
                    cell(std::string_view(*fields.domain)), cell(std::string_view(*fields.key)),
                    cell(std::string_view(key_lower)), cell(std::string_view(*fields.url)),
                    maybe(fields.partner_id), maybe(fields.tenant_id), maybe(fields.external_id),
                    cell(tracks ? 1 : 0), cell(fields.archived.value_or(false) ? 1 : 0),
                    fields.disabled.value_or(false) ? cell(context.now_ms()) : cell(),
                    fields.expires_at ? cell(*fields.expires_at) : cell(), maybe(fields.expired_url),
                    maybe(fields.comments), cell(context.now_ms()), cell(context.now_ms())});
}

sdk::outcome answer_link(route_context& context, std::string_view id) {
    std::optional<stored_row> row;
    if (sdk::outcome done = find_link_by_id(context.store, id, row); !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Link not found."));
    json::object link;
    sdk::outcome done = link_view(context, *row, link);
    return done ? answer_json(context.answer, 200, link) : done;
}

sdk::outcome find_by_external_id(route_context& context, std::string_view external_id,
                                 std::optional<stored_row>& row) {
    return find_row(
        context.store,
        "SELECT " + std::string(link_column::list) +
            " FROM attribution_link WHERE workspace_id = $1 AND environment = $2 AND external_id = $3",
        {cell(external_id)}, row);
}

sdk::outcome find_by_any_id(route_context& context, std::string_view id, std::optional<stored_row>& row) {
    return id.starts_with("ext_") ? find_by_external_id(context, id.substr(4), row)
                                  : find_link_by_id(context.store, id, row);
}

} // namespace

sdk::outcome create_link(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    link_fields fields = read_link(body);
    if (!body.failure() && (!fields.url || fields.url->empty()))
        body.fail(unprocessable("invalid_type", "url", "url is required."));
    if (body.failure())
        return refuse(context.answer, *body.failure());
    std::optional<api_error> refusal;
    if (sdk::outcome done = resolve_domain(context, fields, refusal); !done)
        return done;
    if (refusal)
        return refuse(context.answer, *refusal);
    if (sdk::outcome done = resolve_partner(context, fields, refusal); !done)
        return done;
    if (refusal)
        return refuse(context.answer, *refusal);
    if (!fields.key || fields.key->empty())
        fields.key = random_key(context.store);
    if (const auto wrong = check_key(*fields.key))
        return refuse(context.answer, *wrong);
    const std::string id = context.store.make_id("link_");
    const sdk::outcome inserted = insert_link(context, fields, id);
    if (inserted.status() == TRB_CONFLICT)
        return refuse(context.answer, conflict("Duplicate key: This short link already exists."));
    if (!inserted)
        return inserted;
    context.store.changed("link", id);
    return answer_link(context, id);
}

sdk::outcome list_links(route_context& context) {
    listing what{.table = "attribution_link",
                 .columns = link_column::list,
                 .id_column = "id",
                 .order_column = "created_at",
                 .equal = {},
                 .created_from_ms = {},
                 .created_before_ms = {}};
    read_equalities(context.query,
                    {{"domain", "domain"},
                     {"partnerId", "partner_id"},
                     {"tenantId", "tenant_id"},
                     {"externalId", "external_id"}},
                    what);
    return answer_listing(context, what, [&](const stored_row& row, json::object& shown) {
        return link_view(context, row, shown);
    });
}

sdk::outcome get_link_info(route_context& context) {
    std::optional<stored_row> row;
    sdk::outcome done;
    if (const auto id = context.query.find("linkId")) {
        done = find_by_any_id(context, *id, row);
    } else if (const auto external = context.query.find("externalId")) {
        done = find_by_external_id(context,
                                   external->starts_with("ext_") ? std::string_view(*external).substr(4)
                                                                 : std::string_view(*external),
                                   row);
    } else {
        const auto domain = context.query.find("domain");
        if (!domain)
            return refuse(context.answer,
                          bad_request("You must provide a linkId, an externalId, or a domain and key."));
        const std::string key = lower(context.query.find("key").value_or(std::string(root_key)));
        const std::string host = bare_domain(*domain);
        done = find_row(context.store,
                        "SELECT " + std::string(link_column::list) +
                            " FROM attribution_link WHERE workspace_id = $1 AND environment = $2"
                            " AND domain = $3 AND key_lower = $4",
                        {cell(std::string_view(host)), cell(std::string_view(key))}, row);
    }
    if (!done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Link not found."));
    json::object link;
    done = link_view(context, *row, link);
    return done ? answer_json(context.answer, 200, link) : done;
}

sdk::outcome get_link(route_context& context) {
    std::optional<stored_row> row;
    if (sdk::outcome done = find_by_any_id(context, path_parameter(context.call, "id"), row); !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Link not found."));
    return answer_link(context, (*row)[link_column::id].text);
}

sdk::outcome patch_link(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    const link_fields fields = read_link(body);
    for (const std::string_view fixed : {"domain", "key", "partnerId", "tenantId", "externalId"})
        if (body.has(fixed))
            body.fail(
                unprocessable("custom", fixed, "cannot be changed: clicks and commissions refer to it"));
    if (!body.failure() && fields.url && fields.url->empty())
        body.fail(unprocessable("custom", "url", "Invalid destination URL"));
    if (body.failure())
        return refuse(context.answer, *body.failure());
    std::optional<stored_row> row;
    if (sdk::outcome done = find_by_any_id(context, path_parameter(context.call, "id"), row); !done)
        return done;
    if (!row)
        return refuse(context.answer, missing("Link not found."));
    namespace column = link_column;
    const auto text = [](const std::optional<std::string>& said, const stored_cell& was) {
        return said ? maybe(said) : was.view();
    };
    const auto flag = [](const std::optional<bool>& said, const stored_cell& was) {
        return cell(said.value_or(was.integer != 0) ? 1 : 0);
    };
    trb_cell disabled = (*row)[column::disabled_at].view();
    if (fields.disabled)
        disabled = !*fields.disabled                       ? cell()
                   : (*row)[column::disabled_at].is_null() ? cell(context.now_ms())
                                                           : disabled;
    const std::string& id = (*row)[column::id].text;
    if (sdk::outcome done = context.store.execute(
            "UPDATE attribution_link SET url = $1, track_conversion = $2, archived = $3, disabled_at = $4,"
            " expires_at = $5, expired_url = $6, comments = $7, updated_at = $8"
            " WHERE workspace_id = $9 AND environment = $10 AND id = $11",
            std::vector{fields.url ? cell(std::string_view(*fields.url)) : (*row)[column::url].view(),
                        flag(fields.track_conversion, (*row)[column::track_conversion]),
                        flag(fields.archived, (*row)[column::archived]), disabled,
                        fields.expires_at ? cell(*fields.expires_at) : (*row)[column::expires_at].view(),
                        text(fields.expired_url, (*row)[column::expired_url]),
                        text(fields.comments, (*row)[column::comments]), cell(context.now_ms()),
                        context.store.workspace(), context.store.environment(), cell(std::string_view(id))});
        !done)
        return done;
    // No fold reads what can be changed here: nothing is folded again.
    return answer_link(context, id);
}

} // namespace tributary::attribution

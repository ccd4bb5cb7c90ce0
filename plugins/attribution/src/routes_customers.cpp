#include <boost/json.hpp>

#include "views.hpp"

namespace tributary::attribution {
namespace json = boost::json;

sdk::outcome list_customers(route_context& context) {
    if (const auto sort = context.query.find("sortBy"); sort && *sort != "createdAt")
        return refuse(context.answer,
                      unprocessable("invalid_value", "sortBy", "only createdAt is supported"));
    listing what{.table = "attribution_customer",
                 .columns = customer_column::list,
                 .id_column = "row_id",
                 .order_column = "created_at",
                 .equal = {},
                 .created_from_ms = {},
                 .created_before_ms = {}};
    read_equalities(context.query,
                    {{"email", "email"},
                     {"externalId", "external_id"},
                     {"linkId", "link_id"},
                     {"partnerId", "partner_id"},
                     {"country", "country"}},
                    what);
    const bool expanded = context.query.is_true("includeExpandedFields");
    return answer_listing(context, what, [&](const stored_row& row, json::object& shown) {
        return customer_view(context, row, expanded, shown);
    });
}

sdk::outcome get_customer(route_context& context) {
    const std::string_view id = path_parameter(context.call, "id");
    std::optional<stored_row> row;
    sdk::outcome done = id.starts_with("ext_")
                            ? find_customer_by_external_id(context.store, id.substr(4), row)
                            : find_customer_by_id(context.store, id, row);
    if (!done)
        return done;
    if (!row)
        return refuse(context.answer,
                      missing("Customer not found. Make sure you're using the correct customer ID"
                              " (e.g. `cus_3TagGjzRzmsFJdH8od2BNCsc`)."));
    json::object customer;
    done = customer_view(context, *row, context.query.is_true("includeExpandedFields"), customer);
    return done ? answer_json(context.answer, 200, customer) : done;
}

} // namespace tributary::attribution

#include <boost/json.hpp>

#include "views.hpp"

namespace tributary::attribution {
namespace json = boost::json;

sdk::outcome list_customers(route_context& context) {
    page_request page;
    if (const auto wrong = read_page(context.query, page))
        return refuse(context.answer, *wrong);
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
    for (const auto& [parameter, column] :
         {std::pair{"email", "email"}, std::pair{"externalId", "external_id"}, std::pair{"linkId", "link_id"},
          std::pair{"partnerId", "partner_id"}, std::pair{"country", "country"}})
        if (auto value = context.query.find(parameter))
            what.equal.emplace_back(column, std::move(*value));
    std::optional<api_error> refusal;
    std::vector<stored_row> rows;
    if (sdk::outcome done = run_listing(context.store, what, page, refusal,
                                        [&](sdk::cells row) { rows.push_back(copy_row(row)); });
        !done)
        return done;
    if (refusal)
        return refuse(context.answer, *refusal);
    json::array list;
    for (const stored_row& row : rows) {
        json::object customer;
        if (sdk::outcome done =
                customer_view(context, row, context.query.is_true("includeExpandedFields"), customer);
            !done)
            return done;
        list.push_back(std::move(customer));
    }
    return answer_json(context.answer, 200, list);
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

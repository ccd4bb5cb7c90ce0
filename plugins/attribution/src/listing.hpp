#pragma once

#include <tributary/sdk/plugin.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request.hpp"

namespace tributary::attribution {

struct route_context;

/// A list of rows in the order of a column that an index keeps, page by page.
///
/// Every statement has a bound on the order column, so that an index range answers it and never the whole
/// workspace.
struct listing {
    std::string_view table;
    std::string_view columns;
    std::string_view id_column;                   ///< "id" or "row_id"
    std::string_view order_column = "created_at"; ///< An integer column.
    std::vector<std::pair<std::string_view, std::string>>
        equal;                                     ///< Column and value; the values outlive the call.
    std::optional<std::int64_t> created_from_ms;   ///< Inclusive.
    std::optional<std::int64_t> created_before_ms; ///< Exclusive.
};

/// Calls `each` for every row of the page, in the order asked for.
///
/// A cursor that names no row is refused with 422; `refusal` then says so and nothing is called.
sdk::outcome run_listing(const sdk::store& store, const listing& what, const page_request& page,
                         std::optional<api_error>& refusal, const sdk::row_callback& each);

/// A query parameter and the column that it has to equal.
struct equality {
    const char* parameter;
    std::string_view column;
};
void read_equalities(const query_parameters& query, std::initializer_list<equality> known, listing& into);

/// The cells of a row, copied.
struct stored_cell {
    std::int32_t type = TRB_CELL_NULL;
    std::int64_t integer = 0;
    std::string text;

    bool is_null() const { return type == TRB_CELL_NULL; }
    std::optional<std::int64_t> maybe() const { return is_null() ? std::nullopt : std::optional(integer); }
    trb_cell view() const { return {type, 0, integer, sdk::view(text)}; }
};
using stored_row = std::vector<stored_cell>;

stored_row copy_row(sdk::cells row);

/// Answers a call with the page that it asks for, each row as `show` shows it.
using row_view = std::function<sdk::outcome(const stored_row& row, boost::json::object& shown)>;
sdk::outcome answer_listing(route_context& context, const listing& what, const row_view& show);

/// The first row of a statement whose parameters are workspace, environment and then these.
sdk::outcome find_row(const sdk::store& store, std::string_view sql,
                      std::initializer_list<trb_cell> parameters, std::optional<stored_row>& found);

} // namespace tributary::attribution

#include "listing.hpp"

#include <algorithm>

#include "routes.hpp"

namespace tributary::attribution {
namespace {

using sdk::cell;

/// Builds a statement and its parameters together: parameters are numbered by first appearance.
class statement_text {
  public:
    explicit statement_text(const sdk::store& store) {
        parameters_.push_back(store.workspace());
        parameters_.push_back(store.environment());
    }
    statement_text& add(std::string_view text) {
        sql_ += text;
        return *this;
    }
    statement_text& bind(trb_cell value) {
        parameters_.push_back(value);
        sql_ += '$' + std::to_string(parameters_.size());
        return *this;
    }
    const std::string& sql() const { return sql_; }
    sdk::cells parameters() const { return parameters_; }

  private:
    std::string sql_;
    std::vector<trb_cell> parameters_;
};

struct bound {
    std::int64_t value;
    std::string id;
};

sdk::outcome find_cursor(const sdk::store& store, const listing& what, std::string_view id,
                         std::optional<bound>& found) {
    statement_text text(store);
    text.add("SELECT ").add(what.order_column).add(" FROM ").add(what.table);
    text.add(" WHERE workspace_id = $1 AND environment = $2 AND ")
        .add(what.id_column)
        .add(" = ")
        .bind(cell(id));
    return store.query(text.sql(), text.parameters(), [&](sdk::cells row) {
        found = bound{row[0].integer, std::string(id)};
    });
}

} // namespace

void read_equalities(const query_parameters& query, std::initializer_list<equality> known, listing& into) {
    for (const equality& one : known)
        if (auto value = query.find(one.parameter))
            into.equal.emplace_back(one.column, std::move(*value));
}

sdk::outcome answer_listing(route_context& context, const listing& what, const row_view& show) {
    page_request page;
    if (const auto wrong = read_page(context.query, page))
        return refuse(context.answer, *wrong);
    std::optional<api_error> refusal;
    std::vector<stored_row> rows; // Showing one may ask the store again: not while it is read.
    if (sdk::outcome done = run_listing(context.store, what, page, refusal,
                                        [&](sdk::cells row) { rows.push_back(copy_row(row)); });
        !done)
        return done;
    if (refusal)
        return refuse(context.answer, *refusal);
    boost::json::array list;
    for (const stored_row& row : rows) {
        boost::json::object shown;
        if (sdk::outcome done = show(row, shown); !done)
            return done;
        list.push_back(std::move(shown));
    }
    return answer_json(context.answer, 200, list);
}

stored_row copy_row(sdk::cells row) {
    stored_row copy;
    copy.reserve(row.size());
    for (const trb_cell& one : row)
        copy.push_back({one.type, one.integer, std::string(sdk::view(one.text))});
    return copy;
}

sdk::outcome find_row(const sdk::store& store, std::string_view sql,
                      std::initializer_list<trb_cell> parameters, std::optional<stored_row>& found) {
    std::vector<trb_cell> all{store.workspace(), store.environment()};
    all.insert(all.end(), parameters.begin(), parameters.end());
    return store.query(sql, all, [&](sdk::cells row) {
        if (!found)
            found = copy_row(row);
    });
}

sdk::outcome run_listing(const sdk::store& store, const listing& what, const page_request& page,
                         std::optional<api_error>& refusal, const sdk::row_callback& each) {
    // What comes before the cursor is read backwards from it and turned round.
    const bool backwards = !page.ending_before.empty();
    const bool descending = page.descending != backwards;
    const std::string& cursor = backwards ? page.ending_before : page.starting_after;
    std::optional<bound> from = bound{descending ? INT64_MAX : INT64_MIN, ""};
    if (!cursor.empty()) {
        from.reset();
        if (sdk::outcome done = find_cursor(store, what, cursor, from); !done)
            return done;
        if (!from) {
            refusal = unprocessable("custom", backwards ? "endingBefore" : "startingAfter",
                                    "Invalid cursor: the provided ID does not exist.");
            return {};
        }
    }
    statement_text text(store);
    text.add("SELECT ").add(what.columns).add(" FROM ").add(what.table);
    text.add(" WHERE workspace_id = $1 AND environment = $2");
    for (const auto& [column, value] : what.equal)
        text.add(" AND ").add(column).add(" = ").bind(cell(std::string_view(value)));
    if (what.created_from_ms)
        text.add(" AND created_at >= ").bind(cell(*what.created_from_ms));
    if (what.created_before_ms)
        text.add(" AND created_at < ").bind(cell(*what.created_before_ms));
    text.add(" AND (")
        .add(what.order_column)
        .add(", ")
        .add(what.id_column)
        .add(descending ? ") < (" : ") > (");
    text.bind(cell(from->value)).add(", ").bind(cell(std::string_view(from->id))).add(")");
    const std::string_view direction = descending ? " DESC" : " ASC";
    text.add(" ORDER BY ").add(what.order_column).add(direction).add(", ").add(what.id_column).add(direction);
    text.add(" LIMIT ")
        .bind(cell(page.page_size))
        .add(" OFFSET ")
        .bind(cell((page.page - 1) * page.page_size));
    if (!backwards)
        return store.query(text.sql(), text.parameters(), each);

    std::vector<stored_row> rows;
    if (sdk::outcome done = store.query(text.sql(), text.parameters(),
                                        [&](sdk::cells row) { rows.push_back(copy_row(row)); });
        !done)
        return done;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        std::vector<trb_cell> cells;
        for (const stored_cell& one : *row)
            cells.push_back(one.view());
        each(cells);
    }
    return {};
}

} // namespace tributary::attribution

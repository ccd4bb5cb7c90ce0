#include "app/cli/derived_digest.hpp"

#include <tributary/storage/storage.hpp>

namespace tributary::app::cli {
namespace {

using plugins::view;
using storage::row;

/// Clicks are counted when they happen, not derived: a rebuild leaves their sums alone.
constexpr storage::statement rollups{"cli.digest_rollups", R"(
SELECT workspace_id, environment, measure, dimension, currency, day, value FROM rollup WHERE measure <> 'clicks'
ORDER BY workspace_id, environment, measure, dimension, currency, day)"};

/// Each cell with its type and length before it, so that no two different rows look alike.
void append_cell(std::string& bytes, const row& from, int column) {
    if (from.is_null(column)) {
        bytes += 'n';
        return;
    }
    const std::string text =
        from.is_integer(column) ? std::to_string(from.integer(column)) : std::string(from.text(column));
    bytes += from.is_integer(column) ? 'i' : 't';
    bytes += std::to_string(text.size());
    bytes += ':';
    bytes += text;
}

result<table_digest> digest(storage::session& reader, std::string table, const storage::statement& all) {
    table_digest made{std::move(table)};
    std::string bytes;
    TRIBUTARY_TRY(reader.query(all, {}, [&](const row& from) {
        bytes.assign(as_bytes(made.digest)); // A chain: each digest covers the one before.
        for (int column = 0; column < from.columns(); ++column)
            append_cell(bytes, from, column);
        made.digest = sha256(bytes);
        ++made.rows;
    }));
    return made;
}

std::string select_rows(const trb_table& of) {
    std::string columns;
    for (std::uint64_t index = 0; index < of.column_count; ++index)
        columns += ", " + std::string(view(of.columns[index]));
    return "SELECT workspace_id, environment, row_id, subject_id" + columns + " FROM " +
           std::string(view(of.name)) + " ORDER BY workspace_id, environment, row_id";
}

} // namespace

result<std::vector<table_digest>> digest_derived(storage::session& reader,
                                                 const plugins::plugin_set& plugins) {
    std::vector<table_digest> all;
    for (const auto& plugin : plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        for (const trb_table& table : plugins::tables_of(*plugin->projection)) {
            const std::string sql = select_rows(table);
            TRIBUTARY_TRY_ASSIGN(made,
                                 digest(reader, std::string(view(table.name)), {"cli.digest_rows", sql}));
            all.push_back(std::move(made));
        }
    }
    TRIBUTARY_TRY_ASSIGN(sums, digest(reader, "rollup", rollups));
    all.push_back(std::move(sums));
    return all;
}

} // namespace tributary::app::cli

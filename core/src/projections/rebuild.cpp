#include <tributary/projections/folder.hpp>
#include <tributary/storage/storage.hpp>

#include <array>
#include <set>

#include "projections/difference.hpp"
#include "projections/output.hpp"
#include "projections/projections.sql.hpp"

namespace tributary::projections {
namespace {

using plugins::view;
using storage::row;
using storage::value;

using names = std::set<std::string, std::less<>>;

names loaded(const plugins::plugin_set& plugins) {
    names found;
    for (const auto& plugin : plugins.all())
        if (plugin->projection != nullptr)
            found.emplace(view(plugin->projection->name));
    return found;
}

result<names> read_names(storage::session& reader, const storage::statement& from) {
    names found;
    TRIBUTARY_TRY(reader.query(from, {}, [&](const row& one) { found.emplace(one.text(0)); }));
    return found;
}

result<void> delete_rows(storage::session& writer, const trb_projection_v1& projection) {
    for (const trb_table& table : plugins::tables_of(projection)) {
        const std::string sql = "DELETE FROM " + std::string(view(table.name));
        TRIBUTARY_TRY(writer.execute({"projections.delete_rows", sql}, {}));
    }
    return {};
}

/// Sums and readers of a projection whose plugin is not here to say them again: from what is stored of it.
result<void> restate(storage::session& writer, std::string_view projection) {
    subject_key last;
    while (true) {
        std::vector<std::pair<subject_key, std::string>> page;
        TRIBUTARY_TRY(writer.query(sql::states_of,
                                   std::array{value(projection), value(last.in.workspace),
                                              value(last.in.environment), value(std::string_view(last.id))},
                                   [&](const row& from) {
                                       page.push_back(
                                           {{{from.integer(0), from.integer(1)}, std::string(from.text(2))},
                                            std::string(from.text(3))});
                                   }));
        if (page.empty())
            return {};
        sum_changes sums;
        for (const auto& [subject, text] : page) {
            TRIBUTARY_TRY_ASSIGN(said, fold_state::parse(text));
            sums.add(subject.in, {}, said);
            TRIBUTARY_TRY(write_readers(writer, subject, {}, said));
        }
        TRIBUTARY_TRY(sums.write(writer));
        last = page.back().first;
    }
}

} // namespace

result<void> begin_rebuild(storage::session& writer, const plugins::plugin_set& plugins) {
    for (const storage::statement& one : {sql::delete_readers, sql::delete_marks, sql::delete_sums})
        TRIBUTARY_TRY(writer.execute(one, {}));
    const std::string nothing = fold_state().serialise();
    for (const auto& plugin : plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        TRIBUTARY_TRY(delete_rows(writer, *plugin->projection));
        TRIBUTARY_TRY(writer.execute(sql::unfold, std::array{value(std::string_view(nothing)),
                                                             value(view(plugin->projection->name))}));
    }
    TRIBUTARY_TRY_ASSIGN(stored, read_names(writer, sql::all_projections));
    const names here = loaded(plugins);
    for (const std::string& name : stored)
        if (!here.contains(name))
            TRIBUTARY_TRY(restate(writer, name));
    return {};
}

result<void> end_rebuild(storage::session& writer, const plugins::plugin_set& plugins) {
    for (const std::string& name : loaded(plugins))
        TRIBUTARY_TRY(writer.execute(sql::drop_unfolded, std::array{value(std::string_view(name))}));
    return mark_complete(writer, plugins);
}

result<bool> any_incomplete(storage::session& reader, const plugins::plugin_set& plugins) {
    TRIBUTARY_TRY_ASSIGN(complete, read_names(reader, sql::complete));
    return complete != loaded(plugins);
}

result<void> mark_complete(storage::session& writer, const plugins::plugin_set& plugins) {
    const names here = loaded(plugins);
    TRIBUTARY_TRY_ASSIGN(complete, read_names(writer, sql::complete));
    for (const std::string& name : complete)
        if (!here.contains(name))
            TRIBUTARY_TRY(writer.execute(sql::delete_complete, std::array{value(std::string_view(name))}));
    for (const std::string& name : here)
        if (!complete.contains(name))
            TRIBUTARY_TRY(writer.execute(sql::add_complete, std::array{value(std::string_view(name))}));
    return {};
}

} // namespace tributary::projections

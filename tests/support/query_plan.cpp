#include <algorithm>
#include <map>
#include <optional>
#include <storage/sql_words.hpp>
#include <support/query_plan.hpp>

namespace tributary::test {
namespace {

using storage::row;
using storage::session;
using storage::sql_word;
using storage::sql_word_kind;
using storage::sql_words;
using storage::value;

struct schema {
    std::set<std::string> tables;
    std::map<std::string, std::string> views; ///< Name to definition.
};

constexpr std::string_view schema_sql =
    "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')";

schema read_schema(session& on) {
    schema found;
    const auto outcome = on.query({"query_plan.schema", schema_sql}, {}, [&](const row& each) {
        const auto name = storage::lower_case(each.text(1));
        if (each.text(0) == "view")
            found.views.emplace(name, each.text(2));
        else
            found.tables.insert(name);
    });
    static_cast<void>(outcome); // Without a schema, no statement can be explained, which is reported.
    return found;
}

bool is_name(const sql_word& word) {
    return word.kind == sql_word_kind::word || word.kind == sql_word_kind::quoted;
}

/// A view's text behind "CREATE VIEW name AS".
std::string_view body_of(std::string_view definition) {
    for (const auto& word : sql_words(definition)) {
        if (word.is("as"))
            return definition.substr(static_cast<std::size_t>(word.source.data() - definition.data()));
    }
    return definition;
}

/// The plan names a FROM item by its alias. What may stand behind each name in this text?
///
/// Every "name [AS] word" counts, though the word may be a keyword: a name too many does no harm.
struct from_items {
    std::map<std::string, std::set<std::string>> tables; ///< By alias, and by their own names.
    std::set<std::string> derived; ///< Common table expressions, subqueries and views that the plan makes.

    void collect(std::string_view sql, const schema& known) {
        const auto words = sql_words(sql);
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (!is_name(words[i]))
                continue;
            const auto name = words[i].name();
            const auto next = i + 1 < words.size() && words[i + 1].is("as") ? i + 2 : i + 1;
            const bool has_alias = next < words.size() && is_name(words[next]);
            if (known.tables.contains(name)) {
                tables[name].insert(name);
                if (has_alias)
                    tables[words[next].name()].insert(name);
            } else if (derived.contains(name) && has_alias) {
                derived.insert(words[next].name());
            }
            if (const auto view = known.views.find(name); view != known.views.end())
                collect(body_of(view->second), known);
        }
    }
};

/// One line of a plan that reads something: "SEARCH t USING INDEX i (a=? AND b>?)".
struct access {
    bool is_search = false;
    bool builds_index = false;
    std::string name;
    std::string index;
    std::vector<std::string> columns; ///< Of a search: "workspace_id", "at", ...
};

std::vector<std::string> searched_columns(const std::vector<sql_word>& words, std::size_t from) {
    std::vector<std::string> columns;
    for (auto i = from; i < words.size(); ++i) {
        const bool is_term = i + 1 < words.size() && (words[i + 1].is_sign('=') ||
                                                      words[i + 1].is_sign('>') || words[i + 1].is_sign('<'));
        if (is_name(words[i]) && is_term)
            columns.push_back(words[i].name());
        // "(a,b)>(?,?)" and "<expr>=?": compares more than the workspace, whatever it is.
        if ((words[i].is_sign(')') || words[i].is_sign('>')) && is_term)
            columns.emplace_back("expression");
    }
    return columns;
}

std::optional<access> parse(std::string_view detail) {
    const auto words = sql_words(detail);
    if (words.size() < 2 || !(words[0].is("scan") || words[0].is("search")))
        return std::nullopt;
    access found;
    found.is_search = words[0].is("search");
    found.name = words[1].name();
    // "SCAN CONSTANT ROW", "SCAN 3 CONSTANT ROWS", "SCAN (subquery-2)".
    if (!is_name(words[1]) || (words[1].is("constant") && words.size() > 2 && words[2].is("row")))
        return std::nullopt;
    for (std::size_t i = 2; i + 1 < words.size(); ++i) {
        if (words[i].is("automatic"))
            found.builds_index = true;
        if (words[i].is("index") && is_name(words[i + 1]))
            found.index = words[i + 1].name();
    }
    const auto open =
        std::find_if(words.begin(), words.end(), [](const sql_word& w) { return w.is_sign('('); });
    found.columns = searched_columns(words, static_cast<std::size_t>(open - words.begin()));
    return found;
}

bool is_only_workspace(const std::vector<std::string>& columns) {
    return !columns.empty() && std::all_of(columns.begin(), columns.end(), [](const std::string& column) {
        return column == "workspace_id" || column == "environment";
    });
}

struct judge {
    const std::set<std::string>& small;
    from_items items{};

    bool may_be_walked(const access& seen) const {
        const auto tables = items.tables.find(seen.name);
        if (tables == items.tables.end())
            return items.derived.contains(seen.name);
        return std::all_of(tables->second.begin(), tables->second.end(), [&](const std::string& table) {
            return small.contains(table) || (!seen.index.empty() && small.contains(table + ":" + seen.index));
        });
    }

    bool is_weak(const access& seen) const {
        if (seen.is_search && !seen.builds_index && !is_only_workspace(seen.columns))
            return false;
        return !may_be_walked(seen);
    }
};

/// One NULL for each $N of the text: a plan does not depend on the values.
std::vector<value> unbound_parameters(std::string_view sql) {
    std::set<std::string_view> names;
    for (const auto& word : sql_words(sql)) {
        if (word.kind == sql_word_kind::parameter)
            names.insert(word.source);
    }
    return std::vector<value>(names.size());
}

/// The steps of a plan, or why there is none.
result<std::vector<std::string>> explain(session& on, const std::string& sql) {
    std::vector<std::string> steps;
    const std::string explained = "EXPLAIN QUERY PLAN " + sql;
    TRIBUTARY_TRY(on.query({"query_plan", explained}, unbound_parameters(sql),
                           [&](const row& each) { steps.emplace_back(each.text(3)); }));
    return steps;
}

void collect_derived(const std::vector<std::string>& steps, std::set<std::string>& derived) {
    for (const auto& step : steps) {
        const auto words = sql_words(step);
        if (words.size() >= 2 && words[0].is("materialize"))
            derived.insert(words[1].name());
        // "CO-ROUTINE x" is four words.
        if (words.size() >= 4 && words[0].is("co") && words[2].is("routine"))
            derived.insert(words[3].name());
    }
}

/// Our own statements come back when the caller collects what this very session prepares.
bool is_ours(std::string_view sql) {
    const auto words = sql_words(sql);
    return sql == schema_sql || (!words.empty() && words.front().is("explain"));
}

} // namespace

std::vector<std::string> weak_plans(session& on, const std::set<std::string>& sql,
                                    const std::set<std::string>& small) {
    std::vector<std::string> weak;
    const auto asked = sql; // The caller's set may grow while we ask.
    const auto known = read_schema(on);
    for (const auto& text : asked) {
        if (is_ours(text))
            continue;
        const auto steps = explain(on, text);
        if (!steps) {
            weak.push_back("cannot be explained (" + steps.error().text() + ") <- " + text);
            continue;
        }
        judge decide{small};
        collect_derived(*steps, decide.items.derived);
        decide.items.collect(text, known);
        for (const auto& step : *steps) {
            const auto seen = parse(step);
            if (seen && decide.is_weak(*seen))
                weak.push_back(step + " <- " + text);
        }
    }
    return weak;
}

} // namespace tributary::test

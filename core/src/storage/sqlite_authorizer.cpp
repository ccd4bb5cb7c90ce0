#include <algorithm>
#include <array>
#include <new>
#include <storage/sql_words.hpp>
#include <storage/sqlite_authorizer.hpp>

namespace tributary::storage {
namespace {

constexpr std::string_view as_view(const char* text) noexcept {
    return text ? std::string_view(text) : "";
}

/// Does `name` start with `prefix` and an underscore? SQLite's names ignore the case of ASCII letters.
bool has_prefix(std::string_view name, std::string_view prefix) noexcept {
    return name.size() > prefix.size() + 1 && name[prefix.size()] == '_' &&
           sqlite3_strnicmp(name.data(), prefix.data(), static_cast<int>(prefix.size())) == 0;
}

bool is_schema_table(std::string_view name) noexcept {
    return name == "sqlite_master" || name == "sqlite_temp_master";
}

/// Functions that load code, reach into SQLite or allocate as much as a number says. sqlite_rename_table is
/// what ALTER TABLE ... RENAME TO works with, the one statement whose new name SQLite does not show us
/// otherwise.
bool is_dangerous_function(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 7> dangerous{"load_extension",     "fts3_tokenizer", "randomblob",
                                                        "zeroblob",           "sqlite_log",     "edit",
                                                        "sqlite_rename_table"};
    return std::find(dangerous.begin(), dangerous.end(), lower_case(name)) != dangerous.end();
}

const char* verb_of(int action) noexcept {
    switch (action) {
    case SQLITE_READ: return "read";
    case SQLITE_INSERT: return "insert into";
    case SQLITE_UPDATE: return "update";
    case SQLITE_DELETE: return "delete from";
    case SQLITE_FUNCTION: return "call";
    case SQLITE_PRAGMA: return "use pragma";
    case SQLITE_ATTACH:
    case SQLITE_DETACH: return "attach or detach a database";
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return "control the transaction:";
    default: return "change the schema of";
    }
}

} // namespace

void sqlite_authorizer::install(sqlite3* handle) noexcept {
    sqlite3_set_authorizer(handle, &decide, this);
}

void sqlite_authorizer::start_prepare(bool own_control_statement) noexcept {
    preparing_ = true;
    own_control_statement_ = own_control_statement;
    dropping_own_table_ = false;
    refusal_.clear();
}

int sqlite_authorizer::decide(void* self, int action, const char* first, const char* second,
                              const char* database, const char* source) noexcept {
    auto& authorizer = *static_cast<sqlite_authorizer*>(self);
    const access wanted{action, as_view(first), as_view(second), as_view(database), as_view(source)};
    if (authorizer.allows(wanted))
        return SQLITE_OK;
    authorizer.note_refusal(wanted);
    return SQLITE_DENY;
}

bool sqlite_authorizer::allows(const access& wanted) noexcept {
    if (own_control_statement_ && preparing_)
        return true;
    if (acts_for_core())
        return allows_core(wanted);
    return allows_data(wanted) || (current_->schema && allows_schema(wanted));
}

bool sqlite_authorizer::allows_core(const access& wanted) const noexcept {
    // Only while one of our texts is prepared: VACUUM runs a BEGIN of its own when it is executed.
    const bool is_control = wanted.action == SQLITE_TRANSACTION || wanted.action == SQLITE_SAVEPOINT;
    return !(is_control && preparing_);
}

bool sqlite_authorizer::owns(std::string_view table) const noexcept {
    return has_prefix(table, current_->prefix);
}

bool sqlite_authorizer::allows_data(const access& wanted) const noexcept {
    const bool in_main = wanted.database.empty() || wanted.database == "main";
    switch (wanted.action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_READ:
        return in_main && (owns(wanted.first) || has_prefix(wanted.first, "published") ||
                           has_prefix(wanted.source, "published"));
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: return in_main && owns(wanted.first);
    case SQLITE_FUNCTION: return !is_dangerous_function(wanted.second);
    default: return false;
    }
}

bool sqlite_authorizer::allows_schema(const access& wanted) noexcept {
    const bool in_main = wanted.database == "main";
    switch (wanted.action) {
    // SQLite makes sqlite_sequence itself, with the first {serial}; nobody else can use that name.
    case SQLITE_CREATE_TABLE: return in_main && (owns(wanted.first) || wanted.first == "sqlite_sequence");
    case SQLITE_DROP_TABLE: return dropping_own_table_ = in_main && owns(wanted.first);
    case SQLITE_CREATE_INDEX:
        // SQLite names the index of a UNIQUE or PRIMARY KEY itself; nobody else can use that name.
        return in_main && owns(wanted.second) &&
               (owns(wanted.first) || wanted.first.starts_with("sqlite_autoindex_"));
    case SQLITE_DROP_INDEX: return in_main && owns(wanted.first) && owns(wanted.second);
    case SQLITE_REINDEX: return in_main && owns(wanted.first);
    case SQLITE_ALTER_TABLE: return wanted.first == "main" && owns(wanted.second);
    // Schema statements work on these tables from within; SQLite itself refuses a direct change of them.
    case SQLITE_READ:
        return is_schema_table(wanted.first) || (dropping_own_table_ && wanted.first == "sqlite_sequence");
    case SQLITE_INSERT:
    case SQLITE_UPDATE: return is_schema_table(wanted.first);
    case SQLITE_DELETE:
        return is_schema_table(wanted.first) || (dropping_own_table_ && wanted.first == "sqlite_sequence");
    default: return false;
    }
}

void sqlite_authorizer::note_refusal(const access& wanted) noexcept {
    if (!refusal_.empty())
        return;
    try {
        refusal_ = "may not ";
        refusal_ += verb_of(wanted.action);
        const auto object = wanted.action == SQLITE_FUNCTION || wanted.action == SQLITE_ALTER_TABLE
                                ? wanted.second
                                : wanted.first;
        refusal_ += ' ';
        refusal_ += is_schema_table(object) ? "the schema" : object;
    } catch (const std::bad_alloc&) {
        // The statement is refused all the same, only with fewer words.
    }
}

} // namespace tributary::storage

#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>

namespace tributary::storage {

/// On whose behalf statements are prepared; see session::set_authority.
struct authority {
    std::string prefix; ///< "attribution", or empty for the core.
    bool schema = false;

    bool is_core() const noexcept { return prefix.empty(); }
};

/// Decides, while SQLite prepares a statement, what the current authority may touch.
///
/// A plugin may read and change the tables `<prefix>_...`, read the views `published_...` (and these read
/// what their definition names), and call functions other than the few that reach outside or take memory at
/// will. With `schema` it may also create, alter and drop its own tables and indices. It never reaches other
/// tables, PRAGMA, ATTACH, transactions, triggers, virtual tables or the temporary schema. What is not listed
/// as allowed is refused.
///
/// The core may do everything but begin and end transactions by text: that is the session's own business.
///
/// A published view reads tables or other published views, and has no common table expression: SQLite names
/// only the innermost FROM item an access comes from.
///
/// One per connection, at a fixed address (SQLite keeps it). Not thread-safe.
class sqlite_authorizer {
  public:
    sqlite_authorizer() = default;
    sqlite_authorizer(const sqlite_authorizer&) = delete;
    sqlite_authorizer& operator=(const sqlite_authorizer&) = delete;

    /// Once, when the connection is opened: SQLite prepares every statement again when an authorizer is set.
    void install(sqlite3* handle) noexcept;

    /// The authority of what follows, also for statements that SQLite prepares again by itself while they run
    /// (when the schema has changed). Must live until the next call.
    void act_for(const authority& whom) noexcept {
        current_ = &whom;
        refusal_.clear();
    }
    void act_for_core() noexcept { current_ = nullptr; }
    bool acts_for_core() const noexcept { return !current_ || current_->is_core(); }

    /// Around one prepare.
    void start_prepare(bool own_control_statement) noexcept;
    void end_prepare() noexcept { preparing_ = false; }

    /// What was refused since act_for() or start_prepare(): "may not read secret"; empty if nothing was.
    const std::string& refusal() const noexcept { return refusal_; }

  private:
    struct access {
        int action;
        std::string_view first;    ///< Table, index or function, by action.
        std::string_view second;   ///< Column, table of an index, name of a function, by action.
        std::string_view database; ///< "main", "temp"; empty where SQLite does not say.
        std::string_view source;   ///< The view (or other FROM item) that the access comes from.
    };

    static int decide(void* self, int action, const char* first, const char* second, const char* database,
                      const char* source) noexcept;
    bool allows(const access& wanted) noexcept;
    bool allows_core(const access& wanted) const noexcept;
    bool allows_data(const access& wanted) const noexcept;
    bool allows_schema(const access& wanted) noexcept;
    bool owns(std::string_view table) const noexcept;
    void note_refusal(const access& wanted) noexcept;

    const authority* current_ = nullptr;
    bool preparing_ = false;
    bool own_control_statement_ = false;
    bool dropping_own_table_ = false;
    std::string refusal_;
};

} // namespace tributary::storage

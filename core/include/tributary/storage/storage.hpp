#pragma once

#include <tributary/base/result.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// One storage interface, several backends that pass the same contract suite (tests/contract).
///
/// SQL is the portable common part of SQLite and PostgreSQL. Parameters are $1, $2, ... numbered in the
/// order of their first appearance. Everything the runtime stores goes through a `session`: that is the seam
/// where tests put faults and crashes.
namespace tributary::storage {

enum class storage_errc {
    conflict = 1, ///< A uniqueness or check constraint refused the row.
    busy,         ///< Another writer held the lock past the deadline.
    full,         ///< No space left.
    io,           ///< Read, write or sync failed. After a failed commit: stop acknowledging and exit.
    corrupt,      ///< The file is damaged or not a database.
    forbidden,    ///< The statement touches a table that the current authority may not touch.
    invalid,      ///< The statement is wrong: syntax, unknown table, wrong number of parameters.
    newer_schema, ///< The database was written by a newer version.
};
const boost::system::error_category& storage_category() noexcept;
inline error_code make_error_code(storage_errc e) noexcept {
    return {static_cast<int>(e), storage_category()};
}

/// A statement and its name (for errors, counters and the query-plan test). sql is the key of the statement
/// cache.
struct statement {
    std::string_view name;
    std::string_view sql;
};

/// Bytes, as opposed to text.
struct blob {
    std::string_view bytes;
};

/// A parameter. Views must live until the call returns.
using value = std::variant<std::monostate, std::int64_t, std::string_view, blob>;

/// One row of a result; columns count from 0; views are valid inside the callback.
class row {
  public:
    virtual int columns() const = 0;
    virtual bool is_null(int column) const = 0;
    /// 0 for NULL.
    virtual std::int64_t integer(int column) const = 0;
    /// Text or bytes; empty for NULL.
    virtual std::string_view text(int column) const = 0;
    /// Is the column an integer (as opposed to text, bytes or NULL)?
    virtual bool is_integer(int column) const = 0;

  protected:
    ~row() = default;
};

using row_function = std::function<void(const row&)>;

/// One connection to the database. Not thread-safe; owned by one thread at a time.
///
/// Outside begin/commit each statement is its own transaction.
class session {
  public:
    virtual ~session() = default;

    /// Runs a statement that returns no rows. @return number of rows it changed.
    virtual result<std::uint64_t> execute(const statement& what, std::span<const value> parameters) = 0;
    /// Calls `each` for each row. `each` must not use this session.
    virtual result<void> query(const statement& what, std::span<const value> parameters,
                               const row_function& each) = 0;
    /// Runs several statements without parameters (migrations).
    virtual result<void> execute_script(std::string_view sql) = 0;

    /// Starts a transaction; a writer takes the write lock at once.
    virtual result<void> begin() = 0;
    /// On return of success the transaction is on stable storage (SQLite: synchronous=FULL).
    virtual result<void> commit() = 0;
    /// Never fails: what cannot be rolled back was not begun.
    virtual void rollback() noexcept = 0;

    /// Nested transactions, a stack.
    virtual result<void> savepoint() = 0;
    virtual result<void> release_savepoint() = 0;
    virtual void rollback_to_savepoint() noexcept = 0; ///< ... and forgets the savepoint.

    /// From now on statements may touch only tables whose name starts with `table_prefix` and an underscore
    /// ("attribution" allows attribution_link), and views that start with published_. Empty: everything (the
    /// core itself). Violations are storage_errc::forbidden. Schema changes are forbidden unless `schema` is
    /// true.
    virtual void set_authority(std::string_view table_prefix, bool schema = false) = 0;
};

/// Restores the authority of the core when it goes.
class authority_guard {
  public:
    authority_guard(session& on, std::string_view table_prefix, bool schema = false) : session_(on) {
        session_.set_authority(table_prefix, schema);
    }
    ~authority_guard() { session_.set_authority({}); }
    authority_guard(const authority_guard&) = delete;
    authority_guard& operator=(const authority_guard&) = delete;

  private:
    session& session_;
};

/// A database: makes sessions. Thread-safe.
class database {
  public:
    virtual ~database() = default;
    virtual result<std::unique_ptr<session>> open_writer() = 0;
    /// A session that cannot write. Several may be open.
    virtual result<std::unique_ptr<session>> open_reader() = 0;
    /// "sqlite"
    virtual std::string_view backend() const noexcept = 0;
    /// Puts a backend's words for {blob} and {serial} (integer primary key, given by the database in growing
    /// order) into a migration.
    virtual std::string dialect(std::string_view portable_sql) const = 0;
};

struct sqlite_options {
    /// Path of the file; empty: a private database in memory (shared by the sessions of this object).
    std::string path;
    /// How long a writer waits for another process's lock.
    int busy_timeout_ms = 5000;
    /// synchronous=FULL; false is for tests and for relaxed durability, and is said so in the log.
    bool synchronous = true;
    /// Called with each distinct SQL text that a session prepares (the query-plan test). May be empty.
    /// Thread-safe.
    std::function<void(std::string_view sql)> on_prepare;
};
result<std::unique_ptr<database>> open_sqlite(sqlite_options options);

/// One numbered step of a schema. Steps are never changed once released.
struct migration {
    std::uint32_t number;
    std::string_view sql; ///< Portable, with {blob} and {serial}.
};

/// Brings the schema of one component ("core", or a plugin's short name) up to date, each step in its own
/// transaction, together with its record in schema_migration(component, number, digest, applied_at).
///
/// @errors newer_schema when the database knows steps that are not in `steps`; invalid when an applied step's
/// digest differs, when numbers are not 1, 2, 3, ..., or when a plugin's step touches tables that are not its
/// own.
/// @return number of steps applied now.
result<std::uint32_t> migrate(database& in, session& writer, std::string_view component,
                              std::span<const migration> steps, std::int64_t now_ms);

/// The core's own schema (schema.cpp).
std::span<const migration> core_migrations();

} // namespace tributary::storage

template <> struct boost::system::is_error_code_enum<tributary::storage::storage_errc> : std::true_type {};

#pragma once

#include <tributary/storage/storage.hpp>

#include <sqlite3.h>

#include <list>
#include <memory>
#include <span>
#include <storage/sqlite_connection.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tributary::storage {

/// A prepared statement of one connection, with the places of its parameters $1, $2, ... worked out.
///
/// Movable, not copyable. Must not outlive its connection.
class sqlite_statement {
  public:
    enum class purpose {
        cached,      ///< Kept and run often.
        once,        ///< Run once (scripts).
        own_control, ///< The session's own BEGIN, COMMIT, ...: not subject to the authorizer.
    };

    /// Prepares the first statement of `sql` for the connection's current authority.
    ///
    /// @param rest if given, receives what follows the statement; else anything that follows is refused.
    /// @return a statement that is empty() when the text holds blanks and comments only.
    /// @errors forbidden, invalid (syntax, names, a second statement, a parameter that is not $1, $2, ...
    /// without gaps).
    static result<sqlite_statement> prepare(sqlite_connection& on, std::string_view name,
                                            std::string_view sql, purpose why,
                                            std::string_view* rest = nullptr);

    bool empty() const noexcept { return !statement_; }
    sqlite3_stmt* get() const noexcept { return statement_.get(); }
    bool changes_nothing() const noexcept { return sqlite3_stmt_readonly(get()) != 0; }
    bool returns_rows() const noexcept { return sqlite3_column_count(get()) > 0; }

    /// Binds all parameters. Texts and blobs are not copied: they must live until reset().
    ///
    /// @errors invalid when their number is wrong or a value is too big.
    result<void> bind(std::string_view name, std::span<const value> parameters);
    /// Ends a run: releases locks and forgets the parameters.
    void reset() noexcept;

  private:
    struct finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    result<void> place_parameters(std::string_view name);

    std::unique_ptr<sqlite3_stmt, finalizer> statement_;
    std::vector<int> places_; ///< places_[n - 1]: SQLite's index of $n.
};

/// The statements a session has prepared, by authority and text; the least recently used go first.
///
/// The authority is part of the key because it was checked when the statement was prepared. Not thread-safe.
class sqlite_statement_cache {
  public:
    explicit sqlite_statement_cache(std::size_t limit) : limit_(limit) {}

    /// The statement, or null. Stays valid until the next insert().
    sqlite_statement* find(std::size_t authority_number, std::string_view sql);
    sqlite_statement* insert(std::size_t authority_number, std::string_view sql, sqlite_statement statement);

  private:
    struct key {
        std::size_t authority_number;
        std::string_view sql;
        bool operator==(const key&) const = default;
    };
    struct key_hash {
        std::size_t operator()(const key& k) const noexcept {
            return std::hash<std::string_view>{}(k.sql) + k.authority_number;
        }
    };
    struct entry {
        std::size_t authority_number;
        std::string sql;
        sqlite_statement statement;
    };

    std::size_t limit_;
    std::list<entry> entries_; ///< Most recently used first; a list keeps the text of the keys in place.
    std::unordered_map<key, std::list<entry>::iterator, key_hash> by_key_;
};

} // namespace tributary::storage

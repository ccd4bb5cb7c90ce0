#include <algorithm>
#include <storage/sqlite_error.hpp>
#include <storage/sqlite_session.hpp>
#include <utility>

namespace tributary::storage {
namespace {

// Some three times the statements of the core and all bundled plugins together; one costs a few KiB.
constexpr std::size_t cached_statements_max = 512;

class sqlite_row final : public row {
  public:
    explicit sqlite_row(sqlite3_stmt* statement) : statement_(statement) {}

    int columns() const override { return sqlite3_data_count(statement_); }
    bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    bool is_integer(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_INTEGER;
    }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
    std::string_view text(int column) const override {
        // The pointer before the size: asking for the text of a number is what makes the text.
        const bool is_blob = sqlite3_column_type(statement_, column) == SQLITE_BLOB;
        const auto* bytes = is_blob ? static_cast<const char*>(sqlite3_column_blob(statement_, column))
                                    : reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        if (!bytes)
            return {};
        return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

  private:
    sqlite3_stmt* statement_;
};

/// Ends a run of a statement however its scope is left.
class run_guard {
  public:
    explicit run_guard(sqlite_statement& statement) : statement_(statement) {}
    ~run_guard() { statement_.reset(); }
    run_guard(const run_guard&) = delete;
    run_guard& operator=(const run_guard&) = delete;

  private:
    sqlite_statement& statement_;
};

/// The beginning of a statement of a script, to tell which of many it was. A script has no values to hide.
std::string first_words(std::string_view sql) {
    constexpr std::size_t shown_max = 60;
    sql.remove_prefix(std::min(sql.find_first_not_of(" \t\r\n"), sql.size()));
    sql = sql.substr(0, shown_max);
    return std::string(sql.substr(0, sql.find('\n')));
}

class flag_guard {
  public:
    explicit flag_guard(bool& flag) : flag_(flag) { flag_ = true; }
    ~flag_guard() { flag_ = false; }
    flag_guard(const flag_guard&) = delete;
    flag_guard& operator=(const flag_guard&) = delete;

  private:
    bool& flag_;
};

} // namespace

sqlite_session::sqlite_session(std::shared_ptr<sqlite_connection> connection, access mode,
                               prepare_listener on_prepare)
    : connection_(std::move(connection)), mode_(mode), on_prepare_(std::move(on_prepare)), authorities_(1),
      cache_(cached_statements_max) {}

sqlite_session::~sqlite_session() {
    rollback();
    // The statements go while nobody else uses a shared handle.
    const auto hold = enter();
    cache_ = sqlite_statement_cache(0);
    for (auto& each : controls_)
        each.reset();
    connection_->authorizer().act_for_core();
}

std::unique_lock<std::recursive_mutex> sqlite_session::enter() {
    auto hold = connection_->lock();
    connection_->authorizer().act_for(authorities_[current_authority_]);
    return hold;
}

result<void> sqlite_session::check_usable(std::string_view name) const {
    if (in_row_callback_)
        return named_failure(storage_errc::invalid, name, "the session is used inside its own row callback");
    if (lost_transaction_)
        return named_failure(*lost_transaction_, name, "the transaction was lost to an earlier failure");
    return {};
}

result<void> sqlite_session::check_mode(const sqlite_statement& what, std::string_view name) const {
    if (what.changes_nothing())
        return {};
    if (mode_ == access::read_only)
        return named_failure(storage_errc::forbidden, name, "a reader may not write");
    // Only on a shared handle can this be another session; a file's lock does the same between connections.
    if (connection_->transaction_of && connection_->transaction_of != this)
        return named_failure(storage_errc::busy, name, "another session's transaction is open");
    return {};
}

failure sqlite_session::failed(int result_code, std::string_view name) {
    auto& refusal = connection_->authorizer().refusal();
    auto why = (result_code & 0xff) == SQLITE_AUTH && !refusal.empty()
                   ? named_failure(storage_errc::forbidden, name, refusal)
                   : sqlite_failure(connection_->handle(), result_code, name);
    if (in_transaction_ && runs_transactions() && sqlite3_get_autocommit(connection_->handle()) != 0)
        lost_transaction_ = static_cast<storage_errc>(why.code.value());
    return why;
}

result<sqlite_statement*> sqlite_session::prepared(const statement& what) {
    if (auto* known = cache_.find(current_authority_, what.sql))
        return known;
    TRIBUTARY_TRY_ASSIGN(fresh, sqlite_statement::prepare(*connection_, what.name, what.sql,
                                                          sqlite_statement::purpose::cached));
    if (fresh.empty())
        return named_failure(storage_errc::invalid, what.name, "the statement is empty");
    TRIBUTARY_TRY(check_mode(fresh, what.name));
    if (on_prepare_)
        on_prepare_(what.sql);
    return cache_.insert(current_authority_, what.sql, std::move(fresh));
}

result<std::uint64_t> sqlite_session::execute(const statement& what, std::span<const value> parameters) {
    const auto hold = enter();
    TRIBUTARY_TRY(check_usable(what.name));
    TRIBUTARY_TRY_ASSIGN(found, prepared(what));
    if (found->returns_rows())
        return named_failure(storage_errc::invalid, what.name, "the statement returns rows: use query");
    TRIBUTARY_TRY(check_mode(*found, what.name));
    TRIBUTARY_TRY(found->bind(what.name, parameters));
    const run_guard run(*found);
    sqlite3* handle = connection_->handle();
    // Statements that change no rows (CREATE, PRAGMA) leave sqlite3_changes() as the one before them set it.
    const auto changes_before = sqlite3_total_changes64(handle);
    const int code = sqlite3_step(found->get());
    if (code != SQLITE_DONE)
        return failed(code, what.name);
    if (sqlite3_total_changes64(handle) == changes_before)
        return std::uint64_t{0};
    return static_cast<std::uint64_t>(sqlite3_changes64(handle));
}

result<void> sqlite_session::query(const statement& what, std::span<const value> parameters,
                                   const row_function& each) {
    const auto hold = enter();
    TRIBUTARY_TRY(check_usable(what.name));
    TRIBUTARY_TRY_ASSIGN(found, prepared(what));
    TRIBUTARY_TRY(check_mode(*found, what.name));
    TRIBUTARY_TRY(found->bind(what.name, parameters));
    const run_guard run(*found);
    const sqlite_row current(found->get());
    for (;;) {
        // The callback may have used another session of a shared handle.
        connection_->authorizer().act_for(authorities_[current_authority_]);
        const int code = sqlite3_step(found->get());
        if (code == SQLITE_DONE)
            return {};
        if (code != SQLITE_ROW)
            return failed(code, what.name);
        const flag_guard inside(in_row_callback_);
        each(current);
    }
}

result<void> sqlite_session::run_script_statement(std::string_view& remaining) {
    const auto name = "script at '" + first_words(remaining) + "'";
    TRIBUTARY_TRY_ASSIGN(one, sqlite_statement::prepare(*connection_, name, remaining,
                                                        sqlite_statement::purpose::once, &remaining));
    if (one.empty())
        return {};
    TRIBUTARY_TRY(check_mode(one, name));
    TRIBUTARY_TRY(one.bind(name, {}));
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(one.get());
    if (code != SQLITE_DONE)
        return failed(code, name);
    return {};
}

result<void> sqlite_session::execute_script(std::string_view sql) {
    const auto hold = enter();
    TRIBUTARY_TRY(check_usable("script"));
    // SQLite stops at a NUL; what is behind it would be skipped without a word.
    if (sql.find('\0') != std::string_view::npos)
        return named_failure(storage_errc::invalid, "script", "the text contains a NUL");
    while (!sql.empty())
        TRIBUTARY_TRY(run_script_statement(sql));
    return {};
}

void sqlite_session::set_authority(std::string_view table_prefix, bool schema) {
    const auto same = [&](const authority& a) { return a.prefix == table_prefix && a.schema == schema; };
    const auto found = std::find_if(authorities_.begin(), authorities_.end(), same);
    current_authority_ = static_cast<std::size_t>(found - authorities_.begin());
    if (found == authorities_.end())
        authorities_.push_back({std::string(table_prefix), schema});
}

} // namespace tributary::storage

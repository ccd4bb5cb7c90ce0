#pragma once

#include <tributary/storage/storage.hpp>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <storage/sqlite_connection.hpp>
#include <storage/sqlite_statement.hpp>

namespace tributary::storage {

/// A session on SQLite.
///
/// SQLite ends a transaction by itself after some failures (disk full, I/O error). What followed would then
/// commit statement by statement, so the session remembers the loss: every call fails with the first
/// failure's code until rollback().
class sqlite_session final : public session {
  public:
    enum class access { read_write, read_only };
    using prepare_listener = std::function<void(std::string_view sql)>;

    sqlite_session(std::shared_ptr<sqlite_connection> connection, access mode, prepare_listener on_prepare);
    ~sqlite_session() override;
    sqlite_session(const sqlite_session&) = delete;
    sqlite_session& operator=(const sqlite_session&) = delete;

    result<std::uint64_t> execute(const statement& what, std::span<const value> parameters) override;
    result<void> query(const statement& what, std::span<const value> parameters,
                       const row_function& each) override;
    result<void> execute_script(std::string_view sql) override;

    result<void> begin() override;
    result<void> commit() override;
    void rollback() noexcept override;

    result<void> savepoint() override;
    result<void> release_savepoint() override;
    void rollback_to_savepoint() noexcept override;

    void set_authority(std::string_view table_prefix, bool schema = false) override;

  private:
    /// Statements that only the session itself runs.
    enum class control {
        begin_write,
        begin_read,
        snapshot,
        commit,
        rollback,
        savepoint,
        release,
        rollback_to,
        count
    };

    std::unique_lock<std::recursive_mutex> enter();
    result<void> check_usable(std::string_view name) const;
    result<sqlite_statement*> prepared(const statement& what);
    result<void> check_mode(const sqlite_statement& what, std::string_view name) const;
    result<void> run_control(control which);
    result<void> run_script_statement(std::string_view& remaining);
    failure failed(int result_code, std::string_view name);
    bool runs_transactions() const noexcept;
    void end_transaction() noexcept;

    std::shared_ptr<sqlite_connection> connection_;
    access mode_;
    prepare_listener on_prepare_;
    std::deque<authority>
        authorities_; ///< All that were ever set; a deque keeps them in place for the authorizer.
    std::size_t current_authority_ = 0;
    sqlite_statement_cache cache_;
    std::array<std::optional<sqlite_statement>, static_cast<std::size_t>(control::count)> controls_;

    bool in_transaction_ = false;
    std::optional<storage_errc> lost_transaction_;
    std::size_t savepoint_depth_ = 0;
    bool in_row_callback_ = false;
    std::unique_lock<std::recursive_mutex>
        transaction_lock_; ///< Of a shared handle, for the whole transaction.
};

} // namespace tributary::storage

#pragma once

#include <tributary/storage/storage.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace tributary::test {

/// What stands for the death of the process. Not a std::exception, so that no handler takes it for a failure.
struct simulated_crash {
    std::uint64_t call; ///< The number of the call that it happened in.
};

class faulty_session;

/// A database whose N-th call fails or crashes: put between the code under test and a real database.
///
/// Calls are counted from 1 over all sessions: open_writer, open_reader, execute, query, execute_script,
/// begin, commit, savepoint, release_savepoint. (rollback and rollback_to_savepoint cannot fail and make
/// nothing durable: a crash in them is the crash before the next call.) The usual loop: run once without
/// faults, read calls(), then run again for each number up to it.
///
///  - A *failure* behaves as SQLite's: after full, io or corrupt within a transaction the transaction is
///  lost, and every
///    call until rollback() fails with the same code; a failed commit has rolled back.
///  - A *crash* throws simulated_crash. The process is then dead: open transactions are rolled back, every
///  further call
///    through a session of before throws again, set_authority and the rollbacks do nothing. What was
///    committed is kept, in memory too. restart() is the new process: sessions opened after it work.
///
/// Must outlive its sessions. Thread-safe, but for a crash no other thread may be inside a call (it rolls
/// back all sessions).
class faulty_database final : public storage::database {
  public:
    enum class moment {
        before, ///< The call does nothing.
        after, ///< The call does its work, and its caller never hears of it. For a failure: of a commit only.
    };
    enum class repeat { once, from_then_on };

    explicit faulty_database(std::unique_ptr<storage::database> inner);
    ~faulty_database() override;

    /// Replaces the fault that was planned before. `call` counts as calls() does.
    void fail_at(std::uint64_t call, storage::storage_errc with, repeat how_often = repeat::once,
                 moment when = moment::before);
    void crash_at(std::uint64_t call, moment when);
    void clear_faults();

    /// Calls so far, since the construction or the last restart().
    std::uint64_t calls() const;
    /// Has a planned fault come to pass, since it was planned?
    bool struck() const;
    bool crashed() const;
    /// Starts the next process on what was committed: no faults, calls() at 0. Sessions of before stay dead.
    void restart();

    result<std::unique_ptr<storage::session>> open_writer() override;
    result<std::unique_ptr<storage::session>> open_reader() override;
    std::string_view backend() const noexcept override { return inner_->backend(); }
    std::string dialect(std::string_view portable_sql) const override {
        return inner_->dialect(portable_sql);
    }

  private:
    friend class faulty_session;

    enum class verdict { proceed, fail_before, fail_after, crash_before, crash_after };
    struct plan {
        std::uint64_t call = 0;
        std::optional<storage::storage_errc> failure; ///< None: a crash.
        repeat how_often = repeat::once;
        moment when = moment::before;
    };

    /// Counts a call and says what shall happen to it.
    verdict next();
    storage::storage_errc planned_failure() const;
    [[noreturn]] void crash();
    void require_alive(std::uint64_t generation) const;
    bool is_alive(std::uint64_t generation) const;
    void add(faulty_session& session);
    void remove(faulty_session& session) noexcept;
    template <class Open> result<std::unique_ptr<storage::session>> open(Open open_inner);

    std::unique_ptr<storage::database> inner_;
    mutable std::mutex mutex_;
    std::optional<plan> plan_;
    std::uint64_t calls_ = 0;
    bool struck_ = false;
    bool crashed_ = false;
    std::uint64_t generation_ = 1;
    std::set<faulty_session*> sessions_;
};

} // namespace tributary::test

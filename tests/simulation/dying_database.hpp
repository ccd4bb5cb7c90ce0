#pragma once

#include <tributary/storage/storage.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>

namespace tributary::test {

class dying_session;

/// A database whose process dies between any two calls: from the moment of death every call fails, nothing
/// reaches the disk any more, and what was not committed is gone. What survives is what a new process finds
/// after revive().
///
/// A death is a failure and no exception, because calls come from inside plugins' callbacks too, which are
/// noexcept. For what is durable that makes no difference, as long as the caller throws the engine away.
///
/// Calls are counted over all sessions: open, execute, query, execute_script, begin, commit, savepoint,
/// release_savepoint. Not thread-safe. Must outlive its sessions.
class dying_database final : public storage::database {
  public:
    enum class moment {
        before, ///< The call does nothing.
        after,  ///< The call does its work and its caller never hears of it.
    };

    explicit dying_database(std::unique_ptr<storage::database> inner);
    ~dying_database() override;

    /// Dies in the `call`-th call from now, counted from 1, with this failure.
    void die_in(std::uint64_t call, moment when, storage::storage_errc with = storage::storage_errc::io);
    /// Dies in the next commit.
    void die_at_commit(moment when, storage::storage_errc with = storage::storage_errc::io);
    /// Forgets the death that was planned. Who is dead stays dead.
    void live_on();

    bool is_dead() const noexcept { return dead_; }
    /// The new process: sessions opened from now on work, those of before never again.
    void revive();

    /// Has a living session begun what it has not committed?
    bool in_transaction() const noexcept;
    /// What lies on the disk, for those who look at it from outside.
    storage::database& disk() noexcept { return *inner_; }

    result<std::unique_ptr<storage::session>> open_writer() override;
    result<std::unique_ptr<storage::session>> open_reader() override;
    std::string_view backend() const noexcept override { return inner_->backend(); }
    std::string dialect(std::string_view portable_sql) const override {
        return inner_->dialect(portable_sql);
    }

  private:
    friend class dying_session;

    struct plan {
        std::uint64_t calls_left = 0; ///< 0: the next commit
        moment when = moment::before;
        storage::storage_errc with = storage::storage_errc::io;
    };

    /// Counts a call. @return when this very call is the last one.
    std::optional<moment> next(bool is_commit);
    failure die();
    failure dead() const;
    template <class Open> result<std::unique_ptr<storage::session>> open(Open open_inner);

    std::unique_ptr<storage::database> inner_;
    std::optional<plan> plan_;
    storage::storage_errc cause_ = storage::storage_errc::io;
    bool dead_ = false;
    std::uint64_t generation_ = 1;
    std::set<dying_session*> sessions_;
};

} // namespace tributary::test

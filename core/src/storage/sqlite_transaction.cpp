// The transactions of a session.
#include <storage/sqlite_error.hpp>
#include <storage/sqlite_session.hpp>

namespace tributary::storage {
namespace {

// Every savepoint has the same name: SQLite takes the innermost one.
constexpr const char* control_texts[] = {
    // A writer takes the write lock at once, so that no later statement can fail for the lack of it.
    "BEGIN IMMEDIATE",
    "BEGIN DEFERRED",
    // A deferred transaction takes its snapshot at the first read; this is that read.
    "SELECT 1 FROM sqlite_master LIMIT 1",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT tributary",
    "RELEASE tributary",
    "ROLLBACK TO tributary",
};

} // namespace

/// A reader of a shared handle has nothing to begin or end there: the handle's transaction is the writer's.
bool sqlite_session::runs_transactions() const noexcept {
    return mode_ == access::read_write || !connection_->is_shared();
}

result<void> sqlite_session::run_control(control which) {
    const auto index = static_cast<std::size_t>(which);
    const std::string_view text = control_texts[index];
    auto& slot = controls_[index];
    if (!slot) {
        TRIBUTARY_TRY_ASSIGN(fresh, sqlite_statement::prepare(*connection_, text, text,
                                                              sqlite_statement::purpose::own_control));
        slot.emplace(std::move(fresh));
    }
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(slot->get());
    // The failure's text is read before the reset, which may change it.
    result<void> outcome;
    if (code != SQLITE_DONE)
        outcome = sqlite_failure(connection_->handle(), code, text);
    slot->reset();
    return outcome;
}

result<void> sqlite_session::begin() {
    auto hold = enter();
    TRIBUTARY_TRY(check_usable("begin"));
    if (in_transaction_)
        return named_failure(storage_errc::invalid, "begin", "a transaction is open");
    if (mode_ == access::read_write) {
        if (connection_->transaction_of)
            return named_failure(storage_errc::busy, "begin", "another session's transaction is open");
        TRIBUTARY_TRY(run_control(control::begin_write));
        connection_->transaction_of = this;
    } else if (!connection_->is_shared()) {
        TRIBUTARY_TRY(run_control(control::begin_read));
        if (auto snapshot = run_control(control::snapshot); !snapshot) {
            static_cast<void>(run_control(control::rollback));
            return snapshot;
        }
    }
    in_transaction_ = true;
    transaction_lock_ = std::move(hold);
    return {};
}

void sqlite_session::end_transaction() noexcept {
    in_transaction_ = false;
    lost_transaction_.reset();
    savepoint_depth_ = 0;
    if (connection_->transaction_of == this)
        connection_->transaction_of = nullptr;
    if (transaction_lock_.owns_lock())
        transaction_lock_.unlock();
    transaction_lock_ = {};
}

result<void> sqlite_session::commit() {
    const auto hold = enter();
    if (!in_transaction_)
        return named_failure(storage_errc::invalid, "commit", "no transaction is open");
    if (auto usable = check_usable("commit"); !usable) {
        if (!in_row_callback_)
            rollback();
        return usable;
    }
    if (savepoint_depth_ != 0)
        return named_failure(storage_errc::invalid, "commit", "a savepoint is open");
    if (runs_transactions()) {
        if (auto committed = run_control(control::commit); !committed) {
            rollback();
            return committed;
        }
    }
    end_transaction();
    return {};
}

void sqlite_session::rollback() noexcept {
    if (!in_transaction_)
        return;
    const auto hold = enter();
    // A failure here means that SQLite has rolled back already; what matters is that no transaction is left.
    if (runs_transactions() && sqlite3_get_autocommit(connection_->handle()) == 0)
        static_cast<void>(run_control(control::rollback));
    end_transaction();
}

result<void> sqlite_session::savepoint() {
    const auto hold = enter();
    TRIBUTARY_TRY(check_usable("savepoint"));
    if (!in_transaction_)
        return named_failure(storage_errc::invalid, "savepoint", "no transaction is open");
    // A reader has nothing to undo.
    if (mode_ == access::read_write)
        TRIBUTARY_TRY(run_control(control::savepoint));
    ++savepoint_depth_;
    return {};
}

result<void> sqlite_session::release_savepoint() {
    const auto hold = enter();
    TRIBUTARY_TRY(check_usable("release savepoint"));
    if (savepoint_depth_ == 0)
        return named_failure(storage_errc::invalid, "release savepoint", "no savepoint is open");
    if (mode_ == access::read_write)
        TRIBUTARY_TRY(run_control(control::release));
    --savepoint_depth_;
    return {};
}

void sqlite_session::rollback_to_savepoint() noexcept {
    if (savepoint_depth_ == 0)
        return;
    const auto hold = enter();
    --savepoint_depth_;
    if (mode_ == access::read_only || lost_transaction_)
        return;
    // If the part cannot be undone, nothing of the transaction may be kept.
    if (!run_control(control::rollback_to) || !run_control(control::release))
        lost_transaction_ = storage_errc::io;
}

} // namespace tributary::storage

#include <support/faulty_database.hpp>
#include <utility>

namespace tributary::test {

using storage::row_function;
using storage::session;
using storage::statement;
using storage::storage_errc;
using storage::value;

/// A session of one process, that is, of one generation.
class faulty_session final : public session {
  public:
    faulty_session(faulty_database& owner, std::unique_ptr<session> inner, std::uint64_t generation)
        : owner_(owner), inner_(std::move(inner)), generation_(generation) {
        owner_.add(*this);
    }
    ~faulty_session() override { owner_.remove(*this); }
    faulty_session(const faulty_session&) = delete;
    faulty_session& operator=(const faulty_session&) = delete;

    result<std::uint64_t> execute(const statement& what, std::span<const value> parameters) override {
        return call<std::uint64_t>(what.name, [&] { return inner_->execute(what, parameters); });
    }
    result<void> query(const statement& what, std::span<const value> parameters,
                       const row_function& each) override {
        return call<void>(what.name, [&] { return inner_->query(what, parameters, each); });
    }
    result<void> execute_script(std::string_view sql) override {
        return call<void>("script", [&] { return inner_->execute_script(sql); });
    }
    result<void> begin() override {
        auto begun = call<void>("begin", [&] { return inner_->begin(); });
        in_transaction_ = in_transaction_ || begun.has_value();
        return begun;
    }
    result<void> commit() override {
        const bool was_lost = lost_.has_value();
        auto committed = call<void>(
            "commit", [&] { return inner_->commit(); }, true);
        if (was_lost || committed)
            end_transaction();
        else if (committed.error().code != storage_errc::invalid)
            rollback();
        return committed;
    }
    void rollback() noexcept override {
        end_transaction();
        if (owner_.is_alive(generation_))
            inner_->rollback();
    }
    result<void> savepoint() override {
        return call<void>("savepoint", [&] { return inner_->savepoint(); });
    }
    result<void> release_savepoint() override {
        return call<void>("release savepoint", [&] { return inner_->release_savepoint(); });
    }
    void rollback_to_savepoint() noexcept override {
        if (owner_.is_alive(generation_))
            inner_->rollback_to_savepoint();
    }
    void set_authority(std::string_view table_prefix, bool schema) override {
        if (owner_.is_alive(generation_))
            inner_->set_authority(table_prefix, schema);
    }

    /// The process is dead; what it had not committed is gone.
    void die() noexcept { inner_->rollback(); }

  private:
    template <class T, class Work> result<T> call(std::string_view name, Work work, bool is_commit = false) {
        using verdict = faulty_database::verdict;
        owner_.require_alive(generation_);
        const auto verdict_now = owner_.next();
        if (verdict_now == verdict::crash_before)
            owner_.crash();
        if (lost_)
            return lose<T>(name, *lost_, is_commit);
        if (verdict_now == verdict::fail_before)
            return lose<T>(name, owner_.planned_failure(), is_commit);
        auto outcome = work();
        if (verdict_now == verdict::crash_after)
            owner_.crash();
        if (verdict_now == verdict::fail_after && is_commit && outcome)
            return failure{owner_.planned_failure(), "injected after " + std::string(name)};
        return outcome;
    }

    template <class T> result<T> lose(std::string_view name, storage_errc code, bool is_commit) {
        const bool is_fatal =
            code == storage_errc::full || code == storage_errc::io || code == storage_errc::corrupt;
        if (in_transaction_ && is_fatal && !lost_)
            lost_ = code;
        if (is_commit)
            rollback();
        return failure{code, "injected into " + std::string(name)};
    }

    void end_transaction() noexcept {
        in_transaction_ = false;
        lost_.reset();
    }

    faulty_database& owner_;
    std::unique_ptr<session> inner_;
    std::uint64_t generation_;
    bool in_transaction_ = false;
    std::optional<storage_errc> lost_;
};

faulty_database::faulty_database(std::unique_ptr<storage::database> inner) : inner_(std::move(inner)) {}
faulty_database::~faulty_database() = default;

void faulty_database::fail_at(std::uint64_t call, storage_errc with, repeat how_often, moment when) {
    const std::lock_guard hold(mutex_);
    plan_ = plan{call, with, how_often, when};
    struck_ = false;
}

void faulty_database::crash_at(std::uint64_t call, moment when) {
    const std::lock_guard hold(mutex_);
    plan_ = plan{call, std::nullopt, repeat::once, when};
    struck_ = false;
}

void faulty_database::clear_faults() {
    const std::lock_guard hold(mutex_);
    plan_.reset();
}

std::uint64_t faulty_database::calls() const {
    const std::lock_guard hold(mutex_);
    return calls_;
}

bool faulty_database::struck() const {
    const std::lock_guard hold(mutex_);
    return struck_;
}

bool faulty_database::crashed() const {
    const std::lock_guard hold(mutex_);
    return crashed_;
}

void faulty_database::restart() {
    const std::lock_guard hold(mutex_);
    for (auto* each : sessions_)
        each->die();
    ++generation_;
    plan_.reset();
    calls_ = 0;
    crashed_ = false;
}

faulty_database::verdict faulty_database::next() {
    const std::lock_guard hold(mutex_);
    ++calls_;
    if (!plan_)
        return verdict::proceed;
    const bool strikes =
        calls_ == plan_->call || (plan_->how_often == repeat::from_then_on && calls_ > plan_->call);
    if (!strikes)
        return verdict::proceed;
    struck_ = true;
    if (plan_->failure)
        return plan_->when == moment::before ? verdict::fail_before : verdict::fail_after;
    return plan_->when == moment::before ? verdict::crash_before : verdict::crash_after;
}

storage_errc faulty_database::planned_failure() const {
    const std::lock_guard hold(mutex_);
    return plan_ && plan_->failure ? *plan_->failure : storage_errc::io;
}

void faulty_database::crash() {
    std::uint64_t call = 0;
    {
        const std::lock_guard hold(mutex_);
        crashed_ = true;
        call = calls_;
        for (auto* each : sessions_)
            each->die();
    }
    throw simulated_crash{call};
}

bool faulty_database::is_alive(std::uint64_t generation) const {
    const std::lock_guard hold(mutex_);
    return !crashed_ && generation == generation_;
}

void faulty_database::require_alive(std::uint64_t generation) const {
    if (!is_alive(generation))
        throw simulated_crash{calls()};
}

void faulty_database::add(faulty_session& session) {
    const std::lock_guard hold(mutex_);
    sessions_.insert(&session);
}

void faulty_database::remove(faulty_session& session) noexcept {
    const std::lock_guard hold(mutex_);
    sessions_.erase(&session);
}

template <class Open> result<std::unique_ptr<session>> faulty_database::open(Open open_inner) {
    std::uint64_t generation = 0;
    {
        const std::lock_guard hold(mutex_);
        if (crashed_)
            throw simulated_crash{calls_};
        generation = generation_;
    }
    const auto verdict_now = next();
    if (verdict_now == verdict::crash_before)
        crash();
    if (verdict_now == verdict::fail_before)
        return failure{planned_failure(), "injected into open"};
    TRIBUTARY_TRY_ASSIGN(inner, open_inner());
    if (verdict_now == verdict::crash_after)
        crash();
    return std::unique_ptr<session>(std::make_unique<faulty_session>(*this, std::move(inner), generation));
}

result<std::unique_ptr<session>> faulty_database::open_writer() {
    return open([this] { return inner_->open_writer(); });
}

result<std::unique_ptr<session>> faulty_database::open_reader() {
    return open([this] { return inner_->open_reader(); });
}

} // namespace tributary::test

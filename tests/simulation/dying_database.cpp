#include "simulation/dying_database.hpp"

#include <utility>

namespace tributary::test {

using storage::row_function;
using storage::session;
using storage::statement;
using storage::value;

/// A session of one process, that is, of one generation.
class dying_session final : public session {
  public:
    dying_session(dying_database& owner, std::unique_ptr<session> inner, std::uint64_t generation)
        : owner_(owner), inner_(std::move(inner)), generation_(generation) {
        owner_.sessions_.insert(this);
    }
    ~dying_session() override { owner_.sessions_.erase(this); }
    dying_session(const dying_session&) = delete;
    dying_session& operator=(const dying_session&) = delete;

    result<std::uint64_t> execute(const statement& what, std::span<const value> parameters) override {
        return call<std::uint64_t>([&] { return inner_->execute(what, parameters); });
    }
    result<void> query(const statement& what, std::span<const value> parameters,
                       const row_function& each) override {
        return call<void>([&] { return inner_->query(what, parameters, each); });
    }
    result<void> execute_script(std::string_view sql) override {
        return call<void>([&] { return inner_->execute_script(sql); });
    }
    result<void> begin() override {
        auto begun = call<void>([&] { return inner_->begin(); });
        in_transaction_ = in_transaction_ || begun.has_value();
        return begun;
    }
    result<void> commit() override {
        auto committed = call<void>([&] { return inner_->commit(); }, true);
        in_transaction_ = false;
        return committed;
    }
    void rollback() noexcept override {
        in_transaction_ = false;
        if (is_alive())
            inner_->rollback();
    }
    result<void> savepoint() override {
        return call<void>([&] { return inner_->savepoint(); });
    }
    result<void> release_savepoint() override {
        return call<void>([&] { return inner_->release_savepoint(); });
    }
    void rollback_to_savepoint() noexcept override {
        if (is_alive())
            inner_->rollback_to_savepoint();
    }
    void set_authority(std::string_view table_prefix, bool schema) override {
        inner_->set_authority(table_prefix, schema);
    }

    void lose_uncommitted() noexcept {
        in_transaction_ = false;
        inner_->rollback();
    }
    bool in_transaction() const noexcept { return in_transaction_ && is_alive(); }

  private:
    bool is_alive() const noexcept { return !owner_.dead_ && generation_ == owner_.generation_; }

    template <class T, class Work> result<T> call(Work work, bool is_commit = false) {
        if (!is_alive())
            return owner_.dead();
        const auto last = owner_.next(is_commit);
        if (last == dying_database::moment::before)
            return owner_.die();
        result<T> outcome = work();
        if (last == dying_database::moment::after)
            return owner_.die();
        return outcome;
    }

    dying_database& owner_;
    std::unique_ptr<session> inner_;
    std::uint64_t generation_;
    bool in_transaction_ = false;
};

dying_database::dying_database(std::unique_ptr<storage::database> inner) : inner_(std::move(inner)) {}
dying_database::~dying_database() = default;

void dying_database::die_in(std::uint64_t call, moment when, storage::storage_errc with) {
    plan_ = plan{std::max<std::uint64_t>(call, 1), when, with};
}

void dying_database::die_at_commit(moment when, storage::storage_errc with) {
    plan_ = plan{0, when, with};
}

void dying_database::live_on() {
    plan_.reset();
}

void dying_database::revive() {
    ++generation_;
    dead_ = false;
    plan_.reset();
}

bool dying_database::in_transaction() const noexcept {
    for (const dying_session* one : sessions_)
        if (one->in_transaction())
            return true;
    return false;
}

std::optional<dying_database::moment> dying_database::next(bool is_commit) {
    if (!plan_)
        return std::nullopt;
    if (plan_->calls_left == 0)
        return is_commit ? std::optional(plan_->when) : std::nullopt;
    // A plan that has run down stays at its call: it is taken away by the death itself.
    return --plan_->calls_left == 0 ? std::optional(plan_->when) : std::nullopt;
}

failure dying_database::die() {
    dead_ = true;
    cause_ = plan_->with;
    plan_.reset();
    for (dying_session* one : sessions_)
        one->lose_uncommitted();
    return dead();
}

failure dying_database::dead() const {
    return {cause_, "the process is dead"};
}

template <class Open> result<std::unique_ptr<session>> dying_database::open(Open open_inner) {
    if (dead_)
        return dead();
    const auto last = next(false);
    if (last == moment::before)
        return die();
    TRIBUTARY_TRY_ASSIGN(inner, open_inner());
    if (last == moment::after)
        return die();
    return std::unique_ptr<session>(std::make_unique<dying_session>(*this, std::move(inner), generation_));
}

result<std::unique_ptr<session>> dying_database::open_writer() {
    return open([this] { return inner_->open_writer(); });
}

result<std::unique_ptr<session>> dying_database::open_reader() {
    return open([this] { return inner_->open_reader(); });
}

} // namespace tributary::test

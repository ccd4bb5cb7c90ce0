#include "simulation/dying_database.hpp"

namespace tributary::test {

namespace {

using storage::row_function;
using storage::statement;
using storage::value;

failure dead() { return failure(storage::storage_errc::io, "the process is dead"); }

class dying_session final : public storage::session {
  public:
    explicit dying_session(std::unique_ptr<storage::session> inner) : inner_(std::move(inner)) {}

    result<std::uint64_t> execute(const statement& what, std::span<const value> parameters) override {
        return call<std::uint64_t>([&] { return inner_->execute(what, parameters); });
    }
    result<void> query(const statement& what, std::span<const value> parameters, const row_function& each) override {
        return call<void>([&] { return inner_->query(what, parameters, each); });
    }
    result<void> execute_script(std::string_view sql) override {
        return call<void>([&] { return inner_->execute_script(sql); });
    }
    result<void> begin() override {
        return call<void>([&] { return inner_->begin(); });
    }
    result<void> commit() override {
        return call<void>([&] { return inner_->commit(); });
    }
    void rollback() noexcept override { inner_->rollback(); }
    result<void> savepoint() override {
        return call<void>([&] { return inner_->savepoint(); });
    }
    result<void> release_savepoint() override {
        return call<void>([&] { return inner_->release_savepoint(); });
    }
    void rollback_to_savepoint() noexcept override { inner_->rollback_to_savepoint(); }
    void set_authority(std::string_view table_prefix, bool schema) override {
        inner_->set_authority(table_prefix, schema);
    }

  private:
    template <class T, class Work> result<T> call(Work work) {
        try {
            return work();
        } catch (const simulated_crash&) {
            return dead();
        }
    }

    std::unique_ptr<storage::session> inner_;
};

class dying_database final : public storage::database {
  public:
    explicit dying_database(faulty_database& inner) : inner_(inner) {}

    result<std::unique_ptr<storage::session>> open_writer() override {
        return open([&] { return inner_.open_writer(); });
    }
    result<std::unique_ptr<storage::session>> open_reader() override {
        return open([&] { return inner_.open_reader(); });
    }
    std::string_view backend() const noexcept override { return inner_.backend(); }
    std::string dialect(std::string_view portable_sql) const override { return inner_.dialect(portable_sql); }

  private:
    template <class Open> static result<std::unique_ptr<storage::session>> open(Open open_inner) {
        try {
            TRIBUTARY_TRY_ASSIGN(inner, open_inner());
            return std::unique_ptr<storage::session>(std::make_unique<dying_session>(std::move(inner)));
        } catch (const simulated_crash&) {
            return dead();
        }
    }

    faulty_database& inner_;
};

} // namespace

std::unique_ptr<storage::database> make_dying(faulty_database& inner) {
    return std::make_unique<dying_database>(inner);
}

} // namespace tributary::test

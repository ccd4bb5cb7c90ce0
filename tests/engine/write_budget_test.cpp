// Goal: a delivery costs at most 15 statements, from the webhook to the rows that follow from it, whatever
// the size of the batch and however much is known already. Method: statements are counted by name under the
// engine; deliveries are those of a shop that says all it knows.
//
// In a batch of many everything counts, reads too; `begin` and `commit` belong to the batch. A delivery that
// comes alone, when nobody waits, is held to the same number of statements that write.
#include <tributary/engine/engine.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <plugins/toy/toy_message.hpp>

#include "support/engine_fixture.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

using storage::row_function;
using storage::session;
using storage::statement;
using storage::value;

constexpr double statements_max = 15; ///< a delivery: the write budget of the architecture

/// How often each statement was run.
struct counts {
    std::map<std::string, std::uint64_t, std::less<>> writes;
    std::map<std::string, std::uint64_t, std::less<>> reads;

    void add(const statement& what) {
        const auto start = what.sql.find_first_not_of(" \n");
        (what.sql.substr(start).starts_with("SELECT") ? reads : writes)[std::string(what.name)] += 1;
    }
};

class counting_session final : public session {
  public:
    counting_session(counts& into, std::unique_ptr<session> inner) : into_(into), inner_(std::move(inner)) {}

    result<std::uint64_t> execute(const statement& what, std::span<const value> parameters) override {
        into_.add(what);
        return inner_->execute(what, parameters);
    }
    result<void> query(const statement& what, std::span<const value> parameters,
                       const row_function& each) override {
        into_.add(what);
        return inner_->query(what, parameters, each);
    }
    result<void> execute_script(std::string_view sql) override {
        ++into_.writes["script"];
        return inner_->execute_script(sql);
    }
    result<void> begin() override { return inner_->begin(); }
    result<void> commit() override { return inner_->commit(); }
    void rollback() noexcept override { inner_->rollback(); }
    result<void> savepoint() override { return inner_->savepoint(); }
    result<void> release_savepoint() override { return inner_->release_savepoint(); }
    void rollback_to_savepoint() noexcept override { inner_->rollback_to_savepoint(); }
    void set_authority(std::string_view table_prefix, bool schema) override {
        inner_->set_authority(table_prefix, schema);
    }

  private:
    counts& into_;
    std::unique_ptr<session> inner_;
};

class counting_database final : public storage::database {
  public:
    counting_database(counts& into, std::unique_ptr<storage::database> inner)
        : into_(into), inner_(std::move(inner)) {}

    result<std::unique_ptr<session>> open_writer() override { return count(inner_->open_writer()); }
    result<std::unique_ptr<session>> open_reader() override { return count(inner_->open_reader()); }
    std::string_view backend() const noexcept override { return inner_->backend(); }
    std::string dialect(std::string_view portable_sql) const override {
        return inner_->dialect(portable_sql);
    }

  private:
    result<std::unique_ptr<session>> count(result<std::unique_ptr<session>> opened) {
        TRIBUTARY_TRY_ASSIGN(inner, std::move(opened));
        return std::unique_ptr<session>(std::make_unique<counting_session>(into_, std::move(inner)));
    }

    counts& into_;
    std::unique_ptr<storage::database> inner_;
};

struct fixture {
    counts spent;
    engine_world world{{.engine = {},
                        .next_release = false,
                        .more = {},
                        .wrap = [this](std::unique_ptr<storage::database> inner) {
                            return std::make_unique<counting_database>(spent, std::move(inner));
                        }}};
    space in = world.new_workspace();

    fixture() {
        world.set_rate(in, "USD", 1000, start_ms - day_ms);
        for (std::size_t index = 0; index < 8; ++index)
            world.record_click(in, click(index), "link", start_ms - hour_ms);
        deliver({payment(1000)}); // What only the first delivery of a process does.
    }

    static std::string click(std::size_t of) { return "k" + std::to_string(of % 8); }
    static std::string customer(std::size_t of) { return "c" + std::to_string(of); }

    /// A customer's payment that says all that a shop knows of it.
    static std::string payment(std::size_t of, std::size_t number = 0) {
        const std::string id = "p" + std::to_string(of) + "_" + std::to_string(number);
        return toy::payment("e_" + id, id, start_ms + static_cast<time_ms>(number), 1000)
            .list("same_as", {"pi_" + id})
            .line("customer", customer(of))
            .line("user", "user_" + std::to_string(of))
            .line("click", click(of))
            .text();
    }
    static std::string subscription(std::size_t of, std::size_t number) {
        return toy::item_text("subscription", "es_" + std::to_string(of) + "_" + std::to_string(number),
                              "s" + std::to_string(of))
            .line("time", start_ms + static_cast<time_ms>(number))
            .line("status", "active")
            .line("period_end", start_ms + 30 * day_ms)
            .line("customer", customer(of))
            .text();
    }

    /// One batch, and the batch that works on it.
    void deliver(const std::vector<std::string>& bodies) {
        std::vector<job> batch;
        for (const std::string& body : bodies)
            batch.push_back(world.delivery_job(world.make_delivery(engine_world::connection_of(in), body)));
        world.run(std::move(batch));
        while (world.engine().has_work())
            world.run({});
    }

    /// What a batch costs, a delivery.
    void check(std::string_view what, const std::vector<std::string>& bodies) {
        const bool with_reads = bodies.size() > 1;
        spent = {};
        deliver(bodies);
        std::string shown;
        const auto a_delivery = [&](const auto& of) {
            std::uint64_t sum = 0;
            for (const auto& [name, count] : of) {
                sum += count;
                shown += "\n  " + std::to_string(count) + " " + name;
            }
            return static_cast<double>(sum) / static_cast<double>(bodies.size());
        };
        const double writes = a_delivery(spent.writes);
        const double reads = a_delivery(spent.reads);
        BOOST_TEST_MESSAGE(what << ": " << writes << " statements that write and " << reads
                                << " that read, a delivery" << shown);
        const double counted = with_reads ? writes + reads : writes;
        BOOST_TEST(counted <= statements_max, what << " costs " << counted << " statements a delivery, of "
                                                   << bodies.size() << ":" << shown);
    }

    template <class Make> static std::vector<std::string> many(Make make) {
        std::vector<std::string> bodies;
        for (std::size_t index = 0; index < 64; ++index)
            bodies.push_back(make(index));
        return bodies;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_write_budget, fixture)

BOOST_AUTO_TEST_CASE(holds_for_the_first_delivery_of_a_customer) {
    check("a first payment", {payment(1)});
}

BOOST_AUTO_TEST_CASE(holds_for_a_later_delivery_of_a_known_customer) {
    deliver({payment(1)});
    check("a second payment", {payment(1, 1)});
    check("a third payment", {payment(1, 2)});
    check("a first subscription", {subscription(1, 1)});
    check("a version of a known subscription", {subscription(1, 2)});
}

BOOST_AUTO_TEST_CASE(holds_for_a_repetition) {
    deliver({payment(1)});
    check("a repetition", {payment(1)});
}

BOOST_AUTO_TEST_CASE(holds_for_first_deliveries_in_a_batch_of_many) {
    check("first payments of 64 customers", many([](std::size_t index) { return payment(index); }));
}

BOOST_AUTO_TEST_CASE(holds_for_later_deliveries_in_a_batch_of_many) {
    deliver(many([](std::size_t index) { return payment(index); }));
    check("second payments of 64 customers", many([](std::size_t index) { return payment(index, 1); }));
    check("64 payments of one customer", many([](std::size_t index) { return payment(1, index + 2); }));
}

BOOST_AUTO_TEST_SUITE_END()

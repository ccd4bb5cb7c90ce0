#include <contract/storage_contract.hpp>
#include <support/faulty_database.hpp>

namespace {

using namespace tributary;
using namespace tributary::storage;
using namespace tributary::storage::contract;
using tributary::test::faulty_database;
using tributary::test::simulated_crash;
using moment = faulty_database::moment;
using repeat = faulty_database::repeat;

struct faulty_fixture {
    faulty_database db{open_sqlite({}).value()};
    std::unique_ptr<session> writer = db.open_writer().value();

    faulty_fixture() {
        require_success(writer->execute_script("CREATE TABLE item (id BIGINT NOT NULL PRIMARY KEY)"));
    }

    result<void> add_two(std::int64_t first) {
        TRIBUTARY_TRY(writer->begin());
        for (const auto id : {first, first + 1}) {
            if (auto added = execute(*writer, "INSERT INTO item (id) VALUES ($1)", {id}); !added) {
                writer->rollback();
                return std::move(added).error();
            }
        }
        return writer->commit();
    }
    std::string ids() { return rows(*db.open_reader().value(), "SELECT id FROM item ORDER BY id"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(faulty, faulty_fixture)

BOOST_AUTO_TEST_CASE(without_a_fault_it_only_counts) {
    const auto before = db.calls();
    BOOST_TEST(before == 2U); // open and the script
    require_success(add_two(1));
    BOOST_TEST(db.calls() == before + 4);
    BOOST_TEST(ids() == "1; 2");
    BOOST_TEST(!db.struck());
    BOOST_TEST(db.backend() == "sqlite");
    BOOST_TEST(db.dialect("{blob}") == "BLOB");
}

BOOST_AUTO_TEST_CASE(every_call_of_a_transaction_can_fail_and_nothing_is_kept) {
    for (std::uint64_t step = 1; step <= 4; ++step) {
        for (const auto code :
             {storage_errc::io, storage_errc::full, storage_errc::busy, storage_errc::conflict}) {
            db.fail_at(db.calls() + step, code);
            BOOST_TEST(code_of(add_two(1)) == code);
            BOOST_TEST(db.struck());
            db.clear_faults();
            BOOST_TEST(ids() == "");
        }
    }
    require_success(add_two(1));
}

BOOST_AUTO_TEST_CASE(a_fault_strikes_once_or_from_then_on) {
    db.fail_at(db.calls() + 1, storage_errc::full);
    BOOST_TEST(code_of(add_two(1)) == storage_errc::full);
    require_success(add_two(1));
    db.fail_at(db.calls() + 1, storage_errc::full, repeat::from_then_on);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(code_of(add_two(3)) == storage_errc::full);
    BOOST_TEST(db.open_reader().has_error());
    db.clear_faults();
    require_success(add_two(3));
    BOOST_TEST(ids() == "1; 2; 3; 4");
}

BOOST_AUTO_TEST_CASE(who_goes_on_after_losing_the_transaction_is_told_again) {
    require_success(writer->begin());
    require_success(execute(*writer, "INSERT INTO item (id) VALUES (1)"));
    db.fail_at(db.calls() + 1, storage_errc::full);
    BOOST_TEST(code_of(execute(*writer, "INSERT INTO item (id) VALUES (2)")) == storage_errc::full);
    BOOST_TEST(code_of(execute(*writer, "INSERT INTO item (id) VALUES (3)")) == storage_errc::full);
    BOOST_TEST(code_of(writer->commit()) == storage_errc::full);
    BOOST_TEST(ids() == "");
    require_success(add_two(1));
}

BOOST_AUTO_TEST_CASE(a_commit_that_reports_failure_may_have_happened) {
    db.fail_at(db.calls() + 4, storage_errc::io, repeat::once, moment::after);
    BOOST_TEST(code_of(add_two(1)) == storage_errc::io);
    BOOST_TEST(ids() == "1; 2");
    require_success(add_two(3));
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_call_keeps_all_of_a_transaction_or_nothing) {
    std::int64_t next = 1;
    std::string expected;
    for (const auto when : {moment::before, moment::after}) {
        for (std::uint64_t step = 1; step <= 4; ++step) {
            db.crash_at(db.calls() + step, when);
            BOOST_CHECK_THROW(static_cast<void>(add_two(next)), simulated_crash);
            BOOST_TEST(db.crashed());
            db.restart();
            BOOST_TEST(!db.crashed());
            BOOST_TEST(db.calls() == 0U);
            if (when == moment::after && step == 4)
                expected = std::to_string(next) + "; " + std::to_string(next + 1);
            BOOST_TEST(ids() == expected);
            writer = db.open_writer().value();
            next += 2;
        }
    }
}

BOOST_AUTO_TEST_CASE(the_dead_stay_dead) {
    auto reader = db.open_reader().value();
    require_success(writer->begin());
    require_success(execute(*writer, "INSERT INTO item (id) VALUES (1)"));
    db.crash_at(db.calls() + 1, moment::before);
    BOOST_CHECK_THROW(static_cast<void>(reader->begin()), simulated_crash);
    BOOST_CHECK_THROW(static_cast<void>(writer->commit()), simulated_crash);
    BOOST_CHECK_THROW(static_cast<void>(db.open_writer()), simulated_crash);
    writer->rollback();
    writer->rollback_to_savepoint();
    writer->set_authority("acme");
    db.restart();
    BOOST_CHECK_THROW(static_cast<void>(writer->begin()), simulated_crash);
    auto next = db.open_writer().value();
    require_success(next->begin());
    require_success(execute(*next, "INSERT INTO item (id) VALUES (2)"));
    writer->rollback();
    require_success(next->commit());
    BOOST_TEST(ids() == "2");
}

BOOST_AUTO_TEST_CASE(opening_can_fail_and_crash) {
    db.fail_at(db.calls() + 1, storage_errc::io);
    BOOST_TEST(code_of(db.open_writer()) == storage_errc::io);
    db.crash_at(db.calls() + 1, moment::after);
    BOOST_CHECK_THROW(static_cast<void>(db.open_reader()), simulated_crash);
    db.restart();
    BOOST_TEST(ids() == "");
}

BOOST_AUTO_TEST_SUITE_END()

#pragma once

// Transactions, savepoints, readers.

#include <contract/storage_contract.hpp>

namespace tributary::storage::contract {

BOOST_AUTO_TEST_SUITE(transactions)

BOOST_AUTO_TEST_CASE_TEMPLATE(commit_keeps_and_rollback_forgets, backend, storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    f.add(1);
    require_success(f.writer->commit());
    require_success(f.writer->begin());
    f.add(2);
    BOOST_TEST(f.ids() == "1; 2");
    f.writer->rollback();
    BOOST_TEST(f.ids() == "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_session_that_goes_rolls_back, backend, storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    f.add(1);
    f.writer.reset();
    f.writer = require_value(f.db->open_writer());
    BOOST_TEST(f.ids().empty());
    f.add(2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(begin_and_commit_come_in_pairs, backend, storage_backends) {
    storage_fixture<backend> f;
    BOOST_TEST(code_of(f.writer->commit()) == storage_errc::invalid);
    f.writer->rollback();
    f.writer->rollback_to_savepoint();
    BOOST_TEST(code_of(f.writer->savepoint()) == storage_errc::invalid);
    BOOST_TEST(code_of(f.writer->release_savepoint()) == storage_errc::invalid);
    require_success(f.writer->begin());
    BOOST_TEST(code_of(f.writer->begin()) == storage_errc::invalid);
    BOOST_TEST(code_of(f.writer->release_savepoint()) == storage_errc::invalid);
    f.add(1);
    require_success(f.writer->savepoint());
    BOOST_TEST(code_of(f.writer->commit()) == storage_errc::invalid);
    require_success(f.writer->release_savepoint());
    require_success(f.writer->commit());
    BOOST_TEST(f.ids() == "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(statements_cannot_end_the_transaction, backend, storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    f.add(1);
    for (const std::string_view sql : {"COMMIT", "ROLLBACK", "END", "BEGIN", "SAVEPOINT x", "RELEASE x"}) {
        BOOST_TEST_CONTEXT(sql) {
            BOOST_TEST(code_of(execute(*f.writer, sql)) == storage_errc::forbidden);
            BOOST_TEST(code_of(f.writer->execute_script(sql)) == storage_errc::forbidden);
        }
    }
    f.writer->rollback();
    BOOST_TEST(f.ids().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_failed_statement_leaves_the_transaction_as_it_was, backend,
                              storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    f.add(1);
    require_success(f.writer->savepoint());
    // Two of the three rows fit; the statement is all or nothing.
    BOOST_TEST(code_of(execute(*f.writer, "INSERT INTO item (id) VALUES (2), (3), (1)")) ==
               storage_errc::conflict);
    f.writer->rollback_to_savepoint();
    f.add(4);
    require_success(f.writer->commit());
    BOOST_TEST(f.ids() == "1; 4");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(savepoints_nest, backend, storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    f.add(1);
    require_success(f.writer->savepoint());
    f.add(2);
    require_success(f.writer->savepoint());
    f.add(3);
    f.writer->rollback_to_savepoint();
    BOOST_TEST(f.ids() == "1; 2");
    require_success(f.writer->savepoint());
    f.add(4);
    require_success(f.writer->release_savepoint());
    require_success(f.writer->release_savepoint());
    f.add(5);
    require_success(f.writer->commit());
    BOOST_TEST(f.ids() == "1; 2; 4; 5");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_outer_savepoint_takes_the_released_inner_one_with_it, backend,
                              storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    f.add(1);
    require_success(f.writer->savepoint());
    require_success(f.writer->savepoint());
    f.add(2);
    require_success(f.writer->release_savepoint());
    f.writer->rollback_to_savepoint();
    require_success(f.writer->commit());
    BOOST_TEST(f.ids() == "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rollback_forgets_open_savepoints, backend, storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    require_success(f.writer->savepoint());
    require_success(f.writer->savepoint());
    f.add(1);
    f.writer->rollback();
    require_success(f.writer->begin());
    BOOST_TEST(code_of(f.writer->release_savepoint()) == storage_errc::invalid);
    f.add(2);
    require_success(f.writer->commit());
    BOOST_TEST(f.ids() == "2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(schema_changes_are_rolled_back_too, backend, storage_backends) {
    storage_fixture<backend> f;
    require_success(f.writer->begin());
    f.script("CREATE TABLE passing (id BIGINT NOT NULL PRIMARY KEY); INSERT INTO passing (id) VALUES (1);");
    f.writer->rollback();
    BOOST_TEST(code_of(execute(*f.writer, "DELETE FROM passing")) == storage_errc::invalid);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_second_writer_is_told_that_the_database_is_busy, backend, storage_backends) {
    storage_fixture<backend> f;
    auto second = require_value(f.db->open_writer());
    require_success(f.writer->begin());
    f.add(1);
    BOOST_TEST(code_of(second->begin()) == storage_errc::busy);
    BOOST_TEST(code_of(execute(*second, "INSERT INTO item (id) VALUES (2)")) == storage_errc::busy);
    require_success(f.writer->commit());
    require_success(second->begin());
    require_success(execute(*second, "INSERT INTO item (id) VALUES (2)"));
    require_success(second->commit());
    BOOST_TEST(f.ids() == "1; 2");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(readers)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_reader_sees_what_is_committed, backend, storage_backends) {
    storage_fixture<backend> f;
    auto reader = require_value(f.db->open_reader());
    f.add(1);
    BOOST_TEST(f.ids(*reader) == "1");
    require_success(f.writer->begin());
    f.add(2);
    if (backend::isolates_readers)
        BOOST_TEST(f.ids(*reader) == "1");
    require_success(f.writer->commit());
    BOOST_TEST(f.ids(*reader) == "1; 2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_readers_transaction_is_a_snapshot, backend, storage_backends) {
    if (!backend::isolates_readers)
        return;
    storage_fixture<backend> f;
    f.add(1);
    auto reader = require_value(f.db->open_reader());
    require_success(reader->begin());
    f.add(2);
    BOOST_TEST(f.ids(*reader) == "1");
    f.add(3);
    BOOST_TEST(f.ids(*reader) == "1");
    require_success(reader->commit());
    BOOST_TEST(f.ids(*reader) == "1; 2; 3");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(several_readers_and_a_writer_do_not_wait_for_each_other, backend,
                              storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    auto first = require_value(f.db->open_reader());
    auto second = require_value(f.db->open_reader());
    require_success(first->begin());
    require_success(second->begin());
    BOOST_TEST(f.ids(*first) == "1");
    BOOST_TEST(f.ids(*second) == "1");
    require_success(f.writer->begin());
    f.add(2);
    require_success(f.writer->commit());
    first->rollback();
    require_success(second->commit());
    BOOST_TEST(f.ids(*first) == "1; 2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_reader_may_use_savepoints_though_it_has_nothing_to_undo, backend,
                              storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    auto reader = require_value(f.db->open_reader());
    require_success(reader->begin());
    require_success(reader->savepoint());
    BOOST_TEST(f.ids(*reader) == "1");
    reader->rollback_to_savepoint();
    require_success(reader->savepoint());
    require_success(reader->release_savepoint());
    require_success(reader->commit());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_reader_cannot_write, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    auto reader = require_value(f.db->open_reader());
    for (const bool inside : {false, true}) {
        if (inside)
            require_success(reader->begin());
        for (const std::string_view sql :
             {"INSERT INTO item (id) VALUES (2)", "DELETE FROM item", "UPDATE item SET size = 1",
              "CREATE TABLE x (id BIGINT)", "DROP TABLE item"}) {
            BOOST_TEST_CONTEXT(sql) {
                BOOST_TEST(code_of(execute(*reader, sql)) == storage_errc::forbidden);
                BOOST_TEST(code_of(reader->execute_script(sql)) == storage_errc::forbidden);
                BOOST_TEST(code_of(reader->query({"q", sql}, {}, [](const row&) {})) ==
                           storage_errc::forbidden);
            }
        }
        BOOST_TEST(f.ids(*reader) == "1");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::storage::contract

#pragma once

// Values, statements, and what is wrong with them.

#include <contract/storage_contract.hpp>
#include <cstdint>
#include <limits>

namespace tributary::storage::contract {

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE_TEMPLATE(null_is_not_an_empty_text_and_not_zero, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1, std::monostate{}, std::monostate{});
    f.add(2, std::string_view{}, std::int64_t{0});
    BOOST_TEST(rows(*f.writer, "SELECT name, size FROM item ORDER BY id") == "NULL|NULL; |0");
    require_success(
        f.writer->query({"q", "SELECT name, size FROM item WHERE id = 1"}, {}, [](const row& each) {
            BOOST_TEST(each.columns() == 2);
            BOOST_TEST(each.is_null(0));
            BOOST_TEST(!each.is_integer(1));
            BOOST_TEST(each.text(0) == "");
            BOOST_TEST(each.integer(1) == 0);
        }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(integers_keep_all_64_bits, backend, storage_backends) {
    storage_fixture<backend> f;
    using limits = std::numeric_limits<std::int64_t>;
    for (const auto number :
         {limits::min(), limits::min() + 1, std::int64_t{-1}, std::int64_t{0}, limits::max()})
        f.add(number);
    std::vector<std::int64_t> found;
    require_success(f.writer->query({"q", "SELECT id FROM item ORDER BY id"}, {}, [&](const row& each) {
        BOOST_TEST(each.is_integer(0));
        found.push_back(each.integer(0));
    }));
    BOOST_TEST(found == (std::vector<std::int64_t>{limits::min(), limits::min() + 1, -1, 0, limits::max()}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_sum_beyond_64_bits_is_an_error_and_not_a_double, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1, {}, std::numeric_limits<std::int64_t>::max());
    f.add(2, {}, std::int64_t{1});
    const auto outcome = f.writer->query({"q", "SELECT SUM(size) FROM item"}, {}, [](const row&) {});
    BOOST_TEST(code_of(outcome) == storage_errc::invalid);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(blobs_keep_every_byte, backend, storage_backends) {
    storage_fixture<backend> f;
    f.script("CREATE TABLE chunk (id BIGINT NOT NULL PRIMARY KEY, bytes {blob} NOT NULL)");
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    const std::string insert = "INSERT INTO chunk (id, bytes) VALUES ($1, $2)";
    require_success(execute(*f.writer, insert, {std::int64_t{1}, blob{all}}));
    require_success(execute(*f.writer, insert, {std::int64_t{2}, blob{}}));
    std::vector<std::string> found;
    require_success(f.writer->query({"q", "SELECT bytes FROM chunk ORDER BY id"}, {}, [&](const row& each) {
        BOOST_TEST(!each.is_null(0));
        found.emplace_back(each.text(0));
    }));
    BOOST_REQUIRE_EQUAL(found.size(), 2U);
    BOOST_TEST((found[0] == all));
    BOOST_TEST(found[1].empty());
    BOOST_TEST(rows(*f.writer, "SELECT id FROM chunk WHERE bytes = $1", {blob{all}}) == "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(texts_keep_utf8_quotes_and_sql, backend, storage_backends) {
    storage_fixture<backend> f;
    const std::string hostile = "Zoë 漢字 🙂 '; DROP TABLE item; -- \" \\ $1 \n\t";
    f.add(1, std::string_view(hostile));
    BOOST_TEST(rows(*f.writer, "SELECT name FROM item WHERE name = $1", {hostile}) == hostile);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_body_of_a_mebibyte_comes_back_whole, backend, storage_backends) {
    storage_fixture<backend> f;
    f.script("CREATE TABLE body (id BIGINT NOT NULL PRIMARY KEY, bytes {blob} NOT NULL)");
    std::string body(std::size_t{1} << 20, '\0');
    for (std::size_t i = 0; i < body.size(); ++i)
        body[i] = static_cast<char>((i * 131) ^ (i >> 8));
    require_success(
        execute(*f.writer, "INSERT INTO body (id, bytes) VALUES ($1, $2)", {std::int64_t{1}, blob{body}}));
    bool same = false;
    require_success(f.writer->query({"q", "SELECT bytes FROM body WHERE id = 1"}, {},
                                    [&](const row& each) { same = each.text(0) == body; }));
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_serial_grows_and_is_never_given_twice, backend, storage_backends) {
    storage_fixture<backend> f;
    f.script("CREATE TABLE entry (entry_id {serial}, name TEXT NOT NULL)");
    const std::string insert = "INSERT INTO entry (name) VALUES ($1) RETURNING entry_id";
    const auto next = [&](value name) { return std::stoll(rows(*f.writer, insert, {name})); };
    const auto first = next("a");
    const auto second = next("b");
    BOOST_TEST(second > first);
    BOOST_TEST(require_value(execute(*f.writer, "DELETE FROM entry")) == 2U);
    BOOST_TEST(next("c") > second);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statements)

BOOST_AUTO_TEST_CASE_TEMPLATE(execute_counts_the_rows_it_changed, backend, storage_backends) {
    storage_fixture<backend> f;
    for (std::int64_t id = 1; id <= 5; ++id)
        f.add(id);
    BOOST_TEST(
        require_value(execute(*f.writer, "UPDATE item SET size = 1 WHERE id > $1", {std::int64_t{2}})) == 3U);
    BOOST_TEST(require_value(execute(*f.writer, "CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)")) ==
               0U);
    BOOST_TEST(require_value(execute(*f.writer, "DELETE FROM item WHERE id = 77")) == 0U);
    BOOST_TEST(require_value(
                   execute(*f.writer, "INSERT INTO item (id) VALUES (1) ON CONFLICT (id) DO NOTHING")) == 0U);
    BOOST_TEST(require_value(execute(*f.writer, "INSERT INTO item (id, size) VALUES (1, 9) "
                                                "ON CONFLICT (id) DO UPDATE SET size = excluded.size")) ==
               1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_parameter_may_be_used_twice, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1, "seven", std::int64_t{7});
    f.add(7, "x", std::int64_t{0});
    BOOST_TEST(rows(*f.writer,
                    "SELECT id FROM item WHERE id = $1 OR size = $1 OR name = $2 OR name = $2 ORDER BY id",
                    {std::int64_t{7}, "nobody"}) == "1; 7");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_than_nine_parameters_keep_their_places, backend, storage_backends) {
    storage_fixture<backend> f;
    std::string sql = "SELECT ";
    std::vector<value> parameters;
    std::string expected;
    for (std::int64_t i = 1; i <= 12; ++i) {
        sql += (i > 1 ? ", " : "") + ("CAST($" + std::to_string(i)) + " AS BIGINT)";
        expected += (i > 1 ? "|" : "") + std::to_string(i * 10);
        parameters.emplace_back(i * 10);
    }
    BOOST_TEST(rows(*f.writer, sql, parameters) == expected);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_statement_can_be_run_again_after_it_failed, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    const std::string insert = "INSERT INTO item (id) VALUES ($1)";
    BOOST_TEST(code_of(execute(*f.writer, insert, {std::int64_t{1}})) == storage_errc::conflict);
    require_success(execute(*f.writer, insert, {std::int64_t{2}}));
    BOOST_TEST(f.ids() == "1; 2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(constraints_are_conflicts_that_name_statement_and_column_but_no_value, backend,
                              storage_backends) {
    storage_fixture<backend> f;
    f.script("CREATE TABLE mail (id BIGINT NOT NULL PRIMARY KEY, address TEXT NOT NULL UNIQUE)");
    const statement insert{"mail.insert", "INSERT INTO mail (id, address) VALUES ($1, $2)"};
    const value first[] = {std::int64_t{1}, "secret@example.test"};
    const value again[] = {std::int64_t{2}, "secret@example.test"};
    const value null[] = {std::int64_t{3}, std::monostate{}};
    require_success(f.writer->execute(insert, first));
    const auto unique = f.writer->execute(insert, again);
    BOOST_TEST(code_of(unique) == storage_errc::conflict);
    BOOST_TEST(text_of(unique).find("mail.insert") != std::string::npos);
    BOOST_TEST(text_of(unique).find("address") != std::string::npos);
    BOOST_TEST(text_of(unique).find("secret@example.test") == std::string::npos);
    BOOST_TEST(code_of(f.writer->execute(insert, null)) == storage_errc::conflict);
    BOOST_TEST(code_of(execute(*f.writer, "INSERT INTO item (id, size) VALUES (1, -1)")) ==
               storage_errc::conflict);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wrong_statements_are_invalid_and_change_nothing, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    for (const std::string_view wrong :
         {"INSRT INTO item (id) VALUES (2)", "INSERT INTO nothing (id) VALUES (2)",
          "INSERT INTO item (id, colour) VALUES (2, 3)", "", "  -- only a comment\n",
          "SELECT \"nothing\" FROM item", "DELETE FROM item; DELETE FROM item",
          "DELETE FROM item WHERE id = $", "DELETE FROM item WHERE id = ?", "DELETE FROM item WHERE id = :id",
          "DELETE FROM item WHERE id = $id", "DELETE FROM item WHERE id = $2"}) {
        BOOST_TEST_CONTEXT(wrong) {
            BOOST_TEST(code_of(execute(*f.writer, wrong)) == storage_errc::invalid);
            BOOST_TEST(code_of(execute(*f.writer, wrong, {std::int64_t{1}})) == storage_errc::invalid);
        }
    }
    require_success(execute(*f.writer, "DELETE FROM item WHERE id = 9; -- a comment behind it is fine"));
    BOOST_TEST(f.ids() == "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_number_of_parameters_must_fit, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    const std::string sql = "DELETE FROM item WHERE id = $1";
    const auto none = execute(*f.writer, sql);
    BOOST_TEST(code_of(none) == storage_errc::invalid);
    BOOST_TEST(text_of(none).find("1") != std::string::npos);
    BOOST_TEST(code_of(execute(*f.writer, sql, {std::int64_t{1}, std::int64_t{2}})) == storage_errc::invalid);
    BOOST_TEST(f.ids() == "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_that_nobody_takes_are_refused, backend, storage_backends) {
    storage_fixture<backend> f;
    BOOST_TEST(code_of(execute(*f.writer, "INSERT INTO item (id) VALUES (1) RETURNING id")) ==
               storage_errc::invalid);
    BOOST_TEST(f.ids().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_throwing_callback_leaves_the_statement_usable, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    f.add(2);
    const statement all{"item.all", "SELECT id FROM item ORDER BY id"};
    const auto throwing = [&] {
        static_cast<void>(f.writer->query(all, {}, [](const row&) { throw std::runtime_error("no more"); }));
    };
    BOOST_CHECK_THROW(throwing(), std::runtime_error);
    int seen = 0;
    require_success(f.writer->query(all, {}, [&](const row&) { ++seen; }));
    BOOST_TEST(seen == 2);
    require_success(f.writer->begin());
    BOOST_CHECK_THROW(throwing(), std::runtime_error);
    f.add(3);
    require_success(f.writer->commit());
    BOOST_TEST(f.ids() == "1; 2; 3");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_callback_cannot_use_its_own_session, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    error_code inner;
    require_success(f.writer->query({"q", "SELECT id FROM item"}, {}, [&](const row&) {
        inner = code_of(execute(*f.writer, "DELETE FROM item"));
    }));
    BOOST_TEST(inner == storage_errc::invalid);
    BOOST_TEST(f.ids() == "1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cached_statement_sees_a_changed_schema, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1, "a", std::int64_t{5});
    const std::string sql = "SELECT * FROM item";
    BOOST_TEST(rows(*f.writer, sql) == "1|a|5");
    f.script("ALTER TABLE item ADD COLUMN colour TEXT");
    BOOST_TEST(rows(*f.writer, sql) == "1|a|5|NULL");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_statements_than_the_cache_holds_all_work, backend, storage_backends) {
    storage_fixture<backend> f;
    f.add(1);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 700; ++i) {
            const auto sql = "SELECT " + std::to_string(i) + " FROM item";
            BOOST_TEST(rows(*f.writer, sql) == std::to_string(i));
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_script_runs_all_its_statements_up_to_the_first_wrong_one, backend,
                              storage_backends) {
    storage_fixture<backend> f;
    f.script(
        "-- two statements\nINSERT INTO item (id) VALUES (1);\n\nINSERT INTO item (id) VALUES (2) -- end");
    const auto outcome = f.writer->execute_script(
        "INSERT INTO item (id) VALUES (3);\n  UPDATE nothing SET x = 1;\nDELETE FROM item;");
    BOOST_TEST(code_of(outcome) == storage_errc::invalid);
    BOOST_TEST(text_of(outcome).find("UPDATE nothing") != std::string::npos);
    BOOST_TEST(f.ids() == "1; 2; 3");
    BOOST_TEST(code_of(f.writer->execute_script("DELETE FROM item WHERE id = $1")) == storage_errc::invalid);
    using namespace std::string_view_literals;
    BOOST_TEST(code_of(f.writer->execute_script("SELECT 1;\0DELETE FROM item"sv)) == storage_errc::invalid);
    BOOST_TEST(f.ids() == "1; 2; 3");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::storage::contract

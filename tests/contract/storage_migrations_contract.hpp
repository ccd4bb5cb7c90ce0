#pragma once

// migrate(): order, records, refusals.

#include <array>
#include <contract/storage_contract.hpp>

namespace tributary::storage::contract {

template <class Backend> struct migration_fixture : storage_fixture<Backend> {
    static constexpr std::int64_t now_ms = 1'700'000'000'000;

    result<std::uint32_t> run(std::string_view component, const std::vector<migration>& steps) {
        return migrate(*this->db, *this->writer, component, steps, now_ms);
    }
    std::string records() {
        return rows(*this->writer,
                    "SELECT component, number, applied_at FROM schema_migration ORDER BY component, number");
    }
    bool has_table(std::string_view table) {
        return this->writer->query({"q", "SELECT 1 FROM " + std::string(table)}, {}, [](const row&) {})
            .has_value();
    }
};

inline const migration acme_first{1, "CREATE TABLE acme_a (id {serial}, body {blob} NOT NULL);"
                                     "CREATE INDEX acme_a_by_body ON acme_a (body);"};
inline const migration acme_second{
    2, "ALTER TABLE acme_a ADD COLUMN name TEXT; INSERT INTO acme_a (body) VALUES ('x');"};

BOOST_AUTO_TEST_SUITE(migrations)

BOOST_AUTO_TEST_CASE_TEMPLATE(steps_run_once_in_order_and_are_recorded, backend, storage_backends) {
    migration_fixture<backend> f;
    BOOST_TEST(require_value(f.run("acme", {acme_first})) == 1U);
    BOOST_TEST(require_value(f.run("acme", {acme_first, acme_second})) == 1U);
    BOOST_TEST(require_value(f.run("acme", {acme_first, acme_second})) == 0U);
    BOOST_TEST(rows(*f.writer, "SELECT name FROM acme_a") == "NULL");
    BOOST_TEST(f.records() == "acme|1|1700000000000; acme|2|1700000000000");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(components_are_counted_apart, backend, storage_backends) {
    migration_fixture<backend> f;
    BOOST_TEST(require_value(f.run("core", {{1, "CREATE TABLE anything (id {serial})"}})) == 1U);
    BOOST_TEST(require_value(f.run("acme", {acme_first, acme_second})) == 2U);
    BOOST_TEST(require_value(f.run("none", {})) == 0U);
    BOOST_TEST(f.records() == "acme|1|1700000000000; acme|2|1700000000000; core|1|1700000000000");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_core_schema_applies_and_stays, backend, storage_backends) {
    migration_fixture<backend> f;
    const auto steps = core_migrations();
    BOOST_TEST(require_value(migrate(*f.db, *f.writer, "core", steps, 1)) == steps.size());
    BOOST_TEST(require_value(migrate(*f.db, *f.writer, "core", steps, 2)) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wrong_numbers_are_refused_before_anything_runs, backend, storage_backends) {
    migration_fixture<backend> f;
    const migration third{3, "CREATE TABLE acme_c (id BIGINT)"};
    const migration zero{0, "CREATE TABLE acme_z (id BIGINT)"};
    for (const auto& steps : {std::vector<migration>{acme_first, third},
                              {acme_second},
                              {zero, acme_first},
                              {acme_first, acme_first},
                              {acme_second, acme_first}})
        BOOST_TEST(code_of(f.run("acme", steps)) == storage_errc::invalid);
    BOOST_TEST(!f.has_table("acme_a"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_changed_step_is_refused, backend, storage_backends) {
    migration_fixture<backend> f;
    require_success(f.run("acme", {acme_first}));
    const migration changed{1, "CREATE TABLE acme_a (id {serial}, body TEXT)"};
    const auto outcome = f.run("acme", {changed, acme_second});
    BOOST_TEST(code_of(outcome) == storage_errc::invalid);
    BOOST_TEST(text_of(outcome).find("acme/1") != std::string::npos);
    BOOST_TEST(f.records() == "acme|1|1700000000000");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_newer_schema_is_refused, backend, storage_backends) {
    migration_fixture<backend> f;
    require_success(f.run("acme", {acme_first, acme_second}));
    BOOST_TEST(code_of(f.run("acme", {acme_first})) == storage_errc::newer_schema);
    BOOST_TEST(code_of(f.run("acme", {})) == storage_errc::newer_schema);
    BOOST_TEST(require_value(f.run("acme", {acme_first, acme_second})) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_missing_record_is_refused, backend, storage_backends) {
    migration_fixture<backend> f;
    require_success(f.run("acme", {acme_first, acme_second}));
    require_success(execute(*f.writer, "DELETE FROM schema_migration WHERE number = 1"));
    BOOST_TEST(code_of(f.run("acme", {acme_first, acme_second})) == storage_errc::invalid);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_failing_step_leaves_nothing_behind_and_keeps_those_before_it, backend,
                              storage_backends) {
    migration_fixture<backend> f;
    const migration failing{2, "CREATE TABLE acme_b (id {serial}); INSERT INTO acme_b (colour) VALUES (1);"};
    const auto outcome = f.run("acme", {acme_first, failing});
    BOOST_TEST(code_of(outcome) == storage_errc::invalid);
    BOOST_TEST(text_of(outcome).find("acme/2") != std::string::npos);
    BOOST_TEST(f.has_table("acme_a"));
    BOOST_TEST(!f.has_table("acme_b"));
    BOOST_TEST(f.records() == "acme|1|1700000000000");
    BOOST_TEST(require_value(f.run("acme", {acme_first, acme_second})) == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_plugins_step_keeps_to_its_own_tables, backend, storage_backends) {
    migration_fixture<backend> f;
    f.script("CREATE TABLE secret (id BIGINT NOT NULL PRIMARY KEY)");
    for (const std::string_view sql :
         {"CREATE TABLE acme_b (id {serial}); DROP TABLE secret;", "CREATE TABLE other_b (id {serial})",
          "CREATE TABLE acme_b (id {serial}); INSERT INTO acme_b (id) SELECT id FROM secret;",
          "DELETE FROM schema_migration", "CREATE TABLE acme_b (id {serial}); COMMIT;",
          "CREATE VIEW published_b AS SELECT id FROM secret"}) {
        BOOST_TEST_CONTEXT(sql) {
            BOOST_TEST(code_of(f.run("acme", {{1, sql}})) == storage_errc::invalid);
            BOOST_TEST(!f.has_table("acme_b"));
            BOOST_TEST(!f.has_table("other_b"));
        }
    }
    BOOST_TEST(f.has_table("secret"));
    BOOST_TEST(f.records().empty());
    // The core's authority is back.
    require_success(execute(*f.writer, "DELETE FROM secret"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(names_that_are_no_prefix_of_ones_own_are_refused, backend, storage_backends) {
    migration_fixture<backend> f;
    for (const std::string_view name : {"", "Acme", "1acme", "ac-me", "_acme", "acme'", "schema", "published",
                                        "sqlite", "pg", "published_x"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(code_of(f.run(name, {acme_first})) == storage_errc::invalid);
        }
    }
    BOOST_TEST(!f.has_table("acme_a"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::storage::contract

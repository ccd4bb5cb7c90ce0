#pragma once

// What a plugin's statements may touch.

#include <array>
#include <contract/storage_contract.hpp>

namespace tributary::storage::contract {

/// Tables of two plugins, of the core, and a published view on the core's.
template <class Backend> struct authority_fixture : storage_fixture<Backend> {
    authority_fixture() {
        this->script("CREATE TABLE secret (id BIGINT NOT NULL PRIMARY KEY, hidden BIGINT NOT NULL, shown "
                     "BIGINT NOT NULL);"
                     "CREATE VIEW published_secret AS SELECT s.id, s.shown FROM secret s WHERE s.hidden > 0;"
                     "CREATE VIEW internal_secret AS SELECT id FROM secret;"
                     "INSERT INTO secret (id, hidden, shown) VALUES (1, 10, 100), (2, 0, 200);"
                     "CREATE TABLE acme_link (id {serial}, name TEXT UNIQUE);"
                     "CREATE INDEX acme_link_by_name ON acme_link (name, id);"
                     "CREATE TABLE other_link (id BIGINT NOT NULL PRIMARY KEY);"
                     "CREATE TABLE acmelink (id BIGINT NOT NULL PRIMARY KEY);"
                     "CREATE TABLE acme_plain (id BIGINT NOT NULL PRIMARY KEY);"
                     "CREATE TABLE acme (id BIGINT NOT NULL PRIMARY KEY);");
    }

    void check_refused(std::string_view sql) {
        BOOST_TEST_CONTEXT(sql) {
            const auto outcome = this->writer->query({"acme.try", sql}, {}, [](const row&) {});
            BOOST_TEST(code_of(outcome) == storage_errc::forbidden, text_of(outcome));
            const auto scripted = this->writer->execute_script(sql);
            BOOST_TEST(code_of(scripted) == storage_errc::forbidden, text_of(scripted));
        }
    }
    void check_allowed(std::string_view sql) {
        BOOST_TEST_CONTEXT(sql) {
            require_success(this->writer->query({"acme.try", sql}, {}, [](const row&) {}));
        }
    }
};

BOOST_AUTO_TEST_SUITE(authority)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_plugin_uses_its_own_tables, backend, storage_backends) {
    authority_fixture<backend> f;
    const authority_guard guard(*f.writer, "acme");
    for (const std::string_view sql :
         {"INSERT INTO acme_link (name) VALUES ('a'), ('b')",
          "UPDATE acme_link SET name = 'c' WHERE name = 'b'",
          "INSERT INTO acme_link (name) VALUES ('a') ON CONFLICT (name) DO UPDATE SET name = excluded.name "
          "RETURNING id",
          "SELECT COUNT(*), MAX(id), LOWER(MIN(name)) FROM acme_link l WHERE l.name LIKE 'a%'",
          "WITH named AS (SELECT id FROM acme_link) SELECT a.id FROM named a JOIN acme_link b ON a.id = b.id",
          "SELECT x.n FROM (SELECT COUNT(*) AS n FROM acme_link) x",
          "DELETE FROM acme_link WHERE name = 'c'"})
        f.check_allowed(sql);
    BOOST_TEST(rows(*f.writer, "SELECT name FROM ACME_LINK") == "a");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_plugin_reads_published_views_and_only_through_them, backend,
                              storage_backends) {
    authority_fixture<backend> f;
    const authority_guard guard(*f.writer, "acme");
    BOOST_TEST(rows(*f.writer, "SELECT id, shown FROM published_secret") == "1|100");
    f.check_allowed("SELECT COUNT(*) FROM published_secret p JOIN acme_link l ON l.id = p.id");
    f.check_allowed("INSERT INTO acme_link (name) SELECT CAST(shown AS TEXT) FROM published_secret");
    f.check_refused("SELECT id FROM internal_secret");
    // Whether the view or the authority refuses these is the backend's affair.
    BOOST_TEST(execute(*f.writer, "DELETE FROM published_secret").has_error());
    BOOST_TEST(execute(*f.writer, "INSERT INTO published_secret (id, shown) VALUES (1, 2)").has_error());
    BOOST_TEST(rows(*f.writer, "SELECT id, shown FROM published_secret") == "1|100");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_plugin_touches_nothing_else, backend, storage_backends) {
    authority_fixture<backend> f;
    const authority_guard guard(*f.writer, "acme");
    for (const std::string_view sql :
         {"SELECT id FROM secret", "SELECT COUNT(*) FROM secret", "SELECT 1 FROM other_link",
          "SELECT id FROM acmelink", "SELECT id FROM acme",
          "INSERT INTO secret (id, hidden, shown) VALUES (3, 3, 3)", "UPDATE secret SET shown = 1",
          "DELETE FROM secret", "DELETE FROM other_link",
          "UPDATE acme_link SET name = (SELECT MAX(shown) FROM secret)",
          "INSERT INTO acme_link (name) SELECT hidden FROM secret",
          "SELECT l.id FROM acme_link l WHERE EXISTS (SELECT 1 FROM secret s WHERE s.id = l.id)",
          "DELETE FROM acme_link WHERE id IN (SELECT id FROM secret) RETURNING (SELECT MAX(hidden) FROM "
          "secret)",
          "SELECT id FROM acme_link UNION SELECT hidden FROM secret"})
        f.check_refused(sql);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_plugin_cannot_borrow_the_rights_of_a_view_by_its_name, backend,
                              storage_backends) {
    authority_fixture<backend> f;
    const authority_guard guard(*f.writer, "acme");
    for (const std::string_view sql :
         {"WITH published_secret AS (SELECT * FROM secret) SELECT * FROM published_secret",
          "WITH published_x(a, b, c) AS (SELECT * FROM secret) SELECT a FROM published_x",
          "WITH PUBLISHED_X AS (SELECT * FROM secret) SELECT * FROM published_x",
          "WITH \"published_x\" AS (SELECT * FROM secret) SELECT * FROM published_x",
          "WITH/**/published_x/* */AS--\n(SELECT * FROM secret) SELECT * FROM published_x",
          "WITH acme_a AS (SELECT 1), published_x AS (SELECT * FROM secret) SELECT * FROM published_x",
          "WITH RECURSIVE published_x AS (SELECT * FROM secret) SELECT * FROM published_x",
          "WITH published_x AS MATERIALIZED (SELECT * FROM secret) SELECT * FROM published_x",
          "WITH published_x AS NOT MATERIALIZED (SELECT * FROM secret) SELECT * FROM published_x",
          "WITH published_x AS (SELECT * FROM secret) SELECT y.hidden FROM published_x y, published_secret z",
          "SELECT * FROM (SELECT * FROM secret) AS published_x",
          "SELECT published_x.id FROM secret published_x"})
        f.check_refused(sql);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_plugin_does_not_change_the_schema_nor_the_transaction, backend,
                              storage_backends) {
    authority_fixture<backend> f;
    const authority_guard guard(*f.writer, "acme");
    for (const std::string_view sql :
         {"CREATE TABLE acme_more (id BIGINT)", "DROP TABLE acme_link",
          "ALTER TABLE acme_link ADD COLUMN x BIGINT", "CREATE INDEX acme_more ON acme_link (id)",
          "DROP INDEX acme_link_by_name", "CREATE VIEW acme_view AS SELECT 1 AS one",
          "CREATE TEMPORARY TABLE acme_temporary (id BIGINT)", "COMMIT", "BEGIN", "ROLLBACK",
          "SAVEPOINT acme_point"})
        f.check_refused(sql);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_authority_is_checked_anew_for_the_same_text, backend, storage_backends) {
    authority_fixture<backend> f;
    const std::string sql = "SELECT id FROM secret ORDER BY id";
    BOOST_TEST(rows(*f.writer, sql) == "1; 2");
    {
        const authority_guard guard(*f.writer, "acme");
        f.check_refused(sql);
        BOOST_TEST(rows(*f.writer, "SELECT id FROM acme_link").empty());
        f.writer->set_authority("other");
        f.check_refused("SELECT id FROM acme_link");
    }
    BOOST_TEST(rows(*f.writer, sql) == "1; 2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cached_statement_of_a_plugin_survives_a_change_of_the_schema, backend,
                              storage_backends) {
    authority_fixture<backend> f;
    const std::string sql = "SELECT COUNT(*) FROM published_secret";
    f.writer->set_authority("acme");
    BOOST_TEST(rows(*f.writer, sql) == "1");
    f.writer->set_authority("");
    f.script("CREATE TABLE later (id BIGINT NOT NULL PRIMARY KEY)");
    f.writer->set_authority("acme");
    BOOST_TEST(rows(*f.writer, sql) == "1");
    f.check_refused("SELECT id FROM later");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refusal_says_what_was_refused_and_keeps_the_transaction, backend,
                              storage_backends) {
    authority_fixture<backend> f;
    require_success(f.writer->begin());
    f.add(1);
    {
        const authority_guard guard(*f.writer, "acme");
        require_success(execute(*f.writer, "INSERT INTO acme_link (name) VALUES ('kept')"));
        const auto refused = f.writer->execute({"acme.steal", "DELETE FROM secret"}, {});
        BOOST_TEST(text_of(refused).find("acme.steal") != std::string::npos);
        BOOST_TEST(text_of(refused).find("secret") != std::string::npos);
    }
    require_success(f.writer->commit());
    BOOST_TEST(f.ids() == "1");
    BOOST_TEST(rows(*f.writer, "SELECT name FROM acme_link") == "kept");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(with_schema_rights_a_plugin_changes_its_own_schema_only, backend,
                              storage_backends) {
    authority_fixture<backend> f;
    const authority_guard guard(*f.writer, "acme", true);
    for (const std::string_view sql :
         {"CREATE TABLE acme_more (id {serial}, workspace_id BIGINT NOT NULL, name TEXT UNIQUE)",
          "CREATE UNIQUE INDEX acme_more_by_name ON acme_more (workspace_id, name)",
          "ALTER TABLE acme_more ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",
          "INSERT INTO acme_more (workspace_id, name) VALUES (1, 'a')",
          "ALTER TABLE acme_more RENAME COLUMN colour TO paint", "ALTER TABLE acme_more DROP COLUMN paint",
          "DROP INDEX acme_more_by_name", "DROP TABLE acme_more"})
        f.check_allowed(f.db->dialect(sql));
    for (const std::string_view sql :
         {"CREATE TABLE other_more (id BIGINT)", "CREATE TABLE acmemore (id BIGINT)", "DROP TABLE other_link",
          "ALTER TABLE other_link ADD COLUMN x BIGINT", "CREATE INDEX acme_index ON other_link (id)",
          "CREATE INDEX other_index ON acme_link (id)", "ALTER TABLE acme_link RENAME TO other_table",
          "ALTER TABLE acme_link RENAME TO published_x", "ALTER TABLE acme_plain RENAME TO other_plain",
          "ALTER TABLE acme_plain RENAME TO published_plain", "DROP TABLE secret",
          "DROP VIEW published_secret", "CREATE VIEW published_more AS SELECT hidden FROM secret",
          "CREATE VIEW acme_view AS SELECT 1 AS one", "CREATE TABLE acme_copy AS SELECT * FROM secret"})
        f.check_refused(sql);
    BOOST_TEST(rows(*f.writer, "SELECT id FROM published_secret") == "1");
}

// SQLite refuses a renaming for another reason as soon as the database has a {serial}; here it has none.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_plugin_cannot_rename_a_table_out_of_its_prefix, backend, storage_backends) {
    storage_fixture<backend> f;
    const authority_guard guard(*f.writer, "acme", true);
    f.script("CREATE TABLE acme_plain (id BIGINT NOT NULL PRIMARY KEY)");
    BOOST_TEST(code_of(f.writer->execute_script("ALTER TABLE acme_plain RENAME TO other_plain")) ==
               storage_errc::forbidden);
    BOOST_TEST(rows(*f.writer, "SELECT id FROM acme_plain") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::storage::contract

#include <boost/test/unit_test.hpp>

#include <support/query_plan.hpp>

namespace {

using namespace tributary;
using namespace tributary::storage;
using tributary::test::weak_plans;

struct plan_fixture {
    std::unique_ptr<database> db = open_sqlite({}).value();
    std::unique_ptr<session> on = db->open_writer().value();

    plan_fixture() {
        const auto made = on->execute_script(
            "CREATE TABLE sale (sale_id INTEGER PRIMARY KEY, workspace_id BIGINT NOT NULL, environment "
            "BIGINT NOT NULL,"
            " partner TEXT NOT NULL, at BIGINT NOT NULL, amount BIGINT NOT NULL, open BIGINT NOT NULL);"
            "CREATE INDEX sale_by_partner ON sale (workspace_id, environment, partner, at);"
            "CREATE INDEX sale_open ON sale (at) WHERE open = 1;"
            "CREATE TABLE setting (name TEXT, body TEXT);"
            "CREATE VIEW published_sale AS SELECT s.workspace_id, s.environment, s.partner, s.amount FROM "
            "sale s;");
        BOOST_REQUIRE(made.has_value());
    }

    void check_good(const std::string& sql, const std::set<std::string>& small = {}) {
        const auto weak = weak_plans(*on, {sql}, small);
        BOOST_TEST(weak.empty(), (weak.empty() ? sql : weak.front()));
    }
    void check_weak(const std::string& sql, const std::set<std::string>& small = {}) {
        const auto weak = weak_plans(*on, {sql}, small);
        BOOST_TEST(weak.size() == 1U, sql);
        if (!weak.empty())
            BOOST_TEST(weak.front().find(sql) != std::string::npos);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(query_plan, plan_fixture)

BOOST_AUTO_TEST_CASE(searches_by_a_whole_key_are_good) {
    check_good("SELECT amount FROM sale WHERE sale_id = $1");
    check_good(
        "SELECT amount FROM sale WHERE workspace_id = $1 AND environment = $2 AND partner = $3 AND at > $4");
    check_good("UPDATE sale SET amount = $1 WHERE workspace_id = $2 AND environment = $3 AND partner = $4");
    check_good("DELETE FROM sale WHERE sale_id IN (SELECT sale_id FROM sale WHERE workspace_id = $1 AND "
               "environment = $2 AND partner = $3)");
    check_good("SELECT amount FROM sale WHERE (workspace_id, environment, partner) > ($1, $2, $3) LIMIT 10");
    check_good(
        "SELECT amount FROM published_sale WHERE workspace_id = $1 AND environment = $2 AND partner = $3");
    check_good("INSERT INTO sale (workspace_id, environment, partner, at, amount, open) VALUES ($1, $2, $3, "
               "$4, $5, $6) "
               "ON CONFLICT DO NOTHING RETURNING sale_id");
    check_good("SELECT MAX(sale_id) FROM sale");
    check_good("SELECT amount FROM sale WHERE sale_id = $1 OR (workspace_id = $2 AND environment = $3 AND "
               "partner = $4)");
}

BOOST_AUTO_TEST_CASE(constant_rows_subqueries_and_common_table_expressions_may_be_scanned) {
    check_good("SELECT 1");
    check_good("SELECT column1 FROM (VALUES (1), (2)) v");
    check_good("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n");
    check_good(
        "WITH k AS MATERIALIZED (SELECT partner FROM sale WHERE workspace_id = $1 AND environment = $2 AND "
        "partner > $3) SELECT a.partner FROM k a CROSS JOIN k AS b");
    check_good(
        "SELECT COUNT(*) FROM (SELECT DISTINCT at FROM sale WHERE workspace_id = $1 AND environment = $2 AND "
        "partner = $3) q");
}

BOOST_AUTO_TEST_CASE(scans_are_weak) {
    check_weak("SELECT amount FROM sale");
    check_weak("SELECT amount FROM sale WHERE amount = $1");
    check_weak("SELECT s.amount FROM sale AS s WHERE s.at = $1");
    check_weak("SELECT COUNT(*) FROM sale");
    check_weak("SELECT amount FROM sale ORDER BY sale_id LIMIT 5");
    check_weak("UPDATE sale SET amount = 0 WHERE partner = $1");
    check_weak("SELECT amount FROM published_sale WHERE partner = $1");
    check_weak("SELECT a.amount FROM sale a WHERE a.sale_id = $1 AND EXISTS (SELECT 1 FROM sale b WHERE b.at "
               "= a.at)");
    check_weak("WITH k AS MATERIALIZED (SELECT partner FROM sale) SELECT partner FROM k");
    check_weak("SELECT b.amount FROM sale a LEFT JOIN sale b ON b.partner = a.partner WHERE a.sale_id = $1");
}

BOOST_AUTO_TEST_CASE(an_index_built_while_it_runs_is_weak) {
    const std::string sql =
        "SELECT a.body FROM setting a JOIN setting b ON a.name = b.body WHERE b.name = $1";
    int built = 0;
    for (const auto& each : weak_plans(*on, {sql}))
        built += each.find("AUTOMATIC") != std::string::npos ? 1 : 0;
    BOOST_TEST(built == 1);
    check_good(sql, {"setting"});
}

BOOST_AUTO_TEST_CASE(searches_by_the_workspace_alone_are_weak) {
    check_weak("SELECT amount FROM sale WHERE workspace_id = $1");
    check_weak("SELECT amount FROM sale WHERE workspace_id = $1 AND environment = $2");
    check_weak("SELECT amount FROM sale WHERE workspace_id = $1 AND environment = $2 AND at = $3");
    check_weak("SELECT amount FROM sale WHERE workspace_id > $1");
    check_weak("SELECT amount FROM published_sale WHERE workspace_id = $1 AND environment = $2");
}

BOOST_AUTO_TEST_CASE(what_the_caller_calls_small_may_be_walked) {
    check_weak("SELECT body FROM setting");
    check_good("SELECT body FROM setting", {"setting"});
    check_good("SELECT x.body FROM setting x", {"setting"});
    check_weak("SELECT sale_id FROM sale WHERE open = 1 ORDER BY at LIMIT 5");
    check_good("SELECT sale_id FROM sale WHERE open = 1 ORDER BY at LIMIT 5", {"sale:sale_open"});
    check_weak("SELECT sale_id FROM sale", {"sale:sale_open", "setting"});
    // An alias does not make a big table small.
    check_weak("SELECT setting.amount FROM sale AS setting", {"setting"});
}

BOOST_AUTO_TEST_CASE(what_cannot_be_explained_is_reported_and_what_has_no_plan_passes) {
    check_weak("SELECT nothing FROM nowhere");
    check_good("CREATE TABLE other (id BIGINT)");
    check_good("EXPLAIN QUERY PLAN SELECT amount FROM sale");
    BOOST_TEST(weak_plans(*on, {}).empty());
}

BOOST_AUTO_TEST_CASE(collecting_through_on_prepare_works_while_explaining) {
    std::set<std::string> prepared;
    sqlite_options options;
    options.on_prepare = [&](std::string_view sql) { prepared.emplace(sql); };
    const auto watched = open_sqlite(options).value();
    const auto writer = watched->open_writer().value();
    BOOST_REQUIRE(writer->execute_script("CREATE TABLE sale (id BIGINT)").has_value());
    BOOST_REQUIRE(writer->begin().has_value());
    for (int twice = 0; twice < 2; ++twice)
        BOOST_REQUIRE(writer->execute({"sale.clear", "DELETE FROM sale WHERE id > 1"}, {}).has_value());
    BOOST_REQUIRE(writer->commit().has_value());
    BOOST_TEST(prepared == (std::set<std::string>{"DELETE FROM sale WHERE id > 1"}),
               boost::test_tools::per_element());
    for (int twice = 0; twice < 2; ++twice)
        BOOST_TEST(weak_plans(*writer, prepared).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

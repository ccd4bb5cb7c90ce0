// The tool's own statements search an index, however large the tables grow.
#include <boost/test/unit_test.hpp>

#include <set>

#include "app/cli/queries.sql.hpp"
#include "support/query_plan.hpp"

namespace sql = tributary::app::cli::sql;
using namespace tributary;

BOOST_AUTO_TEST_SUITE(queries)

BOOST_AUTO_TEST_CASE(no_statement_walks_through_a_table_that_grows) {
    auto database = storage::open_sqlite({});
    BOOST_REQUIRE(database);
    auto session = (*database)->open_writer();
    BOOST_REQUIRE(session);
    BOOST_REQUIRE(storage::migrate(**database, **session, "core", storage::core_migrations(), 0));
    std::set<std::string> all;
    for (const storage::statement& each :
         {sql::inbox_page, sql::inbox_page_of_connection, sql::facts_of_record, sql::failed_records,
          sql::count_pending, sql::count_waiting, sql::count_failed, sql::newest_record, sql::failed_folds,
          sql::outdated_folds, sql::conflicts, sql::unfinished_wants, sql::applied_migrations,
          sql::write_test})
        all.emplace(each.sql);
    const std::set<std::string> small{
        "schema_migration", // One row for each step of a schema.
    };
    for (const std::string& weak : test::weak_plans(**session, all, small))
        // The newest record is the end of the primary key, found without a search.
        BOOST_TEST(weak.find(sql::newest_record.sql) != std::string::npos, weak);
}

BOOST_AUTO_TEST_SUITE_END()

// Goal: no statement of the accounts reads a whole table, nor all rows of a workspace to find one of them.
// Method: the plan of each, as SQLite tells it.
#include <tributary/storage/storage.hpp>

#include <algorithm>
#include <set>
#include <vector>

#include "accounts/api_keys.sql.hpp"
#include "accounts/connections.sql.hpp"
#include "accounts/domains.sql.hpp"
#include "accounts/fixture.hpp"
#include "accounts/reseal.sql.hpp"
#include "accounts/workspaces.sql.hpp"

using namespace tributary;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

namespace {

const std::vector<storage::statement> searching{
    sql::insert_workspace,   sql::find_workspace,  sql::find_click_key,   sql::insert_api_key,
    sql::find_api_key,       sql::revoke_api_key,  sql::list_api_keys,    sql::count_api_keys,
    sql::insert_connection,  sql::find_connection, sql::list_connections, sql::count_connections,
    sql::disable_connection, sql::insert_secret,   sql::find_secrets,     sql::expire_secret,
    sql::insert_domain,      sql::find_domain,     sql::delete_domain,    sql::list_domains,
    sql::count_domains,      sql::page_of_secrets, sql::replace_secret,   sql::page_of_click_keys,
    sql::replace_click_key};

std::string plan(storage::session& on, const storage::statement& of) {
    const std::string text = "EXPLAIN QUERY PLAN " + std::string(of.sql);
    const auto parameters = static_cast<std::size_t>(std::ranges::count(of.sql, '$'));
    std::string out;
    must(on.query({"test.plan", text}, std::vector<storage::value>(parameters),
                  [&](const storage::row& row) { out += std::string(row.text(3)) + "\n"; }));
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(queries_of_accounts, fixture)

BOOST_AUTO_TEST_CASE(every_statement_searches_and_none_scans) {
    for (const storage::statement& each : searching) {
        const std::string steps = plan(*session, each);
        BOOST_TEST(steps.find("SCAN") == std::string::npos, each.name << ": " << steps);
        // In the table workspace it is the whole key.
        if (each.name != sql::find_click_key.name)
            BOOST_TEST(steps.find("(workspace_id=?)") == std::string::npos, each.name << ": " << steps);
        if (each.sql.find("INSERT") == std::string_view::npos)
            BOOST_TEST(steps.find("SEARCH") != std::string::npos, each.name << ": " << steps);
    }
}

BOOST_AUTO_TEST_CASE(only_the_list_of_workspaces_reads_a_table) {
    BOOST_TEST(plan(*session, sql::list_workspaces).find("SCAN workspace") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_of_statements_are_unique_and_say_their_area) {
    std::set<std::string_view> names;
    for (const storage::statement& each : searching) {
        BOOST_TEST(names.insert(each.name).second, each.name);
        BOOST_TEST(each.name.starts_with("accounts."), each.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

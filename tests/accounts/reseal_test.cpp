#include <tributary/accounts/reseal.hpp>

#include <array>

#include "accounts/fixture.hpp"

using namespace tributary;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

namespace {

/// Secrets of several pages and a workspace, sealed with the fixture's key, and the ring of the next one.
struct rotation : fixture {
    rotation() {
        must(session->begin());
        workspace_id = must(workspaces().create("acme")).workspace_id;
        for (int index = 0; index < 20; ++index) {
            const std::string id =
                must(connections().create({workspace_id, environment::live, "acme", "r", "{}", std::nullopt}))
                    .connection_id;
            ids.push_back(id);
            for (int secret = 0; secret < 30; ++secret)
                must(connections().add_secret(workspace_id, id, "webhook",
                                              secret_text(id + std::to_string(secret))));
        }
        must(session->commit());
    }

    void check_all_open(const secret_box& with) {
        accounts::connections opened(*session, time, random, with);
        for (const std::string& id : ids) {
            const opened_connection each = must(opened.find(id));
            BOOST_TEST(each.secrets.size() == 30u);
            for (const opened_secret& secret : each.secrets)
                BOOST_TEST(secret.value.reveal().starts_with(id));
        }
        BOOST_TEST(must(accounts::workspaces(*session, time, random, with).open_click_key(workspace_id))
                       .reveal()
                       .size() == 32u);
    }

    std::int64_t workspace_id = 0;
    std::vector<std::string> ids;
    master_key second = master_key::generate(random);
    secret_box changing{second, {today}};
};

} // namespace

constexpr std::size_t sealed_rows = 20 * 30 + 1;

BOOST_FIXTURE_TEST_SUITE(resealing_after_a_change_of_the_master_key, rotation)

BOOST_AUTO_TEST_CASE(afterwards_the_new_key_alone_opens_everything) {
    check_all_open(changing);
    BOOST_TEST(must(reseal_all(*session, changing, random)) == sealed_rows);
    check_all_open(secret_box(second));
    BOOST_TEST(code_of(connections().find(ids.front())) == accounts_errc::sealed_by_other_key);
    BOOST_TEST(code_of(workspaces().open_click_key(workspace_id)) == accounts_errc::sealed_by_other_key);
}

BOOST_AUTO_TEST_CASE(what_is_sealed_with_the_key_of_today_stays_as_it_is) {
    BOOST_TEST(must(reseal_all(*session, box, random)) == 0u);
    BOOST_TEST(must(reseal_all(*session, changing, random)) == sealed_rows);
    BOOST_TEST(must(reseal_all(*session, changing, random)) == 0u);
}

BOOST_AUTO_TEST_CASE(a_secret_that_does_not_open_stops_it_and_the_rest_can_follow) {
    constexpr storage::statement last{"test.last", "SELECT max(secret_id) FROM connection_secret"};
    std::string id;
    must(session->query(last, {}, [&](const storage::row& row) { id = row.text(0); }));
    constexpr storage::statement keep{"test.keep",
                                      "SELECT sealed FROM connection_secret WHERE secret_id = $1"};
    constexpr storage::statement put{"test.put",
                                     "UPDATE connection_secret SET sealed = $1 WHERE secret_id = $2"};
    std::string sealed;
    must(session->query(keep, std::array<storage::value, 1>{std::string_view(id)},
                        [&](const storage::row& row) { sealed = row.text(0); }));
    std::string broken = sealed;
    broken.back() = static_cast<char>(broken.back() ^ 1);
    must(session->execute(put, std::array<storage::value, 2>{storage::blob{broken}, std::string_view(id)}));

    const auto stopped = reseal_all(*session, changing, random);
    BOOST_TEST(code_of(stopped) == accounts_errc::seal_broken);
    BOOST_TEST(stopped.error().detail.find(id) != std::string::npos);

    // The session is free again, the pages before are done, and after a repair the rest follows.
    must(session->execute(put, std::array<storage::value, 2>{storage::blob{sealed}, std::string_view(id)}));
    const std::size_t rest = must(reseal_all(*session, changing, random));
    BOOST_TEST(rest > 0u);
    BOOST_TEST(rest < sealed_rows);
    check_all_open(secret_box(second));
}

BOOST_AUTO_TEST_SUITE_END()

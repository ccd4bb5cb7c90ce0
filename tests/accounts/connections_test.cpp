#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/limits.hpp>

#include "accounts/fixture.hpp"

using namespace tributary;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

namespace {

new_connection wanted(std::int64_t workspace_id = 1) {
    return {workspace_id, environment::live, "acme", "acme:acct_1", R"({"region":"eu"})", std::nullopt};
}

constexpr std::string_view hidden = "whsec_hidden";

} // namespace

BOOST_FIXTURE_TEST_SUITE(connections_to_providers, fixture)

BOOST_AUTO_TEST_CASE(a_created_connection_is_found_with_its_opened_secrets) {
    const connection made = must(connections().create(wanted()));
    BOOST_TEST(made.connection_id.starts_with("con_"));
    BOOST_TEST(made.connection_id.size() == 30u);
    BOOST_TEST(made.notify_from == time.now);
    must(connections().add_secret(1, made.connection_id, "webhook", secret_text("one")));
    time.now += 1;
    must(connections().add_secret(1, made.connection_id, "webhook", secret_text("two")));
    must(connections().add_secret(1, made.connection_id, "api_key", secret_text("three")));

    const opened_connection found = must(connections().find(made.connection_id));
    BOOST_TEST(found.connection.workspace_id == 1);
    BOOST_TEST(found.connection.provider == "acme");
    BOOST_TEST(found.connection.realm == "acme:acct_1");
    BOOST_TEST(found.connection.settings == R"({"region":"eu"})");
    BOOST_TEST_REQUIRE(found.secrets.size() == 3u);
    BOOST_TEST(found.secrets[0].name == "webhook");
    BOOST_TEST(found.secrets[0].value.reveal() == "one");
    BOOST_TEST(found.secrets[1].value.reveal() != found.secrets[2].value.reveal());
}

BOOST_AUTO_TEST_CASE(a_given_notify_from_is_kept) {
    new_connection old = wanted();
    old.notify_from = 0;
    BOOST_TEST(must(connections().create(old)).notify_from == 0);
    old.notify_from = -1;
    BOOST_TEST(code_of(connections().create(old)) == accounts_errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_workspace_never_sees_or_touches_the_connection_of_another) {
    const std::string theirs = must(connections().create(wanted(2))).connection_id;
    const std::string secret =
        must(connections().add_secret(2, theirs, "webhook", secret_text(hidden))).secret_id;
    BOOST_TEST(must(connections().list(1)).empty());
    BOOST_TEST(code_of(connections().find_in(1, theirs)) == accounts_errc::not_found);
    BOOST_TEST(code_of(connections().list_secrets(1, theirs)) == accounts_errc::not_found);
    BOOST_TEST(code_of(connections().disable(1, theirs)) == accounts_errc::not_found);
    BOOST_TEST(code_of(connections().expire_secret(1, theirs, secret, 0)) == accounts_errc::not_found);
    BOOST_TEST(code_of(connections().add_secret(1, theirs, "webhook", secret_text("x"))) ==
               accounts_errc::not_found);

    const opened_connection untouched = must(connections().find(theirs));
    BOOST_TEST_REQUIRE(untouched.secrets.size() == 1u);
    BOOST_TEST(untouched.secrets[0].value.reveal() == hidden);
    // Nor by naming it together with a connection of one's own.
    const std::string ours = must(connections().create(wanted(1))).connection_id;
    BOOST_TEST(code_of(connections().expire_secret(1, ours, secret, 0)) == accounts_errc::not_found);
    BOOST_TEST(must(connections().find(theirs)).secrets.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_secret_lies_in_no_column_in_clear) {
    const std::string id = must(connections().create(wanted())).connection_id;
    must(connections().add_secret(1, id, "webhook", secret_text(hidden)));
    constexpr storage::statement everything{
        "test.everything", "SELECT secret_id, connection_id, name, sealed FROM connection_secret"};
    int rows = 0;
    must(session->query(everything, {}, [&](const storage::row& row) {
        ++rows;
        for (int column = 0; column < row.columns(); ++column)
            BOOST_TEST(row.text(column).find(hidden) == std::string_view::npos);
    }));
    BOOST_TEST(rows == 1);
}

BOOST_AUTO_TEST_CASE(a_list_of_secrets_has_names_and_times_only) {
    const std::string id = must(connections().create(wanted())).connection_id;
    const secret_info added = must(connections().add_secret(1, id, "webhook", secret_text(hidden)));
    const auto listed = must(connections().list_secrets(1, id));
    BOOST_TEST_REQUIRE(listed.size() == 1u);
    // Every text member of what a list gives out.
    const auto& [secret_id, name, created_at, expires_at] = listed[0];
    BOOST_TEST(secret_id == added.secret_id);
    BOOST_TEST(name == "webhook");
    BOOST_TEST(created_at == time.now);
    BOOST_TEST(!expires_at.has_value());
}

BOOST_AUTO_TEST_CASE(a_secret_opens_until_it_expires) {
    const std::string id = must(connections().create(wanted())).connection_id;
    const secret_info old = must(connections().add_secret(1, id, "webhook", secret_text("old")));
    time.now += 1;
    must(connections().add_secret(1, id, "webhook", secret_text("new")));
    must(connections().expire_secret(1, id, old.secret_id, time.now + 100));
    time.now += 99;
    BOOST_TEST(must(connections().find(id)).secrets.size() == 2u);
    time.now += 1;
    const opened_connection after = must(connections().find(id));
    BOOST_TEST_REQUIRE(after.secrets.size() == 1u);
    BOOST_TEST(after.secrets[0].value.reveal() == "new");
    BOOST_TEST(must(connections().list_secrets(1, id)).size() == 2u);
    BOOST_TEST(code_of(connections().expire_secret(1, id, "sec_none", 0)) == accounts_errc::not_found);
}

BOOST_AUTO_TEST_CASE(a_disabled_connection_refuses_deliveries_and_is_still_listed) {
    const std::string id = must(connections().create(wanted())).connection_id;
    must(connections().disable(1, id));
    const time_ms since = time.now;
    time.now += 10;
    must(connections().disable(1, id));
    BOOST_TEST(code_of(connections().find(id)) == accounts_errc::disabled);
    BOOST_TEST(must(connections().find_in(1, id)).disabled_at.value() == since);
    BOOST_TEST(must(connections().list(1)).size() == 1u);
    BOOST_TEST(code_of(connections().disable(1, "con_none")) == accounts_errc::not_found);
    BOOST_TEST(code_of(connections().find("con_none")) == accounts_errc::not_found);
}

BOOST_AUTO_TEST_CASE(a_sealed_secret_moved_to_another_row_does_not_open) {
    const std::string a = must(connections().create(wanted())).connection_id;
    const std::string b = must(connections().create(wanted())).connection_id;
    must(connections().add_secret(1, a, "webhook", secret_text("of a")));
    const secret_info of_b = must(connections().add_secret(1, b, "webhook", secret_text("of b")));
    constexpr storage::statement move{
        "test.move", "UPDATE connection_secret SET sealed = (SELECT sealed FROM connection_secret "
                     "WHERE connection_id = $1) WHERE connection_id = $2"};
    must(session->execute(move, std::array<storage::value, 2>{std::string_view(a), std::string_view(b)}));
    const auto found = connections().find(b);
    BOOST_TEST(code_of(found) == accounts_errc::seal_broken);
    BOOST_TEST(found.error().detail.find(of_b.secret_id) != std::string::npos);
    BOOST_TEST(found.error().text().find("of a") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_secret_given_another_name_or_connection_does_not_open) {
    const std::string a = must(connections().create(wanted())).connection_id;
    const std::string b = must(connections().create(wanted())).connection_id;
    must(connections().add_secret(1, a, "webhook", secret_text("s")));
    constexpr storage::statement rename{"test.rename", "UPDATE connection_secret SET name = 'other'"};
    constexpr storage::statement undo{"test.undo", "UPDATE connection_secret SET name = 'webhook'"};
    constexpr storage::statement give{"test.give", "UPDATE connection_secret SET connection_id = $1"};
    must(session->execute(rename, {}));
    BOOST_TEST(code_of(connections().find(a)) == accounts_errc::seal_broken);
    must(session->execute(undo, {}));
    must(connections().find(a));
    must(session->execute(give, std::array<storage::value, 1>{std::string_view(b)}));
    BOOST_TEST(code_of(connections().find(b)) == accounts_errc::seal_broken);
}

BOOST_AUTO_TEST_CASE(connections_that_make_no_sense_are_refused) {
    const auto refused = [&](auto change) {
        new_connection each = wanted();
        change(each);
        BOOST_TEST(code_of(connections().create(each)) == accounts_errc::invalid_argument);
    };
    for (const std::string& provider :
         {std::string(), std::string("Acme"), std::string("a_b"), std::string(25, 'a')})
        refused([&](new_connection& each) { each.provider = provider; });
    for (const std::string& realm : {std::string(), std::string("a b"), std::string("a\n"),
                                     std::string(129, 'a'), std::string("\xc3\xa9")})
        refused([&](new_connection& each) { each.realm = realm; });
    for (const std::string& settings :
         {std::string(), std::string("[]"), std::string("{"), std::string("{}x"),
          std::string("{\"a\":\"\xff\"}"), std::string("null"),
          "{\"a\":\"" + std::string(64 * 1024, 'a') + "\"}", std::string(100, '[')})
        refused([&](new_connection& each) { each.settings = settings; });
    refused([](new_connection& each) { each.environment = static_cast<environment>(3); });
    BOOST_TEST(must(connections().list(1)).empty());
}

BOOST_AUTO_TEST_CASE(secrets_that_make_no_sense_are_refused) {
    const std::string id = must(connections().create(wanted())).connection_id;
    for (const std::string& name : {std::string(), std::string("Webhook"), std::string("a b"),
                                    std::string("a\nb"), std::string(65, 'a')})
        BOOST_TEST(code_of(connections().add_secret(1, id, name, secret_text("s"))) ==
                   accounts_errc::invalid_argument);
    BOOST_TEST(code_of(connections().add_secret(1, id, "webhook", secret_text())) ==
               accounts_errc::invalid_argument);
    BOOST_TEST(code_of(connections().add_secret(1, id, "webhook",
                                                secret_text(std::string(secret_bytes_max + 1, 's')))) ==
               accounts_errc::invalid_argument);
    BOOST_TEST(must(connections().list_secrets(1, id)).empty());
}

BOOST_AUTO_TEST_CASE(connections_and_secrets_have_a_greatest_number) {
    must(session->begin());
    std::string id;
    for (std::size_t index = 0; index < connections_per_workspace_max; ++index)
        id = must(connections().create(wanted())).connection_id;
    for (std::size_t index = 0; index < secrets_per_connection_max; ++index)
        must(connections().add_secret(1, id, "webhook", secret_text("s")));
    must(session->commit());
    BOOST_TEST(code_of(connections().create(wanted())) == accounts_errc::too_many);
    BOOST_TEST(code_of(connections().add_secret(1, id, "webhook", secret_text("s"))) ==
               accounts_errc::too_many);
    must(connections().create(wanted(2)));
}

BOOST_AUTO_TEST_SUITE_END()

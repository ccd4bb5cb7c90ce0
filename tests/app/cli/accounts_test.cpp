// Workspaces, keys, domains and connections through the built tool.
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "app/cli/shop.hpp"

using namespace tributary::test;

namespace {

std::string text(const boost::json::value& of) {
    return std::string(of.as_string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(accounts_commands)

BOOST_AUTO_TEST_CASE(a_workspace_must_be_named_only_when_there_are_several) {
    const shop in;
    BOOST_TEST(text(in.ask({"key", "list"}).at("workspace_id")).starts_with("ws_"));
    const auto other = in.ask({"workspace", "create", "other"});
    BOOST_TEST(text(other.at("name")) == "other");
    const run_result unclear = in.run({"key", "list"});
    BOOST_TEST(unclear.status == 2);
    BOOST_TEST(unclear.err.find("--workspace") != std::string::npos);
    BOOST_TEST(text(in.ask({"key", "list", "--workspace", "other"}).at("workspace_id")) ==
               text(other.at("workspace_id")));
    BOOST_TEST(in.run({"key", "list", "--workspace", "absent"}).status == 3);
    BOOST_TEST(in.run({"workspace", "create", "other"}).status == 1);
    BOOST_TEST(text(in.ask({"workspace", "create", "list"}).at("name")) ==
               "list"); // A name like a command's.
}

BOOST_AUTO_TEST_CASE(a_key_is_printed_once_and_can_be_revoked) {
    const shop in;
    const auto made = in.ask({"key", "create", "--name", "backend", "--scope", "links.read", "--scope",
                              "events.*", "--sandbox", "--expires", "90d"});
    const std::string clear = text(made.at("key"));
    BOOST_TEST(clear.starts_with("trb_test_"));
    BOOST_TEST(text(made.at("scopes")) == "events.* links.read");
    BOOST_TEST(made.at("expires_at").is_string());
    const auto listed = in.ask({"key", "list"});
    BOOST_TEST(boost::json::serialize(listed).find(clear) == std::string::npos);
    BOOST_TEST(text(listed.at("keys").at(0).at("state")) == "valid");

    BOOST_TEST(in.run({"key", "revoke", clear}).status == 0); // The whole key is understood too.
    BOOST_TEST(text(in.ask({"key", "list"}).at("keys").at(0).at("state")) == "revoked");
    BOOST_TEST(in.run({"key", "revoke", "trb_live_00000000"}).status == 3);
}

BOOST_AUTO_TEST_CASE(a_key_that_makes_no_sense_is_refused) {
    const shop in;
    BOOST_TEST(in.run({"key", "create", "--name", "x", "--scope", "not a scope"}).status == 2);
    BOOST_TEST(in.run({"key", "create", "--name", "x"}).status == 2);
    BOOST_TEST(in.run({"key", "create", "--name", "x", "--scope", "*", "--live", "--sandbox"}).status == 2);
    BOOST_TEST(in.run({"key", "create", "--name", "x", "--scope", "*", "--expires", "someday"}).status == 2);
    BOOST_TEST(in.ask({"key", "list"}).at("keys").as_array().empty());
}

BOOST_AUTO_TEST_CASE(domains_are_added_listed_and_removed) {
    const shop in;
    BOOST_TEST(text(in.ask({"domain", "add", "Go.Example.COM"}).at("domain")) == "go.example.com");
    BOOST_TEST(in.ask({"domain", "list"}).at("domains").as_array().size() == 1);
    BOOST_TEST(in.run({"domain", "add", "not a host"}).status == 2);
    BOOST_TEST(in.run({"domain", "remove", "go.example.com"}).status == 0);
    BOOST_TEST(in.run({"domain", "remove", "go.example.com"}).status == 3);
    BOOST_TEST(in.run({"domain", "list"}).out == "no domain\n");
}

BOOST_AUTO_TEST_CASE(a_connection_is_made_with_its_secrets_which_are_never_shown) {
    shop in;
    in.environment["TRIBUTARY_SERVER_PUBLIC_URL"] = "https://pay.example.com";
    in.write("api.key", "from-a-file\n");
    const auto made =
        in.ask({"connection", "create", "--provider", "toy", "--realm", "toy:acct_1", "--sandbox",
                "--settings", R"({"a":[1]})", "--secret", "signing=-", "--secret", "api_key=@api.key"},
               "very-secret\n");
    const std::string id = text(made.at("connection_id"));
    BOOST_TEST(text(made.at("webhook_url")) == "https://pay.example.com/webhooks/" + id);
    BOOST_TEST(made.at("settings").at("a").at(0).as_int64() == 1);
    BOOST_TEST(made.at("secrets").as_array().size() == 2);
    for (const auto& arguments :
         {std::vector<std::string>{"connection", "show", id}, std::vector<std::string>{"connection", "list"},
          std::vector<std::string>{"connection", "secret", "list", id}}) {
        const std::string shown = boost::json::serialize(in.ask(arguments)) + in.run(arguments).out;
        BOOST_TEST(shown.find(id) != std::string::npos);
        BOOST_TEST(shown.find("very-secret") == std::string::npos);
        BOOST_TEST(shown.find("from-a-file") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_listening_address_stands_in_for_a_public_url) {
    shop in;
    in.environment["TRIBUTARY_SERVER_LISTEN"] = "0.0.0.0:8123";
    const std::string id = in.connect();
    BOOST_TEST(text(in.ask({"connection", "show", id}).at("webhook_url")) ==
               "http://127.0.0.1:8123/webhooks/" + id);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_not_loaded_is_refused_and_nothing_is_made) {
    const shop in;
    const run_result refused = in.run({"connection", "create", "--provider", "acme", "--realm", "acme:1"});
    BOOST_TEST(refused.status == 3);
    BOOST_TEST(refused.err.find("there is: toy") != std::string::npos);
    // A projection is no provider.
    BOOST_TEST(in.run({"connection", "create", "--provider", "toyfold", "--realm", "x"}).status == 3);
    BOOST_TEST(
        in.run({"connection", "create", "--provider", "toy", "--realm", "x", "--settings", "[]"}).status ==
        2);
    BOOST_TEST(
        in.run({"connection", "create", "--provider", "toy", "--realm", "x", "--secret", "Bad Name=env:PATH"})
            .status != 0);
    BOOST_TEST(in.ask({"connection", "list"}).at("connections").as_array().empty());
}

BOOST_AUTO_TEST_CASE(secrets_are_added_and_expire) {
    const shop in;
    const std::string id = in.connect();
    const auto two = in.ask({"connection", "secret", "add", id, "signing=-"}, "next-secret");
    BOOST_TEST_REQUIRE(two.at("secrets").as_array().size() == 2);
    const std::string first = text(two.at("secrets").at(0).at("secret_id"));
    BOOST_TEST(text(in.ask({"connection", "secret", "expire", id, first, "--at", "24h"})
                        .at("secrets")
                        .at(0)
                        .at("state")) == "valid");
    BOOST_TEST(text(in.ask({"connection", "secret", "expire", id, first}).at("secrets").at(0).at("state")) ==
               "expired");
    BOOST_TEST(in.run({"connection", "secret", "expire", id, "sec_absent"}).status == 3);
    BOOST_TEST(in.run({"connection", "secret", "list", "con_absent"}).status == 3);
}

BOOST_AUTO_TEST_CASE(a_disabled_connection_refuses_deliveries) {
    const shop in;
    const std::string id = in.connect();
    BOOST_TEST(in.run({"connection", "disable", id}).status == 0);
    BOOST_TEST(text(in.ask({"connection", "show", id}).at("state")) == "disabled");
    BOOST_TEST(in.deliver(id, "event=e\nkind=unknown\n") >= 400);
}

BOOST_AUTO_TEST_SUITE_END()

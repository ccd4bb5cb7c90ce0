// The toys carry the core's tests, so they are tested themselves: what the provider says of a delivery,
// through the C tables as a host calls them.
#include <boost/test/unit_test.hpp>

#include "plugins/toy/toy_host.hpp"
#include "plugins/toy/toy_message.hpp"
#include "plugins/toy/toy_plugins.hpp"

namespace {

namespace sdk = tributary::sdk;

struct told {
    std::vector<std::string> verdicts; ///< "accepted evt_1", "rejected missing_signature", "hint evt_1"
    std::vector<std::string> needs;
    std::vector<std::string> facts; ///< "7 pay_1 @5 cash 1000 USD/2"
    std::vector<std::string> wants;
    std::vector<std::string> notes;
    std::string answer;
    std::string error;
    trb_status status = TRB_OK;
};

std::string text(trb_str from) {
    return std::string(sdk::view(from));
}

/// The provider in this process, with one connection and one secret.
struct fixture {
    fixture() : plugin(toy::provider_plugin()) {
        BOOST_REQUIRE_EQUAL(plugin->create(host.get(), sdk::view("{}"), nullptr, &self), TRB_OK);
        table = static_cast<const trb_provider_v1*>(plugin->get_extension(sdk::view(TRB_EXT_PROVIDER)));
        connection.struct_size = sizeof connection;
        connection.environment = TRB_SANDBOX;
        connection.secrets = &secret;
        connection.secret_count = 1;
    }
    ~fixture() { plugin->destroy(self); }

    trb_record record(std::string_view body) const {
        trb_record made{};
        made.struct_size = sizeof made;
        made.source = TRB_RECORD_DELIVERY;
        made.body = sdk::view(body);
        made.authentic = 1;
        return made;
    }

    static void report(void* ctx, trb_str code, trb_str, std::int64_t) noexcept {
        static_cast<told*>(ctx)->error = text(code);
    }

    told verify(std::string_view body, std::string_view signature,
                std::vector<trb_record> answers = {}) const {
        told into;
        const trb_pair header{sdk::view("toy-signature"), sdk::view(signature)};
        trb_record delivery = record(body);
        delivery.headers = &header;
        delivery.header_count = signature.empty() ? 0 : 1;
        answers.insert(answers.begin(), delivery);
        const trb_verify_sink sink{
            sizeof(trb_verify_sink),
            0,
            &into,
            [](void* ctx, const trb_item* item) noexcept {
                auto& to = static_cast<told*>(ctx)->verdicts;
                if (item->verdict == TRB_ITEM_REJECTED)
                    to.push_back("rejected " + text(item->reason));
                else
                    to.push_back((item->verdict == TRB_ITEM_HINT ? "hint " : "accepted ") +
                                 text(item->dedupe_key));
            },
            [](void* ctx, const trb_http_request* request) noexcept {
                static_cast<told*>(ctx)->needs.push_back(text(request->purpose) + " " + text(request->url));
            },
            [](void* ctx, std::int32_t status, trb_str, trb_str answer) noexcept {
                static_cast<told*>(ctx)->answer = std::to_string(status) + " " + text(answer);
            }};
        const trb_error_sink error{sizeof error, 0, &into, &report};
        into.status = table->verify(self, &connection, answers.data(), answers.size(), sizeof(trb_record),
                                    &sink, &error);
        return into;
    }

    static trb_status keep_fact(void* ctx, const trb_fact* fact) noexcept {
        std::string line = std::to_string(fact->kind) + " " + text(fact->document_id) + " @" +
                           std::to_string(fact->occurred_at_ms);
        if (fact->kind == TRB_KIND_PAYMENT) {
            const auto& payment = sdk::body_as<trb_payment>(fact->body);
            if (sdk::states(payment, TRB_PAYMENT_CASH))
                line += " cash " + std::to_string(payment.cash.amount_minor) + " " +
                        std::string(sdk::currency_of(payment.cash)) + "/" +
                        std::to_string(payment.cash.exponent);
        }
        static_cast<told*>(ctx)->facts.push_back(std::move(line));
        return TRB_OK;
    }

    told normalise(const trb_record& of) const {
        told into;
        const trb_fact_sink sink{sizeof(trb_fact_sink),
                                 0,
                                 &into,
                                 &keep_fact,
                                 [](void* ctx, const trb_http_request* request) noexcept {
                                     static_cast<told*>(ctx)->wants.push_back(text(request->purpose) + " " +
                                                                              text(request->url));
                                 },
                                 [](void* ctx, trb_str code, trb_str) noexcept {
                                     static_cast<told*>(ctx)->notes.push_back(text(code));
                                 }};
        const trb_error_sink error{sizeof error, 0, &into, &report};
        into.status = table->normalise(self, &connection, &of, 1, sizeof(trb_record), &sink, &error);
        return into;
    }

    toy::crypto_host host;
    const trb_plugin* plugin;
    void* self = nullptr;
    const trb_provider_v1* table = nullptr;
    trb_secret secret{sdk::view("signing"), sdk::view(toy::test_secret)};
    trb_connection connection{};
};

using list = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(toy_provider_verifies, fixture)

BOOST_AUTO_TEST_CASE(accepts_a_body_that_the_secret_signed) {
    const std::string body = toy::payment("evt_1", "pay_1", 5, 1000).text();
    BOOST_TEST(verify(body, toy::sign(body)).verdicts == list{"accepted evt_1"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rejects_a_missing_and_a_wrong_signature) {
    const std::string body = toy::payment("evt_1", "pay_1", 5, 1000).text();
    BOOST_TEST(verify(body, "").verdicts == list{"rejected missing_signature"},
               boost::test_tools::per_element());
    BOOST_TEST(verify(body + "net=1 USD 2\n", toy::sign(body)).verdicts ==
                   list{"rejected signature_mismatch"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(judges_each_item_by_its_own_signature) {
    const std::string body =
        toy::body_of({toy::signed_item(toy::payment("evt_1", "pay_1", 5, 1000)),
                      toy::signed_item(toy::payment("evt_2", "pay_2", 6, 2000), "another secret"),
                      toy::payment("evt_3", "pay_3", 7, 3000)});
    const list expected{"accepted evt_1", "rejected signature_mismatch", "rejected missing_signature"};
    BOOST_TEST(verify(body, "").verdicts == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(says_hint_without_any_signature) {
    const std::string body = toy::item_text("fetch", "evt_1", "x").line("hint", "1").text();
    BOOST_TEST(verify(body, "").verdicts == list{"hint evt_1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(needs_an_answer_and_decides_by_it) {
    const std::string body =
        toy::payment("evt_1", "pay_1", 5, 1000).line("need", "https://toy.test/ok").text();
    const told first = verify(body, "");
    BOOST_TEST(first.verdicts.empty());
    BOOST_TEST(first.needs == list{"verify:evt_1 https://toy.test/ok"}, boost::test_tools::per_element());
    trb_record answer = record("yes");
    answer.source = TRB_RECORD_ANSWER;
    answer.http_status = 200;
    answer.purpose = sdk::view("verify:evt_1");
    BOOST_TEST(verify(body, "", {answer}).verdicts == list{"accepted evt_1"},
               boost::test_tools::per_element());
    answer.body = sdk::view("no");
    BOOST_TEST(verify(body, "", {answer}).verdicts == list{"rejected not_confirmed"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(says_what_the_provider_insists_on) {
    const std::string body = toy::payment("evt_1", "pay_1", 5, 1000).line("answer", "[accepted]").text();
    BOOST_TEST(verify(body, toy::sign(body)).answer == "202 [accepted]");
}

BOOST_AUTO_TEST_CASE(sees_nothing_in_an_empty_body_and_refuses_what_it_cannot_read) {
    const told empty = verify("", "");
    BOOST_TEST(empty.status == TRB_OK);
    BOOST_TEST(empty.verdicts.empty());
    const told unreadable = verify("{\"json\":1}", "");
    BOOST_TEST(unreadable.status == TRB_INVALID);
    BOOST_TEST(unreadable.error == "malformed_line");
    BOOST_TEST(verify("kind=refuse_retry\n", "").status == TRB_RETRY);
    BOOST_TEST(verify("kind=refuse_internal\n", "").status == TRB_INTERNAL);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(toy_provider_normalises, fixture)

BOOST_AUTO_TEST_CASE(turns_an_item_into_a_fact) {
    const std::string body = toy::payment("evt_1", "pay_1", 5, 1000).line("occurred", 4).text();
    BOOST_TEST(normalise(record(body)).facts == list{"7 pay_1 @4 cash 1000 USD/2"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_the_item_that_the_record_names) {
    const std::string body =
        toy::body_of({toy::payment("evt_1", "pay_1", 5, 1000), toy::payment("evt_2", "pay_2", 6, 2000)});
    trb_record second = record(body);
    second.item = 1;
    BOOST_TEST(normalise(second).facts == list{"7 pay_2 @6 cash 2000 USD/2"},
               boost::test_tools::per_element());
    second.item = 2;
    BOOST_TEST(normalise(second).status == TRB_INVALID);
}

BOOST_AUTO_TEST_CASE(takes_all_items_of_an_answer) {
    const std::string body =
        toy::body_of({toy::payment("evt_1", "pay_1", 5, 1000), toy::payment("evt_2", "pay_2", 6, 2000)});
    trb_record answer = record(body);
    answer.source = TRB_RECORD_ANSWER;
    answer.http_status = 200;
    BOOST_TEST(normalise(answer).facts.size() == 2u);
    answer.http_status = 500;
    BOOST_TEST(normalise(answer).status == TRB_RETRY);
    answer.http_status = 404;
    BOOST_TEST(normalise(answer).notes == list{"ignored"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(wants_notes_and_fails_when_told_to) {
    const auto say = [&](const char* kind) { return toy::item_text(kind, "evt_1", "x"); };
    BOOST_TEST(normalise(record(say("fail").text())).status == TRB_INTERNAL);
    BOOST_TEST(normalise(record(say("throw").text())).status == TRB_INTERNAL);
    BOOST_TEST(normalise(record(say("retry").text())).status == TRB_RETRY);
    BOOST_TEST(normalise(record(say("unknown").text())).notes == list{"unknown"},
               boost::test_tools::per_element());
    const std::string fetch = say("fetch").line("url", "https://toy.test/p").line("purpose", "p").text();
    BOOST_TEST(normalise(record(fetch)).wants == list{"p https://toy.test/p"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_a_misspelt_name_and_a_malformed_value) {
    const auto of = [&](const char* name, const char* value) {
        return normalise(record(toy::payment("evt_1", "pay_1", 5, 1000).line(name, value).text()));
    };
    BOOST_TEST(of("amuont", "1 USD 2").error == "unknown_field");
    BOOST_TEST(of("total", "1.50 USD 2").error == "malformed_value");
    BOOST_TEST(of("total", "1 USD").error == "malformed_value");
    BOOST_TEST(of("cycle", "sometimes").error == "malformed_value");
    BOOST_TEST(of("line", "li_1 prod_1 1 100").error == "malformed_value");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(toy_provider_simulates, fixture)

BOOST_AUTO_TEST_CASE(tells_stories_that_verify_accepts_and_tells_them_alike_twice) {
    const auto* simulator =
        static_cast<const trb_simulator_v1*>(plugin->get_extension(sdk::view(TRB_EXT_SIMULATOR)));
    using deliveries = std::vector<std::pair<std::string, std::string>>; // body, signature
    const auto tell = [&](trb_str story) {
        deliveries told_by_it;
        const trb_story_sink sink{sizeof sink, 0, &told_by_it,
                                  [](void* ctx, const trb_told_delivery* delivery) noexcept {
                                      static_cast<deliveries*>(ctx)->emplace_back(
                                          text(delivery->body), text(delivery->headers[1].value));
                                  },
                                  [](void*, trb_str, std::int64_t) noexcept {}};
        trb_story_request request{};
        request.struct_size = sizeof request;
        request.story = story;
        request.signing_secret = sdk::view(toy::test_secret);
        request.seed = 7;
        request.at_ms = 1'700'000'000'000;
        BOOST_TEST(simulator->tell(self, &request, &sink, nullptr) == TRB_OK);
        return told_by_it;
    };
    for (std::uint64_t index = 0; index < simulator->story_count; ++index) {
        const deliveries first = tell(simulator->stories[index].name);
        BOOST_TEST((first == tell(simulator->stories[index].name)));
        BOOST_TEST(first.size() >= 2u);
        for (const auto& [body, signature] : first) {
            BOOST_TEST(verify(body, signature).verdicts.front().starts_with("accepted "));
            BOOST_TEST(normalise(record(body)).facts.size() == 1u);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

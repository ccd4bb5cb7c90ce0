// The same calls to the same module, in this process and in its own: everything that is said must be equal,
// byte for byte.
#include <tributary/facts/history.hpp>
#include <tributary/isolation/remote_plugin.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

#include "isolation/rig.hpp"
#include "isolation/told_history.hpp"
#include "plugins/toy/toy_message.hpp"

namespace {

using namespace isolation_tests;

/// Both.
struct pair_of_plugins : rig {
    explicit pair_of_plugins(const std::string& file) : set(log, time, own_random, counters) {
        with.deadline_ms = 10'000; // Nothing here is to end by it, on a busy machine neither.
        auto loaded = set.load(tributary::plugins::request_for(file).value());
        BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded ? std::string() : loaded.error().text()));
        here = *loaded;
        there = start(file);
    }
    template <class Table> const Table* table_here(std::string_view id) const {
        return static_cast<const Table*>(here->descriptor().get_extension(tributary::plugins::view(id)));
    }
    template <class Table> const Table* table_there(std::string_view id) const {
        return static_cast<const Table*>(there->extension(id));
    }

    tributary::seeded_entropy own_random{7};
    tributary::plugins::plugin_set set;
    tributary::plugins::plugin_ptr here;
    std::unique_ptr<iso::remote_plugin> there;
};

struct toys : pair_of_plugins {
    toys() : pair_of_plugins(toy_file) {}
    provider_at provider_here() const { return {here->provider, here->self()}; }
};
struct folds : pair_of_plugins {
    folds() : pair_of_plugins(barefold_file) {}
};
struct faulties : pair_of_plugins {
    faulties() : pair_of_plugins(faulty_file) {}
};

toy::item_text subscription() {
    return toy::item_text("subscription", "evt_s", "sub_1")
        .line("time", 30)
        .line("status", "active")
        .line("customer", "cus_1")
        .line("item", "si_1 prod_1 2 500 EUR 2 month 1")
        .line("period_start", 30)
        .line("period_end", 5000)
        .line("cancel_at", 0) // Stated as zero, which is not the same as not stated.
        .line("meta.plan", "pro");
}

std::vector<std::string> bodies() {
    const auto rich = toy::payment("evt_1", "pay_1", 5, 1000)
                          .list("same_as", {"in_1", "ch_1"})
                          .list("parents", {"sub_1", "cus_1"})
                          .line("user", "user_1")
                          .line("customer", "cus_1")
                          .line("click", "clk_1")
                          .line("email", "ada@shop.test")
                          .money("total", 1190)
                          .money("fee", 33, "EUR")
                          .money("presentment", 150'000, "JPY", 0)
                          .line("line", "li_1 prod_1 1 500 95 0")
                          .line("line", "li_2 prod_2 3 500 95 10")
                          .line("lines_complete", 0)
                          .line("meta.b", "2")
                          .line("meta.a", "\xc3\xa9t\xc3\xa9");
    return {
        "",
        rich.text(),
        toy::body_of({rich, toy::refund("evt_2", "re_1", "pay_1", 6, 300),
                      toy::identity("evt_3", "cus_1", "user_1", 4)}),
        subscription().text(),
        toy::item_text("customer", "evt_c", "cus_1")
            .line("time", 1)
            .line("deleted", 0)
            .line("name", "Ada")
            .text(),
        toy::item_text("lead", "evt_l", "lead_1")
            .line("time", 2)
            .line("user", "user_1")
            .line("quantity", 0)
            .text(),
        toy::item_text("dispute", "evt_d", "dp_1")
            .line("time", 9)
            .list("parents", {"pay_1"})
            .line("status", "open")
            .money("amount", 5)
            .text(),
        toy::payment("evt_1", "pay_1", 5, 1000).line("amuont", "1").text(),
        toy::payment("evt_1", "pay_1", 5, 1000).money("fee", 1, "XXQ").text(),
        toy::payment("evt_1", "", 5, 1000).text(),
        toy::item_text("fetch", "evt_f", "x").line("url", "https://toy.test/p").line("purpose", "p").text(),
        toy::item_text("unknown", "evt_u", "x").text(),
        toy::item_text("throw", "evt_t", "x").text(),
        toy::item_text("retry", "evt_r", "x").text(),
        toy::item_text("payment", "evt_n", "x").line("need", "https://toy.test/ask").text(),
        toy::item_text("refuse_retry", "evt_q", "x").text(),
        toy::payment("evt_a", "pay_2", 5, 1).line("answer", "thanks").text(),
        "no equals sign",
        toy::payment("evt_z", "pay_\xff\xfe", 5, 1).text(),
        toy::payment("evt_h", "pay_3", 5, 1).line("hint", "1").text()};
}

std::unique_ptr<transcript> fold(const trb_projection_v1* table, void* self, const trb_history& history,
                                 std::int64_t rate_bps = 2000) {
    auto said = std::make_unique<transcript>();
    said->rate_bps = rate_bps;
    said->status = table->fold(self, &history, 100, &said->fold, said->error.sink());
    return said;
}

} // namespace

BOOST_AUTO_TEST_SUITE(an_isolated_call)

BOOST_FIXTURE_TEST_CASE(verifies_as_in_the_process, toys) {
    std::size_t said_something = 0;
    for (const std::string& body : bodies())
        for (const std::string& signature : {std::string(), std::string("wrong"), toy::sign(body)}) {
            const delivered what(body, signature);
            const std::string expected = provider_here().verify(what)->bytes();
            BOOST_TEST(provider_of(*there).verify(what)->bytes() == expected, body);
            said_something += expected.size() > 40;
        }
    BOOST_TEST(said_something > 20u);
}

BOOST_FIXTURE_TEST_CASE(normalises_as_in_the_process, toys) {
    std::size_t facts = 0;
    for (const std::string& body : bodies()) {
        delivered what(body);
        const std::string expected = provider_here().normalise(what)->bytes();
        BOOST_TEST(provider_of(*there).normalise(what)->bytes() == expected, body);
        facts += expected.size() > 100;
    }
    BOOST_TEST(facts >= 7u);
}

BOOST_FIXTURE_TEST_CASE(rereads_and_tells_stories_as_in_the_process, toys) {
    const delivered what("");
    const auto reread = [&](const provider_at& at) {
        transcript said;
        BOOST_REQUIRE(at.table->reread != nullptr);
        said.status = at.table->reread(at.self, &what.connection, TRB_KIND_PAYMENT, TRB_STR("pay_1"),
                                       &said.facts, said.error.sink());
        return said.bytes();
    };
    BOOST_TEST(reread(provider_of(*there)) == reread(provider_here()));
    const auto tell = [](const trb_simulator_v1* table, void* self, trb_str story, trb_str definition = {}) {
        transcript said;
        const trb_pair amount{TRB_STR("amount"), TRB_STR("4200")};
        const trb_story_request request{sizeof request,    TRB_SANDBOX, story, TRB_STR("secret"), {}, 7,
                                        1'700'000'000'000, &amount,     1,     definition};
        said.status = table->tell(self, &request, &said.story, said.error.sink());
        return said.bytes();
    };
    const auto* remote = table_there<trb_simulator_v1>(TRB_EXT_SIMULATOR);
    BOOST_REQUIRE_EQUAL(remote->story_count, 3u);
    for (std::uint64_t index = 0; index < remote->story_count; ++index) {
        const trb_str story = TRB_AT(trb_story, remote->stories, index, remote->story_stride)->name;
        BOOST_TEST(tell(remote, there->self(), story) == tell(here->simulator, here->self(), story));
    }
    BOOST_TEST(tell(remote, there->self(), TRB_STR("none")) ==
               tell(here->simulator, here->self(), TRB_STR("none")));
    const trb_str handed_over = TRB_STR("refund");
    BOOST_TEST(tell(remote, there->self(), {}, handed_over) ==
               tell(here->simulator, here->self(), TRB_STR("refund")));
}

BOOST_FIXTURE_TEST_CASE(folds_as_in_the_process_and_looks_up_on_the_way, folds) {
    const toys provider;
    const told_history history(provider.here->provider, provider.here->self(),
                               {bodies()[1], toy::refund("evt_2", "re_1", "pay_1", 6, 300).text(),
                                bodies()[3], bodies()[4], bodies()[6]});
    BOOST_REQUIRE(history.view().fact_count >= 5u);
    const auto* remote = table_there<trb_projection_v1>(TRB_EXT_PROJECTION);
    for (const std::int64_t rate : {0, 2000}) {
        const auto expected = fold(here->projection, here->self(), history.view(), rate);
        const auto said = fold(remote, there->self(), history.view(), rate);
        BOOST_TEST(said->bytes() == expected->bytes());
        BOOST_TEST(said->lookups == expected->lookups);
        BOOST_TEST(said->lookups > 0);
        BOOST_TEST(said->rows >= 3u);
    }
    const auto poisoned_text =
        toy::item_text("customer", "evt_p", "cus_9").line("time", 1).line("meta.poison", "1").text();
    const told_history poisoned(provider.here->provider, provider.here->self(), {poisoned_text});
    BOOST_TEST(fold(remote, there->self(), poisoned.view())->bytes() ==
               fold(here->projection, here->self(), poisoned.view())->bytes());
    const told_history empty(provider.here->provider, provider.here->self(), {});
    BOOST_TEST(fold(remote, there->self(), empty.view())->bytes() ==
               fold(here->projection, here->self(), empty.view())->bytes());
}

BOOST_FIXTURE_TEST_CASE(is_one_of_many_from_many_threads, folds) {
    const auto fold_there = start(barefold_file);
    const toys provider;
    const told_history history(provider.here->provider, provider.here->self(), {bodies()[2], bodies()[3]});
    const std::string folded = fold(here->projection, here->self(), history.view())->bytes();
    const delivered what(bodies()[1]);
    const std::string normalised = provider.provider_here().normalise(what)->bytes();
    const auto provider_there = start(toy_file);
    const auto* remote = static_cast<const trb_projection_v1*>(fold_there->extension(TRB_EXT_PROJECTION));
    std::atomic<int> wrong = 0;
    std::vector<std::thread> callers;
    for (int index = 0; index < 4; ++index)
        callers.emplace_back([&] {
            for (int turn = 0; turn < 200; ++turn) {
                wrong += fold(remote, fold_there->self(), history.view())->bytes() != folded;
                wrong += provider_of(*provider_there).normalise(what)->bytes() != normalised;
            }
        });
    for (std::thread& one : callers)
        one.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(fold_there->status().calls == 800u);
}

BOOST_FIXTURE_TEST_CASE(answers_emit_at_once_and_loses_no_objection_of_the_host, faulties) {
    for (const std::string id : {"cus_1", "", "\xff", "x"}) {
        const delivered what(id);
        const provider_at at{here->provider, here->self()};
        const auto expected = at.normalise(what);
        const auto said = provider_of(*there).normalise(what);
        BOOST_TEST(said->bytes() == expected->bytes());
        BOOST_TEST(said->notes == expected->notes, boost::test_tools::per_element());
    }
    // A host that refuses what the rules allow: the plugin has gone on by then, the call must not succeed.
    const delivered what("cus_1");
    const trb_fact_sink strict{
        sizeof strict, 0,
        nullptr,       [](void*, const trb_fact*) noexcept { return trb_status{TRB_CONFLICT}; },
        nullptr,       nullptr};
    const provider_at at = provider_of(*there);
    BOOST_TEST(at.table->normalise(at.self, &what.connection, &what.record, 1, sizeof(trb_record), &strict,
                                   nullptr) == TRB_CONFLICT);
}

BOOST_FIXTURE_TEST_CASE(uses_the_clock_and_the_generator_of_the_host, faulties) {
    const delivered what("services");
    const provider_at at{here->provider, here->self()};
    const auto expected = at.verify(what);
    const auto said = provider_of(*there).verify(what);
    BOOST_TEST(said->answer == expected->answer);
    BOOST_TEST(said->answer.starts_with("1700000000123 "));
    BOOST_TEST(counters.value("tributary_plugin_things_total{faulty,counted}") == 14u);
    BOOST_TEST(log.has("faulty_speaks plugin=faulty said=hello"));
}

BOOST_FIXTURE_TEST_CASE(acts_pages_and_evaluates_as_in_the_process, faulties) {
    const delivered what("body");
    trb_record answer = what.record;
    answer.source = TRB_RECORD_ANSWER;
    answer.http_status = 200;
    answer.purpose = TRB_STR("check:1");
    const auto act = [&](const trb_actions_v1* table, void* self, std::int32_t which, std::uint64_t answers) {
        transcript said;
        const trb_action action{sizeof action, which, {}, TRB_STR("in_1"), 7, 0};
        said.status = table->run(self, &what.connection, &action, &answer, answers, sizeof answer,
                                 &said.action, said.error.sink());
        return said.bytes();
    };
    for (const std::int32_t which : {TRB_ACTION_CHECK, TRB_ACTION_REGISTER})
        for (const std::uint64_t answers : {0u, 1u})
            BOOST_TEST(act(table_there<trb_actions_v1>(TRB_EXT_ACTIONS), there->self(), which, answers) ==
                       act(table_here<trb_actions_v1>(TRB_EXT_ACTIONS), here->self(), which, answers));
    const auto page = [&](const trb_backfill_v1* table, void* self, const trb_record* of) {
        transcript said;
        const trb_backfill_range range{sizeof range, 0, INT64_MIN, 99};
        said.status = table->next(self, &what.connection, &range, TRB_STR("c\0d"), of, &said.backfill,
                                  said.error.sink());
        return said.bytes();
    };
    const trb_record* const pages[] = {nullptr, &answer};
    for (const trb_record* of : pages)
        BOOST_TEST(page(table_there<trb_backfill_v1>(TRB_EXT_BACKFILL), there->self(), of) ==
                   page(table_here<trb_backfill_v1>(TRB_EXT_BACKFILL), here->self(), of));
    const auto evaluate = [&](const trb_reward_rule_v1* table, void* self) {
        transcript said;
        const trb_rule_value values[] = {
            {sizeof(trb_rule_value), TRB_RULE_MONEY, TRB_STR("sale.total"), 0, {}, {1000, "EUR", 2}},
            {sizeof(trb_rule_value), TRB_RULE_ABSENT, TRB_STR("customer.country"), 0, {}, {}}};
        said.status = table->evaluate(self, 0, TRB_STR("{}"), values, 2, sizeof values[0], &said.rule,
                                      said.error.sink());
        return said.bytes();
    };
    BOOST_TEST(evaluate(table_there<trb_reward_rule_v1>(TRB_EXT_REWARD_RULE), there->self()) ==
               evaluate(table_here<trb_reward_rule_v1>(TRB_EXT_REWARD_RULE), here->self()));
}

BOOST_FIXTURE_TEST_CASE(delivers_one_message_at_a_time, faulties) {
    const auto* remote = table_there<trb_sink_v1>(TRB_EXT_SINK);
    const auto deliver = [](const trb_sink_v1* table, void* self, trb_str key, std::uint32_t attempt) {
        transcript said;
        const trb_outgoing message{
            sizeof message, TRB_LIVE, TRB_STR("ws_1"), TRB_STR("msg_1"), TRB_STR("sale.created"), key, 5,
            TRB_STR("{}"),  0,        attempt};
        said.status = table->deliver(self, &message, &said.outgoing, said.error.sink());
        return said.bytes();
    };
    const auto* local = table_here<trb_sink_v1>(TRB_EXT_SINK);
    for (const std::uint32_t attempt : {1u, 2u})
        BOOST_TEST(deliver(remote, there->self(), TRB_STR("k"), attempt) ==
                   deliver(local, here->self(), TRB_STR("k"), attempt));
    const std::string expected = deliver(local, here->self(), TRB_STR("nap"), 1);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> callers;
    for (int index = 0; index < 3; ++index)
        callers.emplace_back([&] { wrong += deliver(remote, there->self(), TRB_STR("nap"), 1) != expected; });
    for (std::thread& one : callers)
        one.join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()

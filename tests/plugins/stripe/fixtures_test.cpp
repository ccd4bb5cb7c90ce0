#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

#include "harness.hpp"
#include "stripe_plugin.hpp"

// Goal: no body, whole, cut or damaged, makes the plugin crash, throw or emit an unsound fact. The bodies
// come from the shared fixtures (199 objects of six API generations, 50 events) and from the plugin's own
// testdata.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace files = std::filesystem;

std::vector<files::path> bodies() {
    std::vector<files::path> found;
    const auto collect = [&](const files::path& folder) {
        for (const files::directory_entry& entry : files::recursive_directory_iterator(folder))
            if (entry.path().extension() == ".json" && entry.path().filename() != "signature_cases.json")
                found.push_back(entry.path());
    };
    collect(files::path(TRIBUTARY_SOURCE_DIR) / "plugins" / "stripe" / "testdata");
    if (const auto folder = shared_fixtures())
        collect(*folder);
    else
        BOOST_TEST_MESSAGE("../shared/fixtures/stripe is not there: only the plugin's own testdata is used");
    std::sort(found.begin(), found.end());
    return found;
}

/// Every way in which a body may reach normalise: as an answer, and inside an event of its kind.
std::vector<input> ways_in(const std::string& body) {
    std::vector<input> ways(1);
    ways[0].body = body;
    for (const char* type :
         {"invoice.paid", "checkout.session.completed", "charge.refunded", "payment_intent.succeeded",
          "refund.updated", "charge.dispute.closed", "customer.updated", "customer.subscription.updated",
          "product.updated", "invoice_payment.paid"}) {
        ways.emplace_back();
        ways.back().body = event(type, body);
    }
    for (const char* purpose :
         {"reread:in_1", "invoice_payments:pi_1", "invoice_lines:in_1", "session_lines:cs_1"}) {
        ways.emplace_back();
        ways.back().body = body;
        ways.back().purpose = purpose;
    }
    return ways;
}

bool is_sound_status(trb_status status) {
    return status == TRB_OK || status == TRB_INVALID;
}

/// A small generator whose sequence is the same everywhere; the standard library's distributions are not.
std::uint64_t next(std::uint64_t& state) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return state >> 33;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_fixtures)

BOOST_AUTO_TEST_CASE(every_body_is_taken_in_every_way) {
    const plugin_under_test plugin;
    std::size_t facts = 0;
    for (const files::path& path : bodies())
        for (const input& way : ways_in(read_file(path))) {
            const normalised result = plugin.normalise({way});
            BOOST_TEST(is_sound_status(result.status), path << ": " << result.code);
            BOOST_TEST(result.code != "fact_refused", path);
            facts += result.facts.size();
        }
    BOOST_TEST(facts > 10u);
}

BOOST_AUTO_TEST_CASE(every_body_gives_facts_or_says_why_not) {
    const plugin_under_test plugin;
    for (const files::path& path : bodies()) {
        const normalised result = plugin.normalise(read_file(path));
        const bool says_why = !result.notes.empty() || !result.code.empty();
        BOOST_TEST((says_why || !result.facts.empty()), path);
    }
}

BOOST_AUTO_TEST_CASE(real_bodies_say_nothing_that_is_not_known) {
    const auto folder = shared_fixtures();
    if (!folder) {
        BOOST_TEST_MESSAGE("skipped: ../shared/fixtures/stripe is not there");
        return;
    }
    // Made by a tool: of a text without enumeration it writes the member's name.
    constexpr std::string_view filler = "invoice_payment.status 2025-09-30.clover status";
    const plugin_under_test plugin;
    for (const char* source : {"sync-engine-events", "pay-rails", "dj-stripe", "openapi"})
        for (const files::directory_entry& entry : files::recursive_directory_iterator(*folder / source)) {
            if (!entry.is_regular_file())
                continue;
            const normalised result = plugin.normalise(read_file(entry.path()));
            for (const std::string& drift : result.drifts)
                if (drift != filler)
                    BOOST_TEST(false, entry.path().lexically_relative(*folder) << ": " << drift);
        }
}

BOOST_AUTO_TEST_CASE(recorded_events_are_understood) {
    const auto folder = shared_fixtures();
    if (!folder) {
        BOOST_TEST_MESSAGE("skipped: ../shared/fixtures/stripe is not there");
        return;
    }
    const plugin_under_test plugin;
    std::size_t read = 0;
    for (const files::directory_entry& entry : files::directory_iterator(*folder / "sync-engine-events")) {
        const normalised result = plugin.normalise(read_file(entry.path()));
        BOOST_TEST(result.status == TRB_OK, entry.path() << ": " << result.code);
        BOOST_TEST((!result.facts.empty() || !result.notes.empty()), entry.path());
        read += result.facts.empty() ? 0 : 1;
    }
    // The others are of events that move no money: invoices of nothing, intents that wait, drafts.
    BOOST_TEST(read == 33u);
    const normalised link =
        plugin.normalise(read_file(*folder / "sync-engine-events" / "invoice_payment_paid.json"));
    BOOST_TEST((link.only(TRB_KIND_PAYMENT).same_as ==
                std::vector<std::string>{"in_103Q0w2eZvKYlo2C5PYwf6Wf", "pi_103Q0w2eZvKYlo2C364X582Z"}));
    const normalised refunded =
        plugin.normalise(read_file(*folder / "sync-engine-events" / "charge_refunded.json"));
    BOOST_TEST(refunded.only(TRB_KIND_REFUND).member("amount") == "2500 USD/2");
    BOOST_TEST(refunded.only(TRB_KIND_PAYMENT).member("refunded") == "2500 USD/2");
}

BOOST_AUTO_TEST_CASE(cut_bodies_are_refused_not_crashed_on) {
    const plugin_under_test plugin;
    for (const files::path& path : bodies()) {
        const std::string whole = read_file(path);
        for (std::size_t part = 1; part < 8; ++part) {
            std::string cut = whole.substr(0, whole.size() * part / 8);
            BOOST_TEST(is_sound_status(plugin.normalise(cut).status), path);
        }
    }
}

BOOST_AUTO_TEST_CASE(damaged_bodies_are_survived) {
    const plugin_under_test plugin;
    std::uint64_t state = 20261028;
    constexpr std::string_view poison[] = {
        "null", "-1",          "9223372036854775808", "1e400", "\"\"", "[]", "{}",
        "true", "\"\\u0000\"", "\"\xf0\x9f\x98\x80\""};
    for (const files::path& path : bodies()) {
        const std::string whole = read_file(path);
        for (int round = 0; round < 12; ++round) {
            std::string damaged = whole;
            if (round % 2 == 0) {
                const std::size_t at = next(state) % damaged.size();
                damaged[at] = static_cast<char>(damaged[at] ^ (1 << (next(state) % 8)));
            } else if (const std::size_t colon = damaged.find(": ", next(state) % damaged.size());
                       colon != std::string::npos) {
                // Replaces the value behind a random name: type confusion rather than broken syntax.
                const std::size_t end = damaged.find_first_of(",}\n", colon + 2);
                damaged.replace(colon + 2, end - colon - 2, poison[next(state) % std::size(poison)]);
            }
            for (const input& way : ways_in(damaged)) {
                const normalised result = plugin.normalise({way});
                BOOST_TEST(is_sound_status(result.status), path << ": " << result.code);
                BOOST_TEST(result.code != "fact_refused", path);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

// Each plugin of tests/validator/bad has one thing wrong: the validator must find that, and call it by its
// name.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

#include "validator/check_run.hpp"

using namespace tributary::test;

namespace {

struct expectation {
    const char* plugin;
    const char* test;  ///< The id that must be named ...
    const char* words; ///< ... with this in its message.
    const char* run;   ///< Which tests are run: those that would find it by accident too are left out.
};

std::ostream& operator<<(std::ostream& out, const expectation& of) {
    return out << of.plugin;
}

// All of an area but its slowest.
constexpr const char* quick_provider = R"(^provider\.[^clm])";
constexpr const char* quick_normaliser = R"(^normaliser\.[^lmt])";
constexpr const char* quick_projection = R"(^projection\.[^lr])";

const expectation expectations[] = {
    // Whatever else runs, only this is found.
    {"provider_wrong_magic", "descriptor.magic", "magic is 7", "."},
    {"provider_wrong_version", "descriptor.version", "ABI 0.3, this host has 0.2", "."},
    {"provider_short_descriptor", "descriptor.size", "struct_size is 40", "."},
    {"provider_null_create", "descriptor.functions", "null: create", "."},
    {"provider_short_table", "descriptor.extensions", "struct_size of its table is 16", "."},
    {"provider_null_function", "descriptor.extensions", "normalise is null", "."},
    {"provider_any_extension", "descriptor.unknown_extension", "tributary.provider/2",
     "^(file|descr|life.starts)"},
    {"provider_exports_more", "file.exports", "helper_that_is_exported", "^(file|descr|life.starts)"},
    {"provider_refuses_to_start", "life.starts", "it does not start on this day", "."},
    {"provider_one_instance_only", "life.two_instances", "there is an instance already", "^life"},
    {"provider_service_in_create", "life.services_in_create", "the clock", "^life"},
    {"provider_open_file_leak", "life.leaks", "more open files", "^life"},
    {"provider_dies_of_configuration", "life.odd_configuration", "SIGILL", "^life"},
    {"provider_prefix_signature", "provider.bad_signature", "is accepted with the header X-Signature",
     quick_provider},
    {"provider_accepts_anything", "provider.tampered_body", "was changed", "tampered"},
    {"provider_accepts_anything", "provider.no_secret", "no secret at all", "no_secret"},
    {"provider_accepts_anything", "provider.missing_header", "nothing is verified", "missing_header"},
    {"provider_empty_secret", "provider.wrong_secret", "with the secret ''", quick_provider},
    {"provider_two_answers", "provider.sink_rules", "answer was called 2 times", quick_provider},
    {"provider_kept_view", "provider.retained_views",
     "reads trb_record.body after verify returned: it kept a view", "provider.retained"},
    {"provider_exact_struct_size", "provider.future_structs", "longer structs", quick_provider},
    {"provider_shared_state", "provider.deterministic", "the same delivery gives first", "provider.determ"},
    {"provider_shared_state", "provider.concurrent", "four threads", "provider.concurrent"},
    {"provider_told_secret", "provider.secrets_in_texts", "signing", quick_provider},
    {"provider_refuses_own_story", "provider.accepts", "as its simulator tells it, is not accepted",
     quick_provider},
    {"provider_short_fact", "normaliser.facts", "struct_size of the fact", "^(file|descr|life|normaliser)"},
    {"provider_counter_in_fact", "normaliser.deterministic", "A rebuild would not give the same",
     "^normaliser.[a-d]"},
    {"provider_clock_in_fact", "normaliser.pure", "the clock", quick_normaliser},
    {"provider_memory_leak", "normaliser.leaks", "bytes a call", "^normaliser"},
    {"provider_expects_nul", "normaliser.truncated", "reads past the end of trb_record.body in normalise",
     "^normaliser.(facts|truncated)"},
    {"provider_null_when_truncated", "normaliser.truncated", "follows a null pointer",
     "^normaliser.(facts|truncated|leaks)"},
    {"provider_endless_when_truncated", "normaliser.truncated", "no end within 2000 ms",
     "^normaliser.(facts|truncated)"},
    {"provider_recursion", "normaliser.mutated", "the stack is used up", "^normaliser"},
    {"provider_throws", "normaliser.truncated", "an exception reached the boundary",
     "^normaliser.(facts|truncated|leaks)"},
    {"provider_ends_process", "normaliser.unknown_event", "exit status 3", "^normaliser.(facts|unknown)"},
    {"provider_invalid_when_unknown", "normaliser.unknown_event", "TRB_OK with a note", quick_normaliser},
    {"provider_two_decimals", "normaliser.currencies", "JPY is booked with exponent 2", quick_normaliser},
    {"provider_booked_hint", "normaliser.hints", "is a hint and gives a fact", quick_normaliser},
    {"provider_any_story", "simulator.unknown_story", "instead of not_found", "^simulator"},
    {"provider_seedless", "simulator.deterministic", "another seed", "^simulator"},
    {"projection_now_in_row", "projection.now", "a row contains `now`", quick_projection},
    {"projection_no_wake", "projection.now", "without a wake time between them", quick_projection},
    {"projection_counter_in_row", "projection.deterministic", "something else the second time", "determ"},
    {"projection_cell_too_many", "projection.output", "3 cells, the table 2 columns", quick_projection},
    {"projection_same_row_id", "projection.output", "have the id 'row'", quick_projection},
    {"projection_kept_history", "projection.retained_views", "reads the trb_history after fold returned",
     "projection.retained"},
    {"projection_fixed_stride", "projection.future_structs", "", quick_projection},
    {"projection_undeclared_lookup", "projection.output", "looks up 'price'", quick_projection},
    {"projection_reply_twice", "routes.reply", "reply was called 2 times", "^routes"},
    {"projection_no_reply", "routes.reply", "reply was called 0 times", "^routes"},
    {"projection_writes_when_reading", "routes.reply", "a READ route executes SQL", "^routes"},
    {"projection_forged_header", "routes.reply", "headers can be forged", "^routes"},
    {"asker_endless_action", "actions.end", "more than 64 requests", "^(actions|backfill|rule|sink)"},
    {"asker_written_secret", "actions.end", "write {secret:", "^(actions|backfill|rule|sink)"},
    {"asker_any_action", "actions.unknown", "instead of unsupported", "^(actions|backfill|rule|sink)"},
    {"asker_same_purpose", "backfill.pages", "two pages have the purpose 'page'",
     "^(actions|backfill|rule|sink)"},
    {"asker_two_amounts", "rule.evaluate", "amount was called 2 times", "^(actions|backfill|rule|sink)"},
    {"asker_two_requests", "sink.deliver", "request was called 2 times", "^(actions|backfill|rule|sink)"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(bad_plugins)

BOOST_DATA_TEST_CASE(what_is_wrong_is_found_and_named, boost::unit_test::data::make(expectations), one) {
    const bool hangs = std::string_view(one.plugin) == "provider_endless_when_truncated";
    const check_result found = check_plugin("bad-plugins/bad_" + std::string(one.plugin) + ".so",
                                            {"--only", one.run, "--timeout", hangs ? "2" : "20"});
    BOOST_TEST(found.status == 1);
    BOOST_TEST(found.failed_ids() == one.test);
    for (const auto& [id, message] : found.failures)
        BOOST_TEST(message.find(one.words) != std::string::npos, id << ": " << message);
}

BOOST_AUTO_TEST_CASE(the_same_sources_without_a_fault_pass_everything) {
    for (const char* plugin : {"bad_provider_none", "bad_projection_none", "bad_asker_none"}) {
        const check_result found = check_plugin(std::string("bad-plugins/") + plugin + ".so");
        BOOST_TEST(found.status == 0, plugin);
        BOOST_TEST(found.failed_ids() == "", plugin);
    }
}

BOOST_AUTO_TEST_CASE(a_thread_of_the_plugins_own_may_use_the_services) {
    const check_result found =
        check_plugin("bad-plugins/bad_provider_own_thread.so", {"--only", "pure|life|leaks|retained"});
    BOOST_TEST(found.failed_ids() == "");
    BOOST_TEST(found.document.at("summary").at("passed").as_int64() > 10);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_plugin_ends_the_look_at_once) {
    const check_result found = check_plugin("build.ninja");
    BOOST_TEST(found.status == 1);
    BOOST_TEST(found.failed_ids() == "file.exists");
    BOOST_TEST(check_plugin("no-such-file.so").failures.at("file.exists") == "failed: there is no such file");
}

BOOST_AUTO_TEST_SUITE_END()

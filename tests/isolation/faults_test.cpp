// What a plugin in a process of its own does wrong stays there: its caller gets TRB_RETRY and a reason,
// another plugin goes on, and the next call after the restart succeeds.
#include <tributary/isolation/remote_plugin.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "isolation/rig.hpp"

namespace {

using namespace isolation_tests;
namespace data = boost::unit_test::data;

struct ending {
    const char* word;
    const char* reason; ///< as part of the message
    bool the_same_when_sanitized;
};
std::ostream& operator<<(std::ostream& out, const ending& of) {
    return out << of.word;
}

const ending endings[] = {
    {"segfault", "ended by signal 11 (Segmentation fault)", false},
    {"loop", "deadline of", true},
    {"sleep", "deadline of", true},
    {"leak", "memory limit of 268435456 bytes reached", false},
    {"exit", "exit status 3", true},
    {"abort", "ended by signal 6 (Aborted)", false},
    {"throw", "ended by signal 6 (Aborted)", false},
    {"garbage", "sent a frame that is too long", true},
    {"forge kind", "sent a frame of unknown kind 200", true},
    {"forge call", "answered a call that nobody made", true},
    {"forge result", "sent a result that cannot be read", true},
    {"forge lookup", "asked back where nothing is answered", true},
    {"forge service", "asked a service what cannot be read", true},
    {"forge log", "sent a log line that cannot be read", true},
    {"forge count", "sent a count that cannot be read", true},
    {"close", "exit status 0", false},
    {"freeze", "silent for too long", false},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(an_isolated_plugin, rig)

BOOST_DATA_TEST_CASE(that_ends_harms_nobody_and_is_started_again, data::make(endings), fault) {
    if (sanitized && std::string_view(fault.word) == "leak")
        return; // A sanitizer's process cannot be limited.
    if (std::string_view(fault.word) == "freeze" || std::string_view(fault.word) == "leak")
        with.deadline_ms = 10'000; // Its silence, or its end, must be noticed, not the call's.
    const auto plugin = start(faulty_file);
    with.deadline_ms = 10'000;
    const auto neighbour = start(faulty_file);
    const std::string said = say(*plugin, fault.word);
    BOOST_TEST(said.starts_with("retry: plugin_ended: "), said);
    if (!sanitized || fault.the_same_when_sanitized)
        BOOST_TEST(said.find(fault.reason) != std::string::npos, said);
    BOOST_TEST(say(*neighbour, "threads") == "threads 4");
    BOOST_REQUIRE(wait_until_ready(*plugin));
    BOOST_TEST(say(*plugin, "threads") == "threads 4");
    BOOST_TEST(plugin->status().restarts == 1u);
    BOOST_TEST(neighbour->status().restarts == 0u);
    BOOST_TEST(counters.value("tributary_plugin_host_restarts_total{faulty}") == 1u);
    BOOST_TEST(log.has("plugin_host_ended plugin=faulty reason="));
    BOOST_TEST(log.has("plugin_host_restarting plugin=faulty pause_ms=20"));
}

BOOST_AUTO_TEST_CASE(gets_errors_for_what_is_denied_and_lives_on) {
    const auto plugin = start(faulty_file);
    if (!plugin->status().unprotected.empty())
        return; // This kernel cannot deny it.
    BOOST_TEST(say(*plugin, "denied") ==
               "open EPERM, create EPERM, socket EPERM, exec EPERM, kill EPERM, signal EPERM, limit EPERM, "
               "raise EPERM, ptrace EPERM, dumpable EPERM");
    BOOST_TEST(say(*plugin, "fork") == "fork EPERM");
    BOOST_TEST(say(*plugin, "threads") == "threads 4");
    BOOST_TEST(plugin->status().restarts == 0u);
}

BOOST_AUTO_TEST_CASE(may_use_files_when_it_is_told_so_but_nothing_else) {
    with.files = true;
    const auto plugin = start(faulty_file);
    const std::string said = say(*plugin, "denied");
    BOOST_TEST(said.starts_with("open allowed, create allowed, socket EPERM, exec EPERM"), said);
    std::filesystem::remove("/tmp/tributary-faulty");
}

BOOST_AUTO_TEST_CASE(answers_at_once_while_it_is_down) {
    with.restart_first_ms = with.restart_max_ms = 60'000;
    const auto plugin = start(faulty_file);
    say(*plugin, "exit");
    const auto before = std::chrono::steady_clock::now();
    const delivered what("x");
    const auto said = provider_of(*plugin).verify(what);
    BOOST_TEST(said->status == TRB_RETRY);
    BOOST_TEST(said->error.code() == "plugin_down");
    BOOST_TEST(said->error.message() == "the process of plugin 'faulty' is down: exit status 3");
    BOOST_TEST(said->error.retry_after_ms() > 50'000);
    BOOST_TEST((std::chrono::steady_clock::now() - before < std::chrono::milliseconds(500)));
    BOOST_TEST(plugin->status().last_failure == "exit status 3");
    BOOST_TEST(plugin->status().pid == 0);
}

BOOST_AUTO_TEST_CASE(is_not_said_to_have_ended_over_what_it_was_never_asked) {
    with.restart_first_ms = with.restart_max_ms = 60'000;
    const auto plugin = start(faulty_file);
    BOOST_TEST(say(*plugin, "sleep").starts_with("retry: plugin_ended: "));
    // It has been killed, and is perhaps not dead yet.
    for (int index = 0; index < 100; ++index) {
        const std::string said = say(*plugin, "threads");
        BOOST_REQUIRE_MESSAGE(said.starts_with("retry: plugin_down: "), said);
    }
}

BOOST_AUTO_TEST_CASE(does_not_hold_up_a_call_with_a_slow_one) {
    with.deadline_ms = 5000;
    const auto plugin = start(faulty_file);
    std::atomic<bool> slow_returned = false;
    std::thread slow([&] {
        say(*plugin, "nap");
        slow_returned = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    BOOST_TEST(say(*plugin, "threads") == "threads 4");
    BOOST_TEST(!slow_returned);
    slow.join();
}

BOOST_AUTO_TEST_CASE(fails_all_calls_under_way_when_it_ends) {
    with.deadline_ms = 5000;
    const auto plugin = start(faulty_file);
    std::vector<std::thread> callers;
    std::atomic<int> retried = 0;
    for (int index = 0; index < 4; ++index)
        callers.emplace_back([&] {
            if (say(*plugin, "sleep").find("ended by signal 9 (Killed)") != std::string::npos)
                ++retried;
        });
    while (plugin->status().calls < 4)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::kill(static_cast<pid_t>(plugin->status().pid), SIGKILL);
    for (std::thread& one : callers)
        one.join();
    BOOST_TEST(retried == 4);
}

BOOST_AUTO_TEST_CASE(is_told_of_a_struct_that_is_too_short_and_of_too_much) {
    const auto plugin = start(faulty_file);
    BOOST_TEST(say(*plugin, "short") ==
               "internal: broken_rule: the plugin passed a struct that is too short");
    if (!sanitized) {
        with.deadline_ms = 5000;
        BOOST_TEST(say(*start(faulty_file), "much") ==
                   "internal: broken_rule: the plugin said more than fits a frame");
    }
    BOOST_TEST(plugin->status().restarts == 0u);
}

BOOST_AUTO_TEST_CASE(pauses_longer_after_each_end) {
    with.restart_first_ms = 10;
    with.restart_max_ms = 40;
    const auto plugin = start(faulty_file);
    for (int turn = 0; turn < 4; ++turn) {
        BOOST_REQUIRE(wait_until_ready(*plugin));
        say(*plugin, "exit");
        // The end is known to the caller before it is to the supervisor.
        while (plugin->status().restarts < static_cast<std::uint64_t>(turn) + 1)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    for (const char* pause : {"pause_ms=10", "pause_ms=20", "pause_ms=40"})
        BOOST_TEST(log.has(pause), pause);
    BOOST_TEST(!log.has("pause_ms=80"));
}

BOOST_AUTO_TEST_SUITE_END()

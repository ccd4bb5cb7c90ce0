// What is refused at the start, and how a process ends with its host.
#include <tributary/isolation/remote_plugin.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "isolation/rig.hpp"

namespace {

using namespace isolation_tests;

/// A program that speaks to descriptor 3 what a test lets it.
class script {
  public:
    explicit script(const std::string& commands)
        : file_(std::filesystem::temp_directory_path() /
                ("tributary-script-" + std::to_string(::getpid()) + ".sh")) {
        std::ofstream(file_) << "#!/bin/sh\n" << commands << "\n";
        std::filesystem::permissions(file_, std::filesystem::perms::owner_all);
    }
    ~script() { std::filesystem::remove(file_); }
    script(const script&) = delete;
    script& operator=(const script&) = delete;
    const std::filesystem::path& file() const { return file_; }

  private:
    std::filesystem::path file_;
};

/// A result frame for the first call, as printf(1) takes it.
std::string printf_frame(const std::string& payload) {
    iso::writer head;
    head.number(static_cast<std::uint32_t>(payload.size()));
    head.number(static_cast<std::uint8_t>(iso::frame_kind::result));
    head.number(std::uint64_t{1});
    std::string escaped;
    for (const char byte : std::string(head.bytes()) + payload) {
        char text[8];
        std::snprintf(text, sizeof text, "\\%03o", static_cast<unsigned char>(byte));
        escaped += text;
    }
    return "printf '" + escaped + "' >&3; sleep 5";
}

/// The head of a result that is TRB_OK.
void begin_hello(iso::writer& hello) {
    hello.number(std::int32_t{TRB_OK});
    hello.number(std::uint8_t{0});
    hello.text(std::string_view());
    hello.text(std::string_view());
    hello.number(std::int64_t{0});
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(starting_an_isolated_plugin, rig)

BOOST_AUTO_TEST_CASE(copies_its_descriptor_and_tables) {
    const auto plugin = start(faulty_file);
    using tributary::plugins::view;
    BOOST_TEST(view(plugin->descriptor().id) == "org.tributary.faulty");
    BOOST_TEST(view(plugin->descriptor().short_name) == "faulty");
    BOOST_TEST(plugin->descriptor().extension_count == 5u);
    BOOST_TEST(view(plugin->descriptor().requirements[0]) == "tributary.host.clock/1");
    BOOST_TEST(plugin->descriptor().get_extension(TRB_STR(TRB_EXT_PROVIDER)) == nullptr);
    BOOST_TEST(provider_of(*plugin).table->normaliser_version == 3u);
    BOOST_TEST(provider_of(*plugin).table->reread == nullptr);
    BOOST_TEST(plugin->extension(TRB_EXT_PROJECTION) == nullptr);
    const auto* rules = static_cast<const trb_reward_rule_v1*>(plugin->extension(TRB_EXT_REWARD_RULE));
    BOOST_REQUIRE_EQUAL(rules->rule_count, 1u);
    BOOST_TEST(view(rules->rules[0].name) == "half");
    BOOST_TEST(view(rules->rules[0].inputs[1]) == "customer.country");
    const auto* sink = static_cast<const trb_sink_v1*>(plugin->extension(TRB_EXT_SINK));
    BOOST_TEST(view(sink->kinds[0]) == "sale.created");
    const auto fold = start(barefold_file);
    const auto* projection = static_cast<const trb_projection_v1*>(fold->extension(TRB_EXT_PROJECTION));
    BOOST_TEST(projection->fold_version == 5u);
    BOOST_TEST(view(projection->tables[1].name) == "toyfold_subscription");
    BOOST_TEST(view(projection->lookups[0].kind) == "toy_rate");
    BOOST_TEST(fold->descriptor().migration_count > 0u);
    BOOST_TEST(log.has("plugin_host_started plugin=barefold pid="));
}

BOOST_AUTO_TEST_CASE(hands_on_what_create_and_start_say) {
    BOOST_TEST(refusal(faulty_file, R"({"colour":1})") ==
               "plugin refused to start: faulty: unknown_key: unknown key: colour");
    BOOST_TEST(refusal(faulty_file, R"({"fail_start":1})") ==
               "plugin refused to start: faulty: no: it does not start, as configured");
    BOOST_TEST(
        contains(refusal(faulty_file, R"({"crash_in_create":1})"), "plugin refused to start: faulty: "));
}

BOOST_AUTO_TEST_CASE(refuses_what_runs_in_the_process_only) {
    BOOST_TEST(contains(refusal(toyfold_file), "routes run in the process only"), refusal(toyfold_file));
    BOOST_TEST(contains(refusal(TRIBUTARY_TEST_NEEDY),
                        "requires tributary.host.store/1, which there is in the process only"));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_plugin) {
    BOOST_TEST(contains(refusal("/nonexistent/plugin.so"), "cannot be read"));
    const std::string not_a_module = refusal("/bin/sh");
    BOOST_TEST(contains(not_a_module, "plugin cannot be loaded: "), not_a_module);
}

BOOST_AUTO_TEST_CASE(refuses_another_program_than_its_own) {
    with.start_deadline_ms = 500;
    with.executable = "/nonexistent/tributary-plugin-host";
    BOOST_TEST(contains(refusal(faulty_file), "could not be started: /nonexistent"));
    with.executable = "/bin/true";
    BOOST_TEST(contains(refusal(faulty_file), "did not identify itself: true: exit status 0"));
    const script silent("sleep 5");
    with.executable = silent.file();
    const std::string said = refusal(faulty_file);
    BOOST_TEST((contains(said, "silent for too long") || contains(said, "did not start within 500 ms")),
               said);
}

BOOST_AUTO_TEST_CASE(refuses_a_garbled_or_short_handshake) {
    with.start_deadline_ms = 2000;
    const script garbled("head -c 400 /dev/zero | tr '\\000' '\\356' >&3; sleep 5");
    with.executable = garbled.file();
    BOOST_TEST(contains(refusal(faulty_file), "sent a frame that is too long"));
    for (const std::string payload : {"", "abc", "0123456789012345678901234567890123456789"}) {
        const script with_payload(printf_frame(payload));
        with.executable = with_payload.file();
        BOOST_TEST(contains(refusal(faulty_file), "did not identify itself: it cannot be read"));
    }
}

BOOST_AUTO_TEST_CASE(refuses_another_version_and_another_file_and_names_both) {
    const auto hello = [](std::uint32_t version, std::uint32_t minor) {
        iso::writer made;
        begin_hello(made);
        made.number(iso::protocol_magic);
        made.number(version);
        made.number(TRB_ABI_MAJOR);
        made.number(minor);
        made.append(std::string(32, 'd').data(), 32);
        return std::string(made.bytes());
    };
    const script other_protocol(printf_frame(hello(99, TRB_ABI_MINOR)));
    with.executable = other_protocol.file();
    BOOST_TEST(contains(refusal(faulty_file), "it speaks version 99 of the protocol, this host version 1"));
    const script other_abi(printf_frame(hello(iso::protocol_version, 77)));
    with.executable = other_abi.file();
    BOOST_TEST(contains(refusal(faulty_file), "its process has 0.77, this host has 0.2"));
    const script other_file(printf_frame(hello(iso::protocol_version, TRB_ABI_MINOR)));
    with.executable = other_file.file();
    const std::string said = refusal(faulty_file);
    BOOST_TEST(contains(said, "it loaded a file with the digest 6464646464"), said);
    BOOST_TEST(contains(said, ", expected was "), said);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_not_the_one_that_was_checked) {
    with.sha256 = std::string(64, 'd');
    const std::string said = refusal(faulty_file);
    BOOST_TEST(contains(said, "it loaded a file with the digest "), said);
    BOOST_TEST(contains(said, ", expected was " + with.sha256), said);
}

BOOST_AUTO_TEST_CASE(ends_the_process_with_the_plugin) {
    auto plugin = start(faulty_file);
    const auto pid = static_cast<pid_t>(plugin->status().pid);
    plugin.reset();
    BOOST_TEST(::kill(pid, 0) == -1);
    BOOST_TEST(log.has("plugin_host_ended plugin=faulty reason=exit status 0"));
}

BOOST_AUTO_TEST_CASE(ends_the_process_when_its_host_is_killed) {
    std::FILE* said = ::popen(
        "exec '" TRIBUTARY_TEST_DOOMED "' '" TRIBUTARY_TEST_PLUGIN_HOST "' '" TRIBUTARY_TEST_FAULTY "'", "r");
    BOOST_REQUIRE(said != nullptr);
    int plugin = 0;
    int host = 0;
    BOOST_REQUIRE_EQUAL(std::fscanf(said, "%d %d", &host, &plugin), 2);
    BOOST_TEST(::kill(plugin, 0) == 0);
    BOOST_TEST(::kill(host, SIGKILL) == 0);
    ::pclose(said);
    bool gone = false;
    for (int turn = 0; turn < 200 && !gone; ++turn) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        // Whoever inherited it may not have waited for it: a zombie has ended too.
        std::ifstream in("/proc/" + std::to_string(plugin) + "/stat");
        std::string number, name, state;
        gone = !(in >> number >> name >> state) || state == "Z";
    }
    BOOST_TEST(gone);
}

BOOST_AUTO_TEST_SUITE_END()

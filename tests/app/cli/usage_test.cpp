// Arguments that make no sense, help, and what every command has in common.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>

#include "app/cli/shop.hpp"

using namespace tributary::test;

namespace {

const std::vector<std::vector<std::string>> commands = {
    {"init"},
    {"doctor"},
    {"workspace", "create"},
    {"workspace", "list"},
    {"key", "create"},
    {"key", "list"},
    {"key", "revoke"},
    {"domain", "add"},
    {"domain", "list"},
    {"domain", "remove"},
    {"connection", "add"},
    {"connection", "create"},
    {"connection", "list"},
    {"connection", "show"},
    {"connection", "disable"},
    {"connection", "check"},
    {"connection", "register"},
    {"connection", "unregister"},
    {"connection", "fetch"},
    {"connection", "secret", "add"},
    {"connection", "secret", "expire"},
    {"connection", "secret", "list"},
    {"inbox", "list"},
    {"inbox", "show"},
    {"inbox", "replay"},
    {"subject", "show"},
    {"subject", "split"},
    {"explain"},
    {"rebuild"},
    {"trigger"},
    {"api"},
    {"plugin", "list"},
    {"plugin", "info"},
    {"plugin", "reload"},
    {"plugin", "check"},
    {"rules", "check"},
    {"rules", "eval"},
    {"rules", "conformance"},
    {"rules", "schema"},
    {"version"},
    {"completion"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(every_command_has_help_with_an_example) {
    const shop in(false);
    for (std::vector<std::string> each : commands) {
        each.emplace_back("--help");
        const run_result help = in.run(each);
        BOOST_TEST(help.status == 0, each.front());
        BOOST_TEST(help.out.find("Example:\n") != std::string::npos, each.front());
        BOOST_TEST(help.err.empty());
    }
    BOOST_TEST(in.run({"--help"}).out.find("Exit status") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_list_of_commands_here_is_complete) {
    const shop in(false);
    // The outline that completion is made of has a line for each path.
    std::istringstream script(in.run({"completion", "bash"}).out);
    std::size_t paths = 0;
    for (std::string line; std::getline(script, line);)
        paths += line.find("') words='") != std::string::npos ? 1 : 0;
    constexpr std::size_t groups =
        8; // the root, workspace, key, domain, connection, connection secret, inbox, ...
    constexpr std::size_t more_groups = 3; // ... subject, plugin, rules
    BOOST_TEST(paths == commands.size() + groups - 1 + more_groups);
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_one_line_on_standard_error_and_2) {
    const shop in;
    for (const auto& arguments : {std::vector<std::string>{},
                                  {"nonsense"},
                                  {"key"},
                                  {"key", "nonsense"},
                                  {"key", "list", "--nonsense"},
                                  {"key", "create"},
                                  {"inbox", "show"},
                                  {"inbox", "show", "x"},
                                  {"inbox", "list", "--limit", "0"},
                                  {"inbox", "list", "--limit", "x"},
                                  {"workspace", "create", "a", "b"},
                                  {"trigger", "toy"},
                                  {"completion", "tcsh"},
                                  {"api", "GET", "links"},
                                  {"init", "--dir", "a", "--config", "b"}}) {
        const run_result done = in.run(arguments);
        const std::string name = arguments.empty() ? "nothing" : arguments.front();
        BOOST_TEST(done.status == 2, name << ": " << done.err);
        BOOST_TEST(done.out.empty(), name);
        BOOST_TEST(done.err.starts_with("tributary: "), name);
        BOOST_TEST(std::ranges::count(done.err, '\n') == 1, name << ": " << done.err);
    }
}

BOOST_AUTO_TEST_CASE(without_a_database_nothing_is_made_and_init_is_named) {
    const shop in(false);
    for (const auto& arguments :
         {std::vector<std::string>{"workspace", "list"}, {"rebuild"}, {"explain", "x"}}) {
        const run_result done = in.run(arguments);
        BOOST_TEST(done.status == 1);
        BOOST_TEST(done.err.find("tributary init") != std::string::npos);
    }
    BOOST_TEST(!std::filesystem::exists(in.directory() / "tributary.db"));
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_is_named_in_one_line) {
    const shop in;
    in.write("tributary.toml", "[server]\nlisen = 1\nthreads = -1\n");
    const run_result done = in.run({"workspace", "list"});
    BOOST_TEST(done.status == 1);
    BOOST_TEST(std::ranges::count(done.err, '\n') == 1);
    BOOST_TEST(done.err.find("tributary.toml:2") != std::string::npos);
    BOOST_TEST(done.err.find("more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_configuration_is_found_as_the_daemon_finds_it) {
    shop in(false);
    in.ask({"init", "--dir", "a"});
    in.ask({"init", "--dir", "b"});
    in.ask({"workspace", "create", "second", "--config", "a/tributary.toml"});
    in.environment["TRIBUTARY_CONFIG"] = "a/tributary.toml";
    BOOST_TEST(in.ask({"workspace", "list"}).at("workspaces").as_array().size() == 2);
    // An option before the command, and stronger than the variable.
    BOOST_TEST(
        in.ask({"--config", "b/tributary.toml", "workspace", "list"}).at("workspaces").as_array().size() ==
        1);
    in.environment["TRIBUTARY_STORAGE_PATH"] = (in.directory() / "b/tributary.db").string();
    in.environment["TRIBUTARY_SECRETS_KEY_FILE"] = "";
    in.environment.erase("TRIBUTARY_SECRETS_KEY_FILE");
    in.environment["TRIBUTARY_API_KEY"] = "not a setting";
    const run_result done = in.run({"workspace", "list", "--json"});
    BOOST_TEST(done.json().at("workspaces").as_array().size() == 1);
    BOOST_TEST(done.err.empty(), done.err);
}

BOOST_AUTO_TEST_CASE(version_and_plugins_need_no_database) {
    const shop in(false);
    BOOST_TEST(in.ask({"version"}).at("plugin_abi").is_string());
    const auto plugins = in.ask({"plugin", "list"});
    BOOST_TEST_REQUIRE(plugins.at("plugins").as_array().size() == 2);
    BOOST_TEST(plugins.at("plugins").at(0).at("name").as_string() == "toy");
    BOOST_TEST(plugins.at("plugins").at(0).at("problem").is_null());
    BOOST_TEST(plugins.at("passed_over").as_array().empty());
}

BOOST_AUTO_TEST_CASE(completion_scripts_are_understood_by_their_shell) {
    const shop in(false);
    in.write(
        "script",
        in.run({"completion", "bash"}).out +
            "COMP_WORDS=(tributary key cr); COMP_CWORD=2; _tributary; echo \"${COMPREPLY[*]}\"\n"
            "COMP_WORDS=(tributary inbox list --ref); COMP_CWORD=3; _tributary; echo \"${COMPREPLY[*]}\"\n");
    BOOST_TEST(std::system(("cd " + in.directory().string() + " && bash script > answer").c_str()) == 0);
    BOOST_TEST(in.read("answer") == "create\n--refused\n");
    for (const char* shell : {"zsh", "fish"})
        BOOST_TEST(in.run({"completion", shell}).status == 0);
}

BOOST_AUTO_TEST_SUITE_END()

// tributary: the command line tool. See docs/reference/cli.md.
#include <sodium.h>

#include <csignal>
#include <iostream>
#include <unistd.h>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"

namespace {

using namespace tributary::app::cli;

int run(int argc, char** argv) {
    context with{.in = std::cin,
                 .out = std::cout,
                 .err = std::cerr,
                 .environment = tributary::config::process_environment(),
                 .progress = ::isatty(STDERR_FILENO) == 1,
                 .interactive = ::isatty(STDIN_FILENO) == 1};
    command_line all("tributary", "Looks into and looks after the tributary daemon's data on this machine.");
    command root = all.root();
    add_init_command(root);
    add_doctor_command(root);
    add_workspace_commands(root);
    add_key_commands(root);
    add_domain_commands(root);
    add_connection_commands(root);
    add_inbox_commands(root);
    add_subject_commands(root);
    add_explain_command(root);
    add_rebuild_command(root);
    add_trigger_command(root);
    add_api_command(root);
    add_plugin_commands(root);
    add_rules_commands(root);
    add_version_command(root);
    add_completion_command(root, all);
    const auto done = all.run(argc, argv, with);
    std::cout.flush();
    if (!done) {
        std::cerr << "tributary: " << message_of(done.error()) << "\n";
        return static_cast<int>(status_of(done.error()));
    }
    if (!std::cout) { // A full disk behind a redirection must not look like success.
        std::cerr << "tributary: standard output cannot be written\n";
        return static_cast<int>(exit_status::failed);
    }
    return static_cast<int>(*done);
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_DFL); // `tributary inbox list | head` just ends.
    if (sodium_init() < 0) {
        std::cerr << "tributary: libsodium cannot be initialised\n";
        return 1;
    }
    try {
        return run(argc, argv);
    } catch (const std::exception& thrown) {
        std::cerr << "tributary: " << thrown.what() << "\n";
        return 1;
    }
}

// tributaryd: the daemon. See docs/reference/tributaryd.md.
#include <tributary/app/runtime.hpp>
#include <tributary/config/load.hpp>

#include <sodium.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <unistd.h>

#include "app/config_file.hpp"

namespace {

using namespace tributary;

constexpr int exit_usage = 2;
constexpr int exit_configuration = 78; ///< EX_CONFIG

constexpr std::string_view usage = R"(usage: tributaryd [--config FILE] [--check-config | --print-config]

Receives webhooks, clicks and API calls, and derives from them what follows.

  --config FILE    configuration in TOML; default: $TRIBUTARY_CONFIG, ./tributary.toml,
                   /etc/tributary/tributary.toml, or none (defaults and TRIBUTARY_* variables)
  --check-config   check the configuration and exit: 0 fine, 78 not
  --print-config   print the effective configuration with the origin of each value, secrets masked
  --version        print the version
  --help           print this text

Signals: SIGTERM and SIGINT stop gracefully. Exit status: 0 stopped, 2 usage, 75 storage failed (start again),
78 configuration or start-up refused.
)";

struct arguments {
    std::optional<std::filesystem::path> config;
    bool check = false;
    bool print = false;
};

/// Nothing: help or version was printed, or the usage was wrong; `status` says which.
std::optional<arguments> parse(int argc, char** argv, int& status) {
    arguments parsed;
    status = 0;
    for (int index = 1; index < argc; ++index) {
        const std::string_view argument = argv[index];
        if (argument == "--help" || argument == "-h") {
            std::cout << usage;
            return std::nullopt;
        }
        if (argument == "--version") {
            std::cout << "tributaryd " TRIBUTARY_VERSION "\n";
            return std::nullopt;
        }
        if (argument == "--check-config") {
            parsed.check = true;
        } else if (argument == "--print-config") {
            parsed.print = true;
        } else if (argument == "--config" && index + 1 < argc) {
            parsed.config = argv[++index];
        } else if (argument.starts_with("--config=")) {
            parsed.config = argument.substr(9);
        } else {
            std::cerr << "tributaryd: unexpected argument '" << argument << "'; try --help\n";
            status = exit_usage;
            return std::nullopt;
        }
    }
    return parsed;
}

/// A disk that is full or busy may be better at the next start; a supervisor tells the two apart by the
/// status.
int complain(const failure& why) {
    std::cerr << "tributaryd: " << why.text() << "\n";
    const bool passing = why.code == storage::storage_errc::busy || why.code == storage::storage_errc::full ||
                         why.code == storage::storage_errc::io;
    return passing ? app::exit_start_again : exit_configuration;
}

int serve(config::configuration settings) {
    // Blocked before any thread starts, so that only sigwait() below sees them.
    sigset_t stopping;
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGINT);
    sigaddset(&stopping, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stopping, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    auto parts = app::assembly::open(std::move(settings), {.supervise = true});
    if (!parts)
        return complain(parts.error());
    std::atomic<bool> failed{false};
    app::runtime runtime(**parts, [&] {
        failed = true;
        ::kill(::getpid(), SIGTERM);
    });
    if (const auto started = runtime.start(); !started)
        return complain(started.error());
    int signal = 0;
    sigwait(&stopping, &signal);
    (*parts)->log().info("stopping", {{"signal", signal}});
    runtime.stop();
    (*parts)->log().info("stopped");
    return failed ? app::exit_start_again : 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        int status = 0;
        const auto wanted = parse(argc, argv, status);
        if (!wanted)
            return status;
        if (sodium_init() < 0) {
            std::cerr << "tributaryd: libsodium cannot be initialised\n";
            return exit_configuration;
        }
        const auto environment = config::process_environment();
        auto settings =
            config::load_configuration(app::find_config_file(wanted->config, environment), environment);
        if (!settings) {
            std::cerr << settings.error().text();
            return exit_configuration;
        }
        if (wanted->print) {
            std::cout << config::print_configuration(*settings);
            return 0;
        }
        if (wanted->check) {
            std::cout << "the configuration is fine\n";
            return 0;
        }
        return serve(std::move(*settings));
    } catch (const std::exception& thrown) {
        std::cerr << "tributaryd: " << thrown.what() << "\n";
        return 1;
    }
}

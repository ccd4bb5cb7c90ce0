#include <tributary/accounts/key_file.hpp>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/table.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_workspace = "default";

/// A path as TOML: what is special in a basic string is escaped (TOML 1.0, section "String").
std::string quoted(const fs::path& path) {
    std::string out = "\"";
    for (const char each : path.string()) {
        if (each == '"' || each == '\\')
            out += '\\';
        out += each;
    }
    return out + '"';
}

std::string configuration_text(const fs::path& directory, bool with_key_file) {
    return R"(# Configuration of tributary: the daemon tributaryd and the command line tool read the same file.
# Every key, its default and its environment variable: docs/reference/configuration.md
# What applies in the end, and where it came from: tributaryd --print-config

[server]
# Webhooks, API and links. Leave it on loopback behind a proxy that ends TLS, or set tls_certificate and tls_key.
listen = "127.0.0.1:8080"
# How the outside reaches it; webhook URLs begin with it.
# public_url = "https://pay.example.com"

[admin]
# Health, readiness and metrics. It asks for no key: keep it private.
listen = "127.0.0.1:9090"

[storage]
path = )" + quoted(directory / "tributary.db") +
           R"(

[secrets]
# The master key that seals secrets at rest. Without it no secret can be read again: keep a copy elsewhere.
)" + (with_key_file ? "" : "# The key is given by the environment.\n# ") +
           "key_file = " + quoted(directory / "tributary.key") + R"(

[log]
level = "info"

[plugins]
# Where plugins are looked for; empty: where the installation put them. Every plugin found is loaded, unless
# `enabled` names some.
# directories = ["/usr/lib/tributary/plugins"]
# enabled = ["acme"]

# Settings of a plugin; its README lists the keys.
# [plugin.acme]
# tolerance_seconds = 300
)";
}

/// Makes a file that must not be there yet; readable by its owner only, since tables of plugins may hold
/// secrets.
result<void> write_new(const fs::path& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return failure(cli_errc::failed, path.string() + ": " + std::system_category().message(errno));
    std::size_t written = 0;
    while (written < text.size()) {
        const auto count = ::write(file, text.data() + written, text.size() - written);
        if (count <= 0)
            break;
        written += static_cast<std::size_t>(count);
    }
    const bool good = written == text.size() && ::fsync(file) == 0;
    ::close(file);
    if (good)
        return {};
    ::unlink(path.c_str()); // Half a configuration would be read as a whole one.
    return failure(cli_errc::failed, path.string() + " cannot be written");
}

/// Is the master key given from outside, so that a file of ours would be a second one?
bool environment_has_key(const context& with) {
    if (with.environment.contains("TRIBUTARY_SECRETS_KEY") ||
        with.environment.contains("TRIBUTARY_SECRETS_KEY_FILE"))
        return true;
    const auto credentials = with.environment.find("CREDENTIALS_DIRECTORY");
    std::error_code absent;
    return credentials != with.environment.end() &&
           fs::exists(fs::path(credentials->second) / "tributary-key", absent);
}

/// What init did, in order.
struct initialisation {
    context& with;
    fs::path file;
    document done = document::list();

    void tell(std::string_view what, const std::string& where, bool made) {
        done.push(
            document::record().set("what", what).set("where", where).set("state", made ? "made" : "exists"));
    }

    result<void> make_configuration(const fs::path& directory) {
        std::error_code failed;
        fs::create_directories(directory, failed);
        const fs::path whole = failed ? fs::path() : fs::canonical(directory, failed);
        if (failed)
            return failure(cli_errc::failed, directory.string() + ": " + failed.message());
        if (file.empty())
            file = whole / "tributary.toml";
        const bool exists = fs::exists(file, failed);
        if (!exists)
            TRIBUTARY_TRY(write_new(file, configuration_text(whole, !environment_has_key(with))));
        tell("configuration", file.string(), !exists);
        with.config_file = file.string();
        return {};
    }

    result<void> make_key(const config::configuration& settings) {
        if (settings.secrets.key_file.empty()) {
            if (settings.secrets.key.empty())
                return failure(cli_errc::failed, file.string() +
                                                     " names no secrets.key_file, and there is no other "
                                                     "master key; add one");
            tell("master key", "environment", false);
            return {};
        }
        std::error_code unknown;
        const bool exists = fs::exists(settings.secrets.key_file, unknown);
        if (!exists && fs::exists(settings.storage.path, unknown))
            return failure(cli_errc::failed, "the database " + settings.storage.path +
                                                 " exists, but its master key " + settings.secrets.key_file +
                                                 " does not: put it back, a new one opens no secret");
        if (!exists) {
            system_entropy random;
            TRIBUTARY_TRY(accounts::generate_key_file(settings.secrets.key_file, random));
        }
        tell("master key", settings.secrets.key_file, !exists);
        return {};
    }

    result<void> make_database(const config::configuration& settings) {
        std::error_code unknown;
        const bool exists = fs::exists(settings.storage.path, unknown);
        if (!exists) // SQLite would let everybody read it; its other files get the rights of this one.
            TRIBUTARY_TRY(write_new(settings.storage.path, ""));
        TRIBUTARY_TRY_ASSIGN(parts, assembly::open(settings, {.plugins = false, .quiet = true}));
        TRIBUTARY_TRY_ASSIGN(session, parts->database().open_writer());
        TRIBUTARY_TRY(storage::migrate(parts->database(), *session, "core", storage::core_migrations(),
                                       parts->time().now_ms()));
        tell("database", settings.storage.path, !exists);
        return {};
    }

    result<void> make_workspace() {
        TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
        TRIBUTARY_TRY_ASSIGN(all, bench->workspaces().list());
        if (all.empty())
            TRIBUTARY_TRY(bench->write<accounts::workspace>(
                [&] { return bench->workspaces().create(first_workspace); }));
        tell("workspace", all.empty() ? std::string(first_workspace) : all.front().name, all.empty());
        return {};
    }
};

document next_commands(const fs::path& file) {
    std::error_code unknown;
    const bool found_alone = fs::equivalent(file, "tributary.toml", unknown) && !unknown;
    const std::string config = found_alone ? "" : " --config " + file.string();
    return document::texts(
        {"tributary key create --name first --scope '*' --sandbox" + config,
         "tributary connection create --provider acme --realm acme:acct_1 --sandbox --secret signing=-" +
             config,
         "tributaryd" + config});
}

result<exit_status> init(context& with, const std::optional<std::string>& directory) {
    if (directory && with.config_file)
        return failure(cli_errc::usage, "--dir and --config exclude each other");
    initialisation all{with, {}};
    if (with.config_file)
        all.file = *with.config_file;
    const fs::path beside = all.file.has_parent_path() ? all.file.parent_path() : fs::path(".");
    TRIBUTARY_TRY(all.make_configuration(directory ? fs::path(*directory) : beside));
    TRIBUTARY_TRY_ASSIGN(settings, with.settings());
    TRIBUTARY_TRY(all.make_key(settings));
    TRIBUTARY_TRY(all.make_database(settings));
    TRIBUTARY_TRY(all.make_workspace());
    const document next = next_commands(all.file);
    with.show(document::record().set("done", all.done).set("next", next), [&] {
        std::string text =
            table_text(all.done, {{"what", "WHAT"}, {"state", "STATE"}, {"where", "WHERE"}}, "");
        text += "\nNext:\n";
        for (const document& each : next.items())
            text += "  " + each.cell() + "\n";
        return text;
    });
    return exit_status::ok;
}

} // namespace

void add_init_command(command root) {
    const auto directory = std::make_shared<std::optional<std::string>>();
    root.add("init",
             "Make a configuration, a master key, the database and a first workspace; overwrites nothing",
             "tributary init --dir /var/lib/tributary")
        .text("--dir", *directory, "DIR", "Where; default: here")
        .runs([directory](context& with) { return init(with, *directory); });
}

} // namespace tributary::app::cli

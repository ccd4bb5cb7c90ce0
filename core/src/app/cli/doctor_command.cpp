#include <filesystem>

#include "app/cli/checkup.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/post.hpp"
#include "app/cli/table.hpp"

namespace tributary::app::cli {
namespace {

std::string_view verdict_name(verdict of) {
    switch (of) {
    case verdict::ok: return "ok";
    case verdict::warn: return "warn";
    case verdict::fail: return "fail";
    }
    return "fail";
}

exit_status report(context& with, const checkup& all) {
    document list = document::list();
    for (const finding& each : all.all())
        list.push(document::record()
                      .set("check", each.check)
                      .set("verdict", verdict_name(each.is))
                      .set("what", each.what)
                      .set("advice", each.advice.empty() ? document() : document(each.advice)));
    with.show(document::record().set("healthy", !all.has_failed()).set("checks", list), [&] {
        std::string text;
        for (const document& each : list.items()) {
            std::string mark = each.find("verdict")->cell();
            mark.resize(6, ' ');
            text += mark + each.find("check")->cell() + ": " + each.find("what")->cell() + "\n";
            if (!each.find("advice")->is_null())
                text += "      -> " + each.find("advice")->cell() + "\n";
        }
        return text;
    });
    return all.has_failed() ? exit_status::failed : exit_status::ok;
}

/// The plugins as the daemon would load them; nullptr when they do not load.
std::unique_ptr<assembly> load_plugins(const config::configuration& settings, checkup& into) {
    config::configuration without_key = settings;
    without_key.secrets = {};
    auto loaded =
        assembly::open(std::move(without_key), {.database = false, .require_key = false, .quiet = true});
    if (!loaded) {
        into.fail("plugins", loaded.error().text(),
                  "the daemon does not start like this; see plugins.directories, "
                  "plugins.enabled and the plugin's README");
        return nullptr;
    }
    std::string names;
    for (const auto& plugin : (*loaded)->plugins().all())
        names += (names.empty() ? "" : ", ") + std::string(plugin->short_name()) + " " +
                 std::string(plugin->version());
    if (names.empty())
        into.fail("plugins", "none is loaded: nothing can be received",
                  "see plugins.directories and plugins.enabled");
    else
        into.ok("plugins", names);
    return std::move(*loaded);
}

void check_data(config::configuration settings, bool key_is_good, const plugins::plugin_set* plugins,
                checkup& into) {
    std::error_code unknown;
    const std::string path = settings.storage.path;
    if (!std::filesystem::exists(path, unknown)) { // Opening would make one.
        into.fail("database", "there is no " + path, "'tributary init' makes one; or is storage.path wrong?");
        return;
    }
    if (!key_is_good)
        settings.secrets = {};
    auto parts = assembly::open(std::move(settings), {.plugins = false, .require_key = false, .quiet = true});
    if (!parts) {
        into.fail("database", parts.error().text(), "look at the file and its permissions");
        return;
    }
    check_database(**parts, plugins, into);
}

void check_daemon(const config::configuration& settings, checkup& into) {
    const auto log = make_null_logger();
    http_caller caller(settings, *log);
    const std::string address = settings.admin.listen.text();
    if (daemon_answers(settings, caller))
        into.ok("daemon", "answers on " + address);
    else
        into.warn("daemon", "does not answer on " + address, "start it: tributaryd");
}

result<exit_status> examine(context& with) {
    checkup all;
    auto settings = with.settings();
    if (!settings) {
        all.fail("configuration", message_of(settings.error()),
                 "tributaryd --check-config lists all that is wrong");
        return report(with, all);
    }
    const auto file = with.configuration_file();
    all.ok("configuration", file ? file->string() : "no file: defaults and environment");
    for (const std::string& warning : settings->warnings)
        all.warn("configuration", warning, "see docs/reference/configuration.md");
    settings->warnings.clear(); // Said; each part that is opened would log them again.
    check_files(*settings, file ? std::optional(file->string()) : std::nullopt, all);
    const bool key_is_good = check_key(*settings, all);
    const auto plugins = load_plugins(*settings, all);
    check_data(*settings, key_is_good, plugins ? &plugins->plugins() : nullptr, all);
    check_daemon(*settings, all);
    return report(with, all);
}

} // namespace

void add_doctor_command(command root) {
    root.add("doctor",
             "Look whether everything is well, and say what to do; ends with 1 when something fails",
             "tributary doctor")
        .runs(examine);
}

} // namespace tributary::app::cli

#include <boost/json.hpp>

#include <algorithm>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/post.hpp"
#include "app/cli/table.hpp"
#include "app/cli/workbench.hpp"
#include "app/plugin_requests.hpp"

namespace tributary::app::cli {
namespace {

using plugins::found_plugin;
using plugins::load_request;

/// "tributary.provider/1" -> "provider".
std::string short_extension(std::string_view id) {
    if (id.starts_with("tributary."))
        id.remove_prefix(std::string_view("tributary.").size());
    return std::string(id.substr(0, id.find('/')));
}

document describe(const load_request& of) {
    std::vector<std::string> extensions;
    for (const std::string& id : of.plugin.says.extensions)
        extensions.push_back(short_extension(id));
    const bool isolated = of.isolate == plugins::isolation::process;
    document made = document::record();
    made.set("name", of.name).set("plugin", of.plugin.says.short_name).set("version", of.plugin.says.version);
    made.set("plugin_id", of.plugin.says.id).set("extensions", document::texts(extensions));
    made.set("isolation", isolated ? "process" : "none").set("file", of.plugin.module.string());
    return made;
}

/// What the daemon would refuse, it would refuse without running any of the plugin's code: so does this.
/// @return whether all is well.
bool check(const load_request& of, document& into) {
    auto checked = plugins::check_file(of.plugin);
    if (checked)
        checked = plugins::check_config(of.plugin.says.config_schema, of.config_json);
    into.set("problem", checked ? document() : document(checked.error().text()));
    return checked.has_value();
}

result<exit_status> list_plugins(context& with) {
    TRIBUTARY_TRY_ASSIGN(settings, with.settings());
    TRIBUTARY_TRY_ASSIGN(found, discover_plugins(settings));
    TRIBUTARY_TRY_ASSIGN(requests, wanted_plugins(settings, found));
    document list = document::list();
    bool fine = true;
    for (const load_request& one : requests) {
        document line = describe(one);
        fine = check(one, line) && fine;
        list.push(std::move(line));
    }
    document passed_over = document::list();
    for (const plugins::passed_over& one : found.not_taken)
        passed_over.push(document::record().set("file", one.path.string()).set("problem", one.why.text()));
    with.show(document::record().set("plugins", list).set("passed_over", passed_over), [&] {
        std::string text = table_text(list,
                                      {{"name", "NAME"},
                                       {"plugin", "PLUGIN"},
                                       {"version", "VERSION"},
                                       {"extensions", "EXTENSIONS"},
                                       {"isolation", "ISOLATION"},
                                       {"problem", "PROBLEM"}},
                                      "no plugin is found: see plugins.directories and plugins.enabled");
        if (!found.not_taken.empty())
            text += "\n" + table_text(passed_over, {{"file", "PASSED OVER"}, {"problem", "WHY"}}, "");
        return text;
    });
    return fine ? exit_status::ok : exit_status::failed;
}

bool is_file(std::string_view what) {
    return what.find('/') != std::string_view::npos || what.ends_with(".so");
}

/// The instance of that name, or the plugin that lies in a file.
result<load_request> choose(const config::configuration& settings, const std::string& what) {
    if (is_file(what))
        return plugins::request_for(what);
    TRIBUTARY_TRY_ASSIGN(found, discover_plugins(settings));
    TRIBUTARY_TRY_ASSIGN(requests, wanted_plugins(settings, found));
    std::string known;
    for (const load_request& one : requests) {
        if (one.name == what)
            return one;
        known.append(known.empty() ? "" : ", ").append(one.name);
    }
    return failure(cli_errc::not_found,
                   "no plugin '" + what + "'; there is: " + (known.empty() ? "none" : known));
}

document describe_settings(std::string_view schema) {
    document list = document::list();
    if (schema.empty())
        return list;
    const boost::json::value parsed =
        boost::json::parse(boost::json::string_view(schema.data(), schema.size()));
    const boost::json::value* properties = parsed.as_object().if_contains("properties");
    if (properties == nullptr || !properties->is_object())
        return list;
    const auto text_of = [](const boost::json::object& from, std::string_view name) {
        const boost::json::value* found = from.if_contains(name);
        if (found == nullptr)
            return std::string();
        return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
    };
    for (const auto& member : properties->get_object()) {
        document line = document::record();
        line.set("key", std::string_view(member.key()));
        if (member.value().is_object())
            for (const std::string_view name : {"type", "default", "description"})
                line.set(std::string(name), text_of(member.value().get_object(), name));
        list.push(std::move(line));
    }
    return list;
}

/// One instance of GET /plugins.
document describe_running(const boost::json::object& said) {
    document made = document::record();
    for (const auto& member : said)
        made.set(std::string(member.key()),
                 member.value().is_string() ? document(std::string_view(member.value().get_string()))
                                            : document::json_text(boost::json::serialize(member.value())));
    return made;
}

/// What the running daemon says of an instance; nothing when there is none.
document ask_daemon(const config::configuration& settings, const std::string& name) {
    const auto log = make_null_logger();
    http_caller caller(settings, *log);
    const auto answer = caller.call(admin_request(settings, "/plugins", short_patience_ms));
    if (!answer || answer->status != 200)
        return {};
    boost::system::error_code wrong;
    const boost::json::value parsed = boost::json::parse(answer->body, wrong);
    const boost::json::value* list =
        wrong || !parsed.is_object() ? nullptr : parsed.get_object().if_contains("plugins");
    if (list == nullptr || !list->is_array())
        return {};
    for (const boost::json::value& one : list->get_array())
        if (one.is_object() && one.get_object().contains("name") &&
            one.at("name") == boost::json::value(name))
            return describe_running(one.get_object());
    return {};
}

std::string running_text(const document& running) {
    return fields_text(running, {{"name", "Running"},
                                 {"state", "State"},
                                 {"reason", "Why"},
                                 {"generation", "Generation"},
                                 {"version", "Version"},
                                 {"isolation", "Isolation"},
                                 {"condition", "Process"},
                                 {"sha256", "SHA-256"}});
}

result<exit_status> show_plugin(context& with, const std::string& what) {
    TRIBUTARY_TRY_ASSIGN(settings, with.settings());
    TRIBUTARY_TRY_ASSIGN(chosen, choose(settings, what));
    const plugins::manifest& says = chosen.plugin.says;
    document shown = describe(chosen);
    shown.set("vendor", says.vendor);
    shown.set("abi", std::to_string(says.abi_major) + "." + std::to_string(says.abi_minor));
    shown.set("extension_ids", document::texts(says.extensions));
    shown.set("requires", document::texts(says.requirements));
    shown.set("sha256", says.sha256);
    const bool fine = check(chosen, shown);
    const document keys = describe_settings(says.config_schema);
    shown.set("settings", keys);
    // A file that lies anywhere is not an instance of this configuration.
    const document running = is_file(what) ? document() : ask_daemon(settings, chosen.name);
    shown.set("running", running);
    with.show(shown, [&] {
        return fields_text(shown, {{"name", "Name"},
                                   {"plugin", "Plugin"},
                                   {"plugin_id", "Id"},
                                   {"version", "Version"},
                                   {"vendor", "Vendor"},
                                   {"abi", "ABI"},
                                   {"extension_ids", "Extensions"},
                                   {"requires", "Requires"},
                                   {"isolation", "Isolation"},
                                   {"file", "File"},
                                   {"sha256", "SHA-256"},
                                   {"problem", "Problem"}}) +
               "\n" +
               table_text(
                   keys,
                   {{"key", "SETTING"}, {"type", "TYPE"}, {"default", "DEFAULT"}, {"description", "MEANING"}},
                   "its manifest describes no settings") +
               (is_file(what)       ? ""
                : running.is_null() ? "\nthe daemon does not answer, or does not have it\n"
                                    : "\n" + running_text(running));
    });
    return fine ? exit_status::ok : exit_status::failed;
}

result<exit_status> reload_plugin(context& with, const std::string& name) {
    TRIBUTARY_TRY_ASSIGN(settings, with.settings());
    const auto log = make_null_logger();
    http_caller caller(settings, *log);
    constexpr int patience_ms = 60'000; // It has to fold what is between two transactions.
    auto request = admin_request(settings, "/plugins/" + name + "/reload", patience_ms);
    request.method = "POST";
    request.headers.push_back({"Tributary-Command", "reload"});
    const auto answer = caller.call(std::move(request));
    if (!answer)
        return failure(cli_errc::failed, "the daemon does not answer: " + answer.error().text());
    boost::system::error_code wrong;
    const boost::json::value said = boost::json::parse(answer->body, wrong);
    if (answer->status != 200) {
        const boost::json::value* error =
            wrong || !said.is_object() ? nullptr : said.get_object().if_contains("error");
        const bool has_text =
            error != nullptr && error->is_object() && error->get_object().contains("message");
        return failure(answer->status == 404 ? cli_errc::not_found : cli_errc::failed,
                       has_text ? std::string(error->at("message").as_string())
                                : "the daemon answered " + std::to_string(answer->status));
    }
    if (wrong || !said.is_object())
        return failure(cli_errc::failed, "the daemon's answer cannot be read");
    const document shown = describe_running(said.get_object());
    with.show(shown, [&] { return running_text(shown); });
    return exit_status::ok;
}

result<exit_status> show_version(context& with) {
    const std::string abi = std::to_string(TRB_ABI_MAJOR) + "." + std::to_string(TRB_ABI_MINOR);
    with.show(document::record().set("version", TRIBUTARY_VERSION).set("plugin_abi", abi),
              [&] { return "tributary " TRIBUTARY_VERSION ", plugin ABI " + abi + "\n"; });
    return exit_status::ok;
}

} // namespace

void add_plugin_commands(command root) {
    command group = root.add("plugin", "Plugins: providers, projections and what else extends the daemon");
    group
        .add("list",
             "List the plugins that the daemon would load, in the order in which they start; runs none of "
             "their code",
             "tributary plugin list")
        .runs(list_plugins);
    const auto shown = std::make_shared<std::string>();
    group
        .add("info",
             "Show what a plugin's manifest says, what is wrong with its file or its settings, and how the "
             "running "
             "daemon has it",
             "tributary plugin info acme")
        .text("PLUGIN", *shown, "PLUGIN", "Name of the instance, or the path of a module")
        .required()
        .runs([shown](context& with) { return show_plugin(with, *shown); });
    const auto reloaded = std::make_shared<std::string>();
    group
        .add("reload",
             "Let the running daemon load a plugin's module anew; what is under way ends with the old one",
             "tributary plugin reload acme")
        .text("NAME", *reloaded, "NAME", "Name of the instance")
        .required()
        .runs([reloaded](context& with) { return reload_plugin(with, *reloaded); });
    add_plugin_check_command(group);
}

void add_version_command(command root) {
    root.add("version", "Print the version", "tributary version").runs(show_version);
}

} // namespace tributary::app::cli

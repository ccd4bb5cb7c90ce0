#include "app/plugin_requests.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "app/paths.hpp"
#include "config/units.hpp"

namespace tributary::app {
namespace {

namespace json = boost::json;
using plugins::plugin_errc;

failure wrong(const std::string& instance, const std::string& what) {
    return {plugin_errc::bad_config, "[plugin." + instance + "]: " + what};
}

/// Takes a text out of a table; nothing when it is not there.
result<std::optional<std::string>> take_text(json::object& table, const std::string& instance,
                                             std::string_view key) {
    const auto found = table.find(key);
    if (found == table.end())
        return std::optional<std::string>();
    if (!found->value().is_string())
        return wrong(instance, "'" + std::string(key) + "' must be a text");
    std::optional<std::string> text(std::string(found->value().get_string()));
    table.erase(found);
    return text;
}

result<std::int64_t> take_memory(json::object& table, const std::string& instance, std::int64_t otherwise) {
    constexpr std::int64_t least = 16 * 1024 * 1024;
    const auto found = table.find("isolation_memory");
    if (found == table.end())
        return otherwise;
    std::int64_t bytes = 0;
    if (found->value().is_int64()) {
        bytes = found->value().get_int64();
    } else if (found->value().is_string()) {
        const auto parsed = config::parse_size(found->value().get_string());
        bytes = parsed ? *parsed : 0;
    }
    if (bytes < least)
        return wrong(instance, "'isolation_memory' must be a size of at least 16MiB, such as \"512MiB\"");
    table.erase(found);
    return bytes;
}

result<bool> take_flag(json::object& table, const std::string& instance, std::string_view key) {
    const auto found = table.find(key);
    if (found == table.end())
        return false;
    if (!found->value().is_bool())
        return wrong(instance, "'" + std::string(key) + "' must be true or false");
    const bool flag = found->value().get_bool();
    table.erase(found);
    return flag;
}

/// The settings of an instance that are the host's. What is left of the table is the plugin's.
struct own_settings {
    std::optional<std::string> plugin;
    plugins::load_request request;
};

result<own_settings> read_settings(const config::configuration& settings, const std::string& instance) {
    own_settings read;
    read.request.name = instance;
    json::value table = json::parse(settings.plugin_json(instance));
    json::object& keys = table.as_object();
    TRIBUTARY_TRY_ASSIGN(plugin, take_text(keys, instance, "plugin"));
    TRIBUTARY_TRY_ASSIGN(isolation, take_text(keys, instance, "isolation"));
    TRIBUTARY_TRY_ASSIGN(memory, take_memory(keys, instance, read.request.isolation_memory_bytes));
    TRIBUTARY_TRY_ASSIGN(files, take_flag(keys, instance, "isolation_files"));
    if (isolation && *isolation != "none" && *isolation != "process")
        return wrong(instance, "'isolation' must be \"none\" or \"process\", not \"" + *isolation + "\"");
    read.plugin = std::move(plugin);
    if (isolation == "process")
        read.request.isolate = plugins::isolation::process;
    read.request.isolation_memory_bytes = memory;
    read.request.isolation_files = files;
    read.request.config_json = json::serialize(keys);
    return read;
}

std::string names_of(const plugins::discovered& found) {
    std::string names;
    for (const plugins::found_plugin& one : found.plugins)
        names.append(names.empty() ? "" : ", ").append(one.says.short_name);
    return names.empty() ? "none" : names;
}

/// Names of instances: those of the plugins, then those of the tables that name a plugin.
result<std::vector<own_settings>> list_instances(const config::configuration& settings,
                                                 const plugins::discovered& found) {
    std::vector<own_settings> instances;
    for (const plugins::found_plugin& one : found.plugins) {
        TRIBUTARY_TRY_ASSIGN(read, read_settings(settings, one.says.short_name));
        instances.push_back(std::move(read));
    }
    for (const auto& [name, table] : settings.plugin) {
        const auto is_known = [&, &wanted = name](const own_settings& one) {
            return one.request.name == wanted;
        };
        if (std::any_of(instances.begin(), instances.end(), is_known))
            continue;
        TRIBUTARY_TRY_ASSIGN(read, read_settings(settings, name));
        if (read.plugin) // Else the table of a plugin that is not there.
            instances.push_back(std::move(read));
    }
    return instances;
}

} // namespace

std::filesystem::path generations_directory(const config::configuration& settings) {
    return settings.storage.path + ".plugins";
}

result<plugins::discovered> discover_plugins(const config::configuration& settings) {
    if (!settings.plugins.directories.empty())
        return plugins::discover(settings.plugins.directories);
    return plugins::discover(default_plugin_directories());
}

result<std::vector<plugins::load_request>> wanted_plugins(const config::configuration& settings,
                                                          const plugins::discovered& found) {
    TRIBUTARY_TRY_ASSIGN(instances, list_instances(settings, found));
    const std::vector<std::string>& enabled = settings.plugins.enabled;
    std::vector<plugins::load_request> requests;
    for (own_settings& one : instances) {
        const std::string name = one.request.name;
        if (!enabled.empty() && std::find(enabled.begin(), enabled.end(), name) == enabled.end())
            continue;
        const std::string plugin = one.plugin.value_or(name);
        const auto lies = std::find_if(found.plugins.begin(), found.plugins.end(),
                                       [&](const auto& other) { return other.says.short_name == plugin; });
        if (lies == found.plugins.end())
            return wrong(name, "no plugin '" + plugin + "' is found; there is: " + names_of(found));
        one.request.plugin = *lies;
        requests.push_back(std::move(one.request));
    }
    for (const std::string& name : enabled)
        if (std::none_of(requests.begin(), requests.end(), [&](const auto& one) { return one.name == name; }))
            return failure(plugin_errc::not_found,
                           "plugins.enabled names '" + name +
                               "', which is not in the plugin directories; there is: " + names_of(found));
    return plugins::start_order(std::move(requests));
}

} // namespace tributary::app

#include <tributary/config/load.hpp>
#include <tributary/config/options.hpp>

#include <algorithm>

#include "config/loading.hpp"
#include "config/read_file.hpp"

namespace tributary::config {

void loading::take(const option_info& option, const given_value& given, const std::string& where,
                   const std::string& from) {
    auto value = parse_value(option, given);
    if (!value)
        return report(value.error().code, where, value.error().detail);
    option.store(made, std::move(*value));
    made.origins.insert_or_assign(std::string(option.key), from);
}

namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;
/// What systemd's LoadCredential= is expected to call the master key.
constexpr std::string_view credential_name = "tributary-key";

std::vector<std::string_view> sections() {
    std::vector<std::string_view> out;
    for (const option_info& option : options())
        if (out.empty() || out.back() != option.section())
            out.push_back(option.section());
    out.push_back("plugin");
    return out;
}

std::string did_you_mean(std::string_view meant) {
    return meant.empty() ? std::string() : "; did you mean '" + std::string(meant) + "'?";
}

/// The nearest key, or one of the same name in another section.
std::string_view nearest_key(std::string_view key) {
    std::vector<std::string_view> keys;
    for (const option_info& option : options())
        keys.push_back(option.key);
    if (const std::string_view found = nearest(key, keys); !found.empty())
        return found;
    const std::string_view name = key.substr(key.rfind('.') + 1);
    const auto same_name = std::ranges::find(options(), name, &option_info::name);
    return same_name == options().end() ? std::string_view() : same_name->key;
}

void report_unknown(loading& into, const document_entry& entry, const std::string& where) {
    const std::vector<std::string_view> known = sections();
    const std::string_view key = entry.key;
    const std::size_t dot = key.find('.');
    const std::string_view section = key.substr(0, dot);
    const bool known_section = std::ranges::find(known, section) != known.end();
    const bool empty_section = key.ends_with('.');
    if (empty_section && known_section)
        return; // "[server]" with nothing below it asks for nothing.
    if (dot == std::string_view::npos && known_section)
        return into.report(config_errc::wrong_type, where,
                           "'" + entry.key + "' is a section: write [" + entry.key + "]");
    if (empty_section)
        return into.report(config_errc::unknown_key, where,
                           "unknown section '" + std::string(section) + "'" +
                               did_you_mean(nearest(section, known)));
    into.report(config_errc::unknown_key, where,
                "unknown key '" + entry.key + "'" + did_you_mean(nearest_key(key)));
}

void take_file(loading& into, const std::filesystem::path& path) {
    const std::string name = path.string();
    const auto text = read_file(path, file_bytes_max);
    if (!text)
        return into.report(text.error().code, name, text.error().code.message() + ": " + text.error().detail);
    document read = parse_document(*text, name, into.found);
    for (const document_entry& entry : read.entries) {
        const std::string where = name + ":" + std::to_string(entry.line);
        const option_info* option = find_option(entry.key);
        if (!option)
            report_unknown(into, entry, where);
        else if (option->secret())
            into.report(config_errc::conflict, where,
                        "'" + entry.key + "' may come from the environment only: this file is not a secret");
        else
            into.take(*option, entry.given, where, where);
    }
    for (plugin_entry& entry : read.plugin_entries) {
        const std::string where = name + ":" + std::to_string(entry.line);
        into.plugin_tables.try_emplace(entry.plugin, where);
        into.plugins[entry.plugin][entry.key] = {std::move(entry.value), where};
    }
    // Reading in the order of the parser's map would jump about in the file. All of it is in this one file.
    std::ranges::stable_sort(into.found, {}, [&](const problem& each) {
        return std::strtoul(each.where.c_str() + std::min(each.where.size(), name.size() + 1), nullptr, 10);
    });
}

void take_credential(loading& into, const environment_map& environment) {
    const auto directory = environment.find("CREDENTIALS_DIRECTORY");
    if (directory == environment.end() || directory->second.empty())
        return;
    secrets_settings& secrets = into.made.secrets;
    secrets.credentials_directory = directory->second;
    if (!secrets.key.empty() || !secrets.key_file.empty())
        return;
    const std::filesystem::path file = std::filesystem::path(directory->second) / credential_name;
    std::error_code failed;
    if (!std::filesystem::exists(file, failed))
        return;
    secrets.key_file = file.string();
    into.made.origins.insert_or_assign("secrets.key_file", "systemd credential");
}

/// Plugins' tables, merged, in both forms.
void finish_plugins(loading& into) {
    for (auto& [plugin, keys] : into.plugins) {
        plugin_table& table = into.made.plugin[plugin];
        std::string json = "{";
        for (auto& [key, source] : keys) {
            if (json.size() > 1)
                json += ',';
            json += in_quotes(key) + ":" + source.value.json;
            table.settings.push_back({key, std::move(source.value.shown), std::move(source.from)});
        }
        table.json = secret_text(json + "}");
    }
    const std::vector<std::string>& enabled = into.made.plugins.enabled;
    for (const auto& [plugin, where] : into.plugin_tables)
        if (!enabled.empty() && std::ranges::find(enabled, plugin) == enabled.end())
            into.made.warnings.push_back(where + ": 'plugin." + plugin +
                                         "' is set for a plugin that 'plugins.enabled' does not name");
}

/// What no single value shows.
void check_together(loading& into) {
    const configuration& made = into.made;
    const auto conflict = [&](std::string_view key, std::string message) {
        into.report(config_errc::conflict, std::string(made.origin(key)), std::move(message));
    };
    if (made.server.tls_certificate.empty() && !made.server.tls_key.empty())
        conflict("server.tls_key", "'server.tls_key' is set without 'server.tls_certificate'");
    if (!made.server.tls_certificate.empty() && made.server.tls_key.empty())
        conflict("server.tls_certificate", "'server.tls_certificate' is set without 'server.tls_key'");
    if (made.server.listen.port != 0 && made.server.listen == made.admin.listen)
        conflict("admin.listen", "'admin.listen' and 'server.listen' are both " + made.admin.listen.text());
    if (!made.secrets.key.empty() && !made.secrets.key_file.empty())
        conflict("secrets.key_file", "'secrets.key_file' is set together with 'secrets.key'");
    if (!made.secrets.old_key_files.empty() && made.secrets.key.empty() && made.secrets.key_file.empty())
        conflict("secrets.old_key_files", "'secrets.old_key_files' is set without a key of today");
}

} // namespace

boost::system::result<configuration, problems>
load_configuration(const std::optional<std::filesystem::path>& file, const environment_map& environment) {
    loading state;
    if (file)
        take_file(state, *file);
    take_environment(state, environment);
    take_credential(state, environment);
    // A value that was refused is at its default here: checks that combine values would then report a second,
    // made-up problem.
    if (state.found.empty())
        check_together(state);
    if (!state.found.empty())
        return problems{std::move(state.found)};
    finish_plugins(state);
    return std::move(state.made);
}

} // namespace tributary::config

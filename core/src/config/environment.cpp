#include <tributary/config/options.hpp>

#include <algorithm>
#include <unistd.h>

#include "config/address.hpp"
#include "config/loading.hpp"
#include "config/read_file.hpp"

namespace tributary::config {
namespace {

constexpr std::string_view prefix = "TRIBUTARY_";
constexpr std::string_view plugin_prefix = "TRIBUTARY_PLUGIN_";
constexpr std::string_view file_suffix = "_FILE";
/// Variables of ours that are no settings: which file to read.
constexpr std::string_view configuration_path_name = "TRIBUTARY_CONFIG";
/// The command line tool reads its API key there.
constexpr std::string_view api_key_name = "TRIBUTARY_API_KEY";
/// The longest value is a list of paths.
constexpr std::size_t value_file_bytes_max = 64 * 1024;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

const option_info* option_of(std::string_view name) {
    const auto found = std::ranges::find_if(
        options(), [&](const option_info& option) { return environment_name(option.key) == name; });
    return found == options().end() ? nullptr : &*found;
}

std::string where(std::string_view name) {
    return "environment variable " + std::string(name);
}

/// Variables that Kubernetes makes up for every Service called tributary-<something>. They are nobody's
/// typing error.
bool is_service_link(std::string_view name, std::string_view value) {
    if (name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos)
        return true;
    return name.find("_PORT") != std::string_view::npos &&
           (value.find("://") != std::string_view::npos || name.ends_with("_PROTO") ||
            name.ends_with("_ADDR") || name.find("_TCP_PORT") != std::string_view::npos ||
            name.find("_UDP_PORT") != std::string_view::npos);
}

bool has_known_section(std::string_view name) {
    return std::ranges::any_of(options(), [&](const option_info& option) {
        return name.starts_with(environment_name(option.section()) + "_");
    });
}

/// "server.lisen" for "TRIBUTARY_SERVER_LISEN": the beginning that all variables share makes them no more
/// alike.
std::string as_key(std::string_view name) {
    std::string out(name.substr(prefix.size()));
    for (char& c : out)
        c = lower(c);
    if (const std::size_t underscore = out.find('_'); underscore != std::string::npos)
        out[underscore] = '.';
    return out;
}

class environment_reader {
  public:
    environment_reader(loading& into, const environment_map& environment)
        : into_(into), environment_(environment) {
        for (const option_info& option : options())
            keys_.push_back(option.key);
    }

    void take(const std::string& name, const std::string& value) {
        if (const option_info* option = option_of(name))
            return into_.take(*option, {value, "text", true}, where(name), name);
        if (name.ends_with(file_suffix)) {
            const std::string base = name.substr(0, name.size() - file_suffix.size());
            if (const option_info* option = option_of(base))
                return take_file(*option, base, name, value);
        }
        if (name.starts_with(plugin_prefix))
            return take_plugin(name, value);
        if (name != configuration_path_name && name != api_key_name && !is_service_link(name, value))
            take_unknown(name);
    }

  private:
    void take_file(const option_info& option, const std::string& base, const std::string& name,
                   const std::string& path) {
        if (environment_.contains(base))
            return into_.report(config_errc::conflict, where(name), "is set together with " + base);
        auto bytes = read_file(path, value_file_bytes_max);
        if (!bytes)
            return into_.report(bytes.error().code, where(name),
                                in_quotes(path) + ": " + bytes.error().detail);
        // Editors end the last line; that newline is not part of the value.
        if (bytes->ends_with('\n'))
            bytes->pop_back();
        if (bytes->ends_with('\r'))
            bytes->pop_back();
        into_.take(option, {std::move(*bytes), "text", true}, where(name), name);
    }

    void take_plugin(const std::string& name, const std::string& value) {
        std::string rest = name.substr(plugin_prefix.size());
        std::ranges::transform(rest, rest.begin(), lower);
        const std::size_t underscore = rest.find('_');
        const std::string plugin = rest.substr(0, underscore);
        if (underscore == std::string::npos || underscore + 1 == rest.size() || !is_plugin_name(plugin))
            return into_.report(config_errc::unknown_key, where(name),
                                "expected TRIBUTARY_PLUGIN_<SHORT NAME>_<KEY>");
        const std::string key = rest.substr(underscore + 1);
        auto parsed = parse_plugin_value(key, value);
        if (!parsed)
            return into_.report(parsed.error().code, where(name), parsed.error().detail);
        into_.plugin_tables.try_emplace(plugin, where(name));
        into_.plugins[plugin][key] = {std::move(*parsed), name};
    }

    void take_unknown(const std::string& name) {
        const std::string_view meant = nearest(as_key(name), keys_);
        if (!meant.empty())
            return into_.report(config_errc::unknown_key, where(name),
                                "is no setting; did you mean " + environment_name(meant) + "?");
        if (has_known_section(name))
            return into_.report(config_errc::unknown_key, where(name), "is no setting");
        // It may belong to something else that is called tributary.
        into_.made.warnings.push_back(where(name) + ": is no setting; ignored");
    }

    loading& into_;
    const environment_map& environment_;
    std::vector<std::string_view> keys_;
};

} // namespace

environment_map process_environment() {
    environment_map out;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos)
            out.try_emplace(std::string(text.substr(0, equals)), text.substr(equals + 1));
    }
    return out;
}

void take_environment(loading& into, const environment_map& environment) {
    environment_reader reader(into, environment);
    for (auto each = environment.lower_bound(prefix);
         each != environment.end() && each->first.starts_with(prefix); ++each)
        reader.take(each->first, each->second);
}

} // namespace tributary::config

#include <tributary/config/configuration.hpp>

namespace tributary::config {

std::string listen_address::text() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string_view configuration::origin(std::string_view key) const {
    const auto found = origins.find(key);
    return found == origins.end() ? std::string_view("default") : std::string_view(found->second);
}

std::string_view configuration::plugin_json(std::string_view short_name) const {
    const auto found = plugin.find(short_name);
    return found == plugin.end() ? std::string_view("{}") : found->second.json.reveal();
}

} // namespace tributary::config

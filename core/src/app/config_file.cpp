#include "app/config_file.hpp"

namespace tributary::app {

std::optional<std::filesystem::path> find_config_file(const std::optional<std::filesystem::path>& given,
                                                      const config::environment_map& environment) {
    if (given)
        return given;
    if (const auto named = environment.find("TRIBUTARY_CONFIG");
        named != environment.end() && !named->second.empty())
        return named->second;
    for (const char* usual : {"tributary.toml", "/etc/tributary/tributary.toml"}) {
        std::error_code absent;
        if (std::filesystem::is_regular_file(usual, absent))
            return usual;
    }
    return std::nullopt;
}

} // namespace tributary::app

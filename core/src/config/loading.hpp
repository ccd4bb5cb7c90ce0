#pragma once

#include <tributary/config/errors.hpp>
#include <tributary/config/load.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/document.hpp"

namespace tributary::config {

/// What load_configuration() builds up while it goes through its sources.
struct loading {
    struct plugin_source {
        plugin_value value;
        std::string from;
    };

    configuration made;
    std::vector<problem> found;
    /// By plugin and key: the environment replaces single keys of the file's table.
    std::map<std::string, std::map<std::string, plugin_source>> plugins;
    /// Where a plugin's table was first seen, for warnings.
    std::map<std::string, std::string> plugin_tables;

    void report(error_code code, std::string where, std::string message) {
        found.push_back({code, std::move(where), std::move(message)});
    }

    /// Checks and stores the value of a known option.
    /// @param where  how a problem names the place; @param from  how configuration::origins does.
    void take(const option_info& option, const given_value& given, const std::string& where,
              const std::string& from);
};

/// Takes everything from the variables that start with TRIBUTARY_ (environment.cpp).
void take_environment(loading& into, const environment_map& environment);

} // namespace tributary::config

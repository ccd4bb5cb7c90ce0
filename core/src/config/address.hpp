#pragma once

#include <tributary/base/result.hpp>
#include <tributary/config/configuration.hpp>

#include <optional>
#include <string_view>

namespace tributary::config {

/// "127.0.0.1:8080" or "[::1]:8080". @errors malformed, says what is expected.
result<listen_address> parse_listen_address(std::string_view text);

/// An IPv4 or IPv6 address, alone or with "/<prefix length>".
bool is_network(std::string_view text);

/// Absolute http or https URL without user, query and fragment; the slash at its end is dropped.
result<std::string> parse_public_url(std::string_view text);

/// A plugin's short name: a-z and 0-9, a letter first, up to 24 (tributary/abi/plugin.h).
bool is_plugin_name(std::string_view text);

} // namespace tributary::config

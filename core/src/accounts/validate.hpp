#pragma once

#include <tributary/accounts/environment.hpp>
#include <tributary/accounts/errors.hpp>

#include <string_view>

namespace tributary::accounts {

/// A name for people: 1 to name_characters_max bytes of UTF-8, no control characters, no space around it.
/// @param what  how a failure calls it.
result<void> check_name(std::string_view what, std::string_view name);

/// A plugin's short name (tributary/abi/plugin.h).
result<void> check_provider(std::string_view provider);

/// 1 to name_characters_max visible ASCII characters.
result<void> check_realm(std::string_view realm);

/// What a plugin calls a secret: a-z, 0-9 and "_", up to 64.
result<void> check_secret_name(std::string_view name);

/// A JSON object of at most settings_bytes_max bytes.
result<void> check_settings(std::string_view json);

/// One of the two.
result<void> check_environment(environment which);

} // namespace tributary::accounts

#pragma once

#include <tributary/accounts/connections.hpp>
#include <tributary/config/configuration.hpp>

#include "app/cli/document.hpp"

namespace tributary::app::cli {

/// A connection for a person, with the URL that its provider delivers to.
document describe(const accounts::connection& of, const config::configuration& settings);
/// A secret without its value.
document describe(const accounts::secret_info& of, time_ms now);
/// describe()d connection and its secrets as text.
std::string connection_text(const document& connection, const document& secrets);
std::string secrets_text(const document& secrets);

} // namespace tributary::app::cli

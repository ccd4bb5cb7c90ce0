#pragma once

#include <tributary/base/result.hpp>
#include <tributary/base/secret_text.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tributary::app::cli {

struct context;

struct named_secret {
    std::string name;
    secret_text value;
};

/// Reads secrets from where the arguments say: NAME=- is standard input (one of them only), NAME=@FILE a
/// file, NAME=env:VARIABLE the environment. NAME=TEXT is taken with a warning, because arguments are seen by
/// others. A line feed at the end does not belong to the secret.
/// @errors cli_errc::usage, cli_errc::failed; they never quote a value.
result<std::vector<named_secret>> read_secrets(context& with, const std::vector<std::string>& arguments);

/// Asks the person at the terminal for a secret that is not shown while it is typed. Empty: none.
/// @pre with.interactive
result<secret_text> ask_secret(context& with, const std::string& name);

} // namespace tributary::app::cli

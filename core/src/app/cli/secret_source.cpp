#include "app/cli/secret_source.hpp"

#include <tributary/accounts/limits.hpp>

#include <algorithm>
#include <fstream>
#include <istream>

#include "app/cli/context.hpp"
#include "app/cli/errors.hpp"

namespace tributary::app::cli {
namespace {

result<secret_text> read_stream(std::istream& from, const std::string& what) {
    std::string bytes(accounts::secret_bytes_max + 2, '\0'); // One more than a secret and its line feed.
    from.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(from.gcount()));
    std::string_view text = bytes;
    if (text.ends_with('\n'))
        text.remove_suffix(1);
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    secret_text secret(text);
    std::ranges::fill(bytes, '\0');
    if (from.bad())
        return failure(cli_errc::failed, what + " cannot be read");
    if (secret.empty())
        return failure(cli_errc::usage, "the secret from " + what + " is empty");
    return secret;
}

result<secret_text> read_secret(context& with, const std::string& name, std::string_view from) {
    if (from == "-")
        return read_stream(with.in, "standard input");
    if (from.starts_with('@')) {
        const std::string path(from.substr(1));
        std::ifstream file(path, std::ios::binary);
        if (!file)
            return failure(cli_errc::failed, path + " cannot be opened");
        return read_stream(file, path);
    }
    if (from.starts_with("env:")) {
        const auto found = with.environment.find(from.substr(4));
        if (found == with.environment.end() || found->second.empty())
            return failure(cli_errc::usage,
                           "the environment variable " + std::string(from.substr(4)) + " is not set");
        return secret_text(found->second);
    }
    with.warn("the secret '" + name +
              "' was in the arguments, where other users and the shell's history see it; use " + name +
              "=-, " + name + "=@FILE or " + name + "=env:VARIABLE");
    return secret_text(from);
}

} // namespace

result<std::vector<named_secret>> read_secrets(context& with, const std::vector<std::string>& arguments) {
    std::vector<named_secret> secrets;
    if (std::ranges::count_if(arguments, [](const std::string& each) { return each.ends_with("=-"); }) > 1)
        return failure(cli_errc::usage, "only one secret can come from standard input");
    for (const std::string& argument : arguments) {
        const std::size_t equals = argument.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == argument.size())
            return failure(cli_errc::usage, "a secret is given as NAME=-, NAME=@FILE or NAME=env:VARIABLE");
        std::string name = argument.substr(0, equals);
        TRIBUTARY_TRY_ASSIGN(value, read_secret(with, name, std::string_view(argument).substr(equals + 1)));
        secrets.push_back({std::move(name), std::move(value)});
    }
    return secrets;
}

} // namespace tributary::app::cli

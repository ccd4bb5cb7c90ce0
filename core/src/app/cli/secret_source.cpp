#include "app/cli/secret_source.hpp"

#include <tributary/accounts/limits.hpp>

#include <algorithm>
#include <fstream>
#include <istream>
#include <ostream>
#include <string>
#include <termios.h>
#include <unistd.h>

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

/// Nothing that is typed is shown, for as long as this lives.
class hidden_typing {
  public:
    hidden_typing() {
        known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        hidden_ = known_ && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~hidden_typing() {
        if (hidden_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    hidden_typing(const hidden_typing&) = delete;
    hidden_typing& operator=(const hidden_typing&) = delete;
    bool hidden() const noexcept { return hidden_; }

  private:
    termios before_{};
    bool known_ = false;
    bool hidden_ = false;
};

result<secret_text> read_secret(context& with, const std::string& name, std::string_view from) {
    if (from == "-" && with.interactive) {
        TRIBUTARY_TRY_ASSIGN(typed, ask_secret(with, name));
        if (typed.empty())
            return failure(cli_errc::usage, "the secret '" + name + "' is empty");
        return typed;
    }
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

result<secret_text> ask_secret(context& with, const std::string& name) {
    std::string line;
    {
        const hidden_typing quietly;
        if (!quietly.hidden())
            return failure(cli_errc::failed,
                           "the terminal would show the secret; use --secret " + name + "=@FILE");
        with.err << "Secret '" << name << "' (not shown; nothing: none): " << std::flush;
        std::getline(with.in, line);
    }
    with.err << "\n";
    if (line.size() > accounts::secret_bytes_max)
        return failure(cli_errc::usage, "the secret '" + name + "' is too long");
    if (line.ends_with('\r'))
        line.pop_back();
    secret_text secret(line);
    std::ranges::fill(line, '\0');
    return secret;
}

} // namespace tributary::app::cli

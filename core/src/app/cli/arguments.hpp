#pragma once

#include <tributary/base/result.hpp>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/errors.hpp"

namespace tributary::app::cli {

struct context;

/// A command while the tree of commands is described: a handle. What it fills in must outlive the parsing.
///
/// Hides the library that parses, whose headers take seconds to compile.
class command {
  public:
    using function = std::function<result<exit_status>(context&)>;

    /// A command below this one. @param example  one line for its --help; empty for a group.
    command add(const std::string& name, const std::string& summary, const std::string& example = {});

    /// @param names  "--name", or "NAME" for a positional argument.
    /// @param value  what the help calls the value.
    command& text(const std::string& names, std::string& into, const std::string& value,
                  const std::string& help);
    command& text(const std::string& names, std::optional<std::string>& into, const std::string& value,
                  const std::string& help);
    /// May be given several times, with one value each. A positional one takes all that follow.
    command& texts(const std::string& names, std::vector<std::string>& into, const std::string& value,
                   const std::string& help);
    command& number(const std::string& name, std::int64_t& into, std::int64_t least, std::int64_t greatest,
                    const std::string& help);
    command& flag(const std::string& name, bool& into, const std::string& help);
    /// The option described last must be given.
    command& required();
    /// The option described last cannot be given together with this one.
    command& excludes(const std::string& other);
    /// The option described last is for the tool itself: neither help nor completion shows it.
    command& hidden();
    /// What is done when the command is chosen.
    command& runs(function what);

  private:
    friend class command_line;
    struct node;
    explicit command(std::shared_ptr<node> of) : node_(std::move(of)) {}

    std::shared_ptr<node> node_;
};

/// All commands of the tool.
class command_line {
  public:
    command_line(const std::string& name, const std::string& summary);

    command root() { return root_; }

    /// Parses and runs the chosen command. Help goes to context.out.
    /// @errors cli_errc::usage, and those of the command.
    result<exit_status> run(int argc, const char* const* argv, context& with);

    /// One command a line with its options, for scripts that complete: "key create --workspace --name".
    std::string outline() const;

  private:
    command root_;
};

} // namespace tributary::app::cli

#pragma once

#include <tributary/base/result.hpp>
#include <tributary/config/load.hpp>

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace tributary::app::cli {

class document;

/// What a command is run with: the streams and surroundings of the process, as values.
struct context {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    config::environment_map environment;
    bool progress = false;    ///< Standard error is a terminal: somebody watches.
    bool interactive = false; ///< Standard input is a terminal: somebody can be asked.
    bool json = false;
    std::optional<std::string> config_file = std::nullopt;

    /// Prints the document as JSON, or what `text` makes of it.
    template <class Text> void show(const document& what, Text&& text) {
        json ? show_json(what) : show_text(text());
    }
    void show_json(const document& what);
    void show_text(const std::string& text);
    /// One line on standard error that does not stop anything.
    void warn(const std::string& text);

    /// The file that applies, if any.
    std::optional<std::filesystem::path> configuration_file() const;
    /// @errors cli_errc::failed with the first thing that is wrong.
    result<config::configuration> settings() const;
};

/// How this machine's daemon is reached: [server].public_url, else the address it listens at. No slash at the
/// end.
std::string base_url(const config::configuration& settings);
/// Where a provider delivers to a connection.
std::string webhook_url(const config::configuration& settings, std::string_view connection_id);

} // namespace tributary::app::cli

#pragma once

#include <boost/json/value.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::test {

/// What a run of the tool came to.
struct run_result {
    int status = -1;
    std::string out;
    std::string err;

    /// The one JSON document on standard output; fails the test when it is none.
    boost::json::value json() const;
};

/// A directory of its own with a configuration that loads the toys, and the built tool to be run in it.
/// Removed at the end.
class shop {
  public:
    /// @param initialised  whether `tributary init` was run.
    explicit shop(bool initialised = true);
    ~shop();
    shop(const shop&) = delete;
    shop& operator=(const shop&) = delete;

    const std::filesystem::path& directory() const { return directory_; }
    std::map<std::string, std::string> environment; ///< Of the tool; nothing else is handed on.

    /// Runs `tributary` with the arguments in the directory.
    run_result run(const std::vector<std::string>& arguments, std::string_view input = {}) const;
    /// The same with --json; fails the test unless it ends with 0.
    boost::json::value ask(std::vector<std::string> arguments, std::string_view input = {}) const;

    /// A sandbox connection of the toy provider with its signing secret. @return its id.
    std::string connect(std::string_view realm = "toy:acct_1") const;
    /// Hands a signed delivery to the engine, as the daemon does, and lets it work. @return the HTTP status.
    int deliver(const std::string& connection_id, const std::string& body, bool signed_well = true) const;

    void write(const std::string& name, std::string_view text) const;
    std::string read(const std::string& name) const;

  private:
    std::filesystem::path directory_;
};

/// A port of 127.0.0.1 that nobody listened on a moment ago.
int free_port();

} // namespace tributary::test

#pragma once

#include <boost/json/value.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tributary::test {

/// What `tributary plugin check` said.
struct check_result {
    int status = -1;
    boost::json::value document; ///< null when it printed none.
    /// Test id to "failed: why", only of those that failed, crashed or hung.
    std::map<std::string, std::string> failures;

    /// The ids alone, with blanks between.
    std::string failed_ids() const;
};

/// Runs the built tool on a plugin, given relative to the folder of the build, in the folder `in`.
check_result check_plugin(const std::string& plugin, std::vector<std::string> arguments = {},
                          const std::filesystem::path& in = std::filesystem::temp_directory_path());

/// A folder that is removed at the end.
class scratch_folder {
  public:
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }
    void write(const std::string& name, std::string_view text) const;
    std::string read(const std::string& name) const;

  private:
    std::filesystem::path path_;
};

} // namespace tributary::test

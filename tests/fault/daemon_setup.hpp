#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tributary::storage {
class database;
class session;
} // namespace tributary::storage

namespace tributary::test {

struct prepared_database {
    std::string connection; ///< id
    std::string api_key;    ///< with all scopes
};

/// Makes a master key and a database with one workspace, one live connection and one API key.
prepared_database prepare_database(const std::filesystem::path& directory, std::string_view provider,
                                   std::string_view realm, std::string_view signing_secret);

/// What a daemon on that database is told.
std::map<std::string, std::string> daemon_environment(const std::filesystem::path& directory,
                                                      const std::string& plugin_directory);

/// Looks into the database of a prepared directory.
class database_reader {
  public:
    explicit database_reader(const std::filesystem::path& directory);
    ~database_reader();
    /// The first column of the first row.
    std::int64_t number(const std::string& sql, std::string_view parameter = {}) const;
    /// The first column of all rows, each on a line.
    std::string text(const std::string& sql) const;

  private:
    std::unique_ptr<storage::database> database_;
    std::unique_ptr<storage::session> session_;
};

} // namespace tributary::test

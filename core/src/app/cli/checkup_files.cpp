#include <tributary/accounts/key_file.hpp>

#include <filesystem>
#include <sys/stat.h>

#include "app/cli/checkup.hpp"

namespace tributary::app::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t mebibyte = 1024 * 1024;
constexpr std::uintmax_t free_least = 100 * mebibyte;
constexpr std::uintmax_t free_comfortable = 1024 * mebibyte;

std::string mebibytes(std::uintmax_t bytes) {
    return std::to_string(bytes / mebibyte) + " MiB";
}

void check_configuration_file(const std::string& path, checkup& into) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0)
        return; // It was read a moment ago; whoever removed it knows.
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        into.warn("configuration file", path + " can be written by others", "chmod go-w " + path);
    else
        into.ok("configuration file", path);
}

void check_database_files(const std::string& path, checkup& into) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const std::string file = path + suffix;
        struct stat found {};
        if (::stat(file.c_str(), &found) != 0)
            continue;
        if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
            into.warn("database file", file + " is open to others; it holds customers' data",
                      "chmod 600 " + file);
            return;
        }
    }
    into.ok("database file", path);
}

void check_space(const std::string& path, checkup& into) {
    std::error_code failed;
    const fs::path directory = fs::absolute(path, failed).parent_path();
    const fs::space_info space = fs::space(directory, failed);
    if (failed) {
        into.fail("disk space", directory.string() + ": " + failed.message(),
                  "look whether the disk is mounted");
        return;
    }
    const std::string what = mebibytes(space.available) + " free in " + directory.string();
    if (space.available < free_least)
        into.fail("disk space", what,
                  "free some: without space no delivery can be stored, and none is acknowledged");
    else if (space.available < free_comfortable)
        into.warn("disk space", what, "free some soon");
    else
        into.ok("disk space", what);
}

} // namespace

bool checkup::has_failed() const noexcept {
    for (const finding& each : findings_)
        if (each.is == verdict::fail)
            return true;
    return false;
}

void check_files(const config::configuration& settings, const std::optional<std::string>& configuration_file,
                 checkup& into) {
    if (configuration_file)
        check_configuration_file(*configuration_file, into);
    check_database_files(settings.storage.path, into);
    check_space(settings.storage.path, into);
}

bool check_key(const config::configuration& settings, checkup& into) {
    const config::secrets_settings& secrets = settings.secrets;
    if (secrets.key.empty() && secrets.key_file.empty()) {
        into.fail("master key", "there is none",
                  "set secrets.key_file; 'tributary init' makes one for a new database");
        return false;
    }
    const auto box = accounts::load_secret_box(
        {secrets.key, secrets.key_file, secrets.old_key_files, secrets.credentials_directory});
    if (!box) {
        into.fail("master key", box.error().text(),
                  box.error().code == accounts::accounts_errc::key_file_exposed
                      ? "chmod 600 " + secrets.key_file
                      : "put the right key back; secrets sealed with it cannot be read without");
        return false;
    }
    into.ok("master key", secrets.key_file.empty() ? "from the environment" : secrets.key_file);
    return true;
}

} // namespace tributary::app::cli

#include <tributary/abi/plugin.h>
#include <tributary/base/crypto.hpp>
#include <tributary/plugins/discovery.hpp>

#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/descriptor.hpp"
#include "plugins/elf.hpp"

namespace tributary::plugins {
namespace {

namespace fs = std::filesystem;

std::string octal(mode_t mode) {
    std::string text = "0000";
    for (int digit = 3; digit >= 0; --digit) {
        text[static_cast<std::size_t>(digit)] = static_cast<char>('0' + (mode & 7u));
        mode >>= 3u;
    }
    return text;
}

result<std::string> read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return failure(plugin_errc::not_found, path.string());
    return std::string(std::istreambuf_iterator<char>(file), {});
}

result<void> check_exports(std::string_view bytes, const fs::path& path) {
    auto read = read_elf(bytes);
    if (!read)
        return failure(read.error().code, path.string() + ": " + read.error().detail);
    const std::size_t count = read->exported.size();
    if (std::erase(read->exported, TRB_PLUGIN_ENTRY_NAME) == 0)
        return failure(plugin_errc::no_entry,
                       path.string() + ": found " + std::to_string(count) + " other exported symbols");
    if (read->exported.empty())
        return {};
    return failure(plugin_errc::wrong_exports, path.string() + ": found " + std::to_string(count) +
                                                   " exported symbols, expected 1; another one is " +
                                                   read->exported.front().substr(0, 100));
}

} // namespace

/// Whoever can write a module runs code as the daemon: only its user and root may. In a folder that others
/// can write a file could be replaced between this look and the loading.
result<void> check_owner(const fs::path& path, const char* what) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0)
        return failure(plugin_errc::not_found, path.string());
    if (found.st_uid != 0 && found.st_uid != ::geteuid())
        return failure(plugin_errc::unsafe_file, std::string(what) + " " + path.string() +
                                                     " belongs to user " + std::to_string(found.st_uid) +
                                                     ", expected " + std::to_string(::geteuid()) +
                                                     " or root");
    const bool sticky_folder = S_ISDIR(found.st_mode) && (found.st_mode & S_ISVTX) != 0;
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky_folder)
        return failure(plugin_errc::unsafe_file,
                       std::string(what) + " " + path.string() + " has mode " +
                           octal(found.st_mode & 07777u) +
                           ", expected one that only its owner may write: chmod go-w");
    return {};
}

result<void> check_file(const found_plugin& plugin) {
    TRIBUTARY_TRY(checked_bytes(plugin));
    return {};
}

result<std::string> checked_bytes(const found_plugin& plugin) {
    TRIBUTARY_TRY(
        check_owner(plugin.module.parent_path().empty() ? "." : plugin.module.parent_path(), "folder"));
    TRIBUTARY_TRY(check_owner(plugin.module, "module"));
    TRIBUTARY_TRY(check_owner(manifest_path(plugin.module), "manifest"));
    TRIBUTARY_TRY(check_abi(plugin.says.abi_major, plugin.says.abi_minor));
    for (const std::string& requirement : plugin.says.requirements)
        TRIBUTARY_TRY(check_requirement(requirement));
    TRIBUTARY_TRY_ASSIGN(bytes, read_whole(plugin.module));
    const std::string digest = hex_encode(as_bytes(sha256(bytes)));
    if (digest != plugin.says.sha256)
        return failure(plugin_errc::wrong_checksum, plugin.module.string() + ": its SHA-256 is " + digest +
                                                        ", the manifest expects " + plugin.says.sha256);
    TRIBUTARY_TRY(check_exports(bytes, plugin.module));
    return bytes;
}

} // namespace tributary::plugins

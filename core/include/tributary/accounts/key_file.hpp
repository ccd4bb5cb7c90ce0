#pragma once

#include <tributary/accounts/secret_box.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace tributary::accounts {

/// Who else may be allowed to read a key's file.
enum class key_file_access {
    owner_only, ///< The file belongs to this user or to root, and nobody else may read or write it.
    /// systemd keeps its credentials where only the service gets to, and marks them readable for a group.
    systemd_credential,
};

/// Reads a master key. The permissions are those of the file that was opened, not of a name.
/// @errors key_file_unreadable, key_file_exposed, bad_master_key.
result<master_key> load_key_file(const std::filesystem::path& path, key_file_access access);

/// Makes a file with a new key, 0600, synced together with its directory. Never overwrites.
/// @errors key_file_exists, key_file_unwritable; then there is no file left behind.
result<void> generate_key_file(const std::filesystem::path& path, entropy& random);

/// Where the keys come from, as the configuration says (section "secrets").
struct key_sources {
    secret_text key; ///< Or key_file.
    std::string key_file;
    std::vector<std::string> old_key_files;
    std::string credentials_directory; ///< Files below it are systemd's. May be empty.
};

/// The box for these keys. @errors those of load_key_file(), naming the file; bad_master_key when there is no
/// key.
result<secret_box> load_secret_box(const key_sources& from);

} // namespace tributary::accounts

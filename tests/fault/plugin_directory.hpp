#pragma once

#include <filesystem>
#include <string>

namespace tributary::test {

/// Puts a plugin's module and manifest into a folder, as an installation does: each by renaming, never by
/// writing into a file that a process may have mapped.
inline void install_plugin(const std::filesystem::path& into, const std::string& name,
                           const std::string& from) {
    namespace fs = std::filesystem;
    fs::create_directories(into);
    for (const char* suffix : {".so", ".trbplugin.json"}) {
        const fs::path to = into / (name + suffix);
        const fs::path beside = to.string() + ".new";
        fs::copy_file(from + "/" + name + suffix, beside, fs::copy_options::overwrite_existing);
        fs::rename(beside, to);
    }
}

} // namespace tributary::test

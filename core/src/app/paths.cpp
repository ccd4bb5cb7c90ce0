#include "app/paths.hpp"

#include <filesystem>

namespace tributary::app {

std::vector<std::string> default_plugin_directories() {
    namespace fs = std::filesystem;
    std::error_code unknown;
    const fs::path executable = fs::read_symlink("/proc/self/exe", unknown);
    if (unknown)
        return {};
    const fs::path prefix = executable.parent_path().parent_path();
    for (const fs::path& candidate : {prefix / "plugins", prefix / "lib" / "tributary" / "plugins"})
        if (fs::is_directory(candidate, unknown))
            return {candidate.string()};
    return {};
}

} // namespace tributary::app

#pragma once

#include <cstdint>
#include <string>

/// What a plugin's process takes away from itself. In two steps: before any code of the plugin runs, and
/// before the plugin is started. Call both on the only thread that the host's part has by then.
namespace tributary::isolation {

/// No descriptors but the socket and standard error, no core, no privileges by exec, and with the host it
/// ends.
/// @return false when the host has ended already.
bool detach(int host_pid);

struct sandbox_options {
    std::int64_t memory_bytes = 0; ///< beyond what is in use now
    int threads = 0;               ///< whose stacks do not count
    bool files = false;
};

/// Before the module is loaded: files can be read, which the loader must; nothing else is left.
void restrict_loading(const sandbox_options& with);
/// Before start: no files either, and the limits.
/// @return what this kernel does not have: "seccomp, landlock"; empty when it has all.
std::string restrict_running(const sandbox_options& with);

/// What a filter of system calls allows.
enum class filter_stage {
    loading,    ///< reading files, mapping code, and restricting itself further
    running,    ///< memory, threads, time, and what is open
    with_files, ///< running, and the file system
};
/// @return false when this kernel, or this processor, has no such filter.
bool install_seccomp(filter_stage stage);

/// @param everything  false: files may still be read.
/// @return false when this kernel has no Landlock.
bool install_landlock(bool everything);

} // namespace tributary::isolation

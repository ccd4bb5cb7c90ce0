#pragma once

#include <cstdint>

namespace tributary::bench {

/// Processor time since boot, in clock ticks (100 a second), read from /proc.
struct processor_use {
    std::int64_t process = 0;     ///< Of the watched process, user and system. 0 when none is watched.
    std::int64_t core_busy = 0;   ///< Of the watched core, whoever used it.
    std::int64_t core_iowait = 0; ///< The core had nothing to run while somebody waited for a disk.
    std::int64_t core_stolen = 0; ///< Taken by the hypervisor.
    double own_seconds = 0;       ///< Of this process.
};

/// @param pid 0: no process is watched. @param core 0 or more; below 0: none is watched.
/// Throws std::runtime_error when the process is gone.
processor_use read_processor_use(int pid, int core);

/// Clock ticks of /proc in a second.
std::int64_t ticks_per_second();

} // namespace tributary::bench

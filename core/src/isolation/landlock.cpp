#include <cstdint>
#include <sys/syscall.h>
#include <unistd.h>

#include "isolation/sandbox.hpp"

namespace tributary::isolation {
namespace {

/// As the kernel of today has it; an older one is given the part that it knows. Written out, because the
/// headers of the system that this is built on may be older than the kernel that it runs on.
struct ruleset {
    std::uint64_t handled_access_fs;
    std::uint64_t handled_access_net; ///< from version 4
    std::uint64_t scoped;             ///< from version 6
};

constexpr std::uint64_t bit(unsigned number) noexcept {
    return std::uint64_t{1} << number;
}

// Rights to files, in the kernel's order.
constexpr std::uint64_t fs_execute = bit(0);
constexpr std::uint64_t fs_read_file = bit(2);
constexpr std::uint64_t fs_read_dir = bit(3);
constexpr std::uint64_t fs_version_1 = bit(13) - 1;
constexpr std::uint64_t fs_refer = bit(13);    ///< version 2
constexpr std::uint64_t fs_truncate = bit(14); ///< version 3
constexpr std::uint64_t fs_ioctl = bit(15);    ///< version 5
constexpr std::uint64_t net_all = bit(0) | bit(1);
constexpr std::uint64_t scope_all = bit(0) | bit(1); ///< abstract sockets and signals of other processes

constexpr unsigned version_flag = 1;

} // namespace

bool install_landlock(bool everything) {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, version_flag);
    if (version < 1)
        return false;
    ruleset rules{fs_version_1, 0, 0};
    std::size_t known = sizeof rules.handled_access_fs;
    if (version >= 2)
        rules.handled_access_fs |= fs_refer;
    if (version >= 3)
        rules.handled_access_fs |= fs_truncate;
    if (version >= 4) {
        rules.handled_access_net = net_all;
        known += sizeof rules.handled_access_net;
    }
    if (version >= 5)
        rules.handled_access_fs |= fs_ioctl;
    if (version >= 6) {
        rules.scoped = scope_all;
        known += sizeof rules.scoped;
    }
    // What is handled and has no rule is denied. Not handled: allowed, as before.
    if (!everything)
        rules.handled_access_fs &= ~(fs_execute | fs_read_file | fs_read_dir | fs_ioctl);
    const long descriptor = ::syscall(SYS_landlock_create_ruleset, &rules, known, 0u);
    if (descriptor < 0)
        return false;
    const bool done = ::syscall(SYS_landlock_restrict_self, static_cast<int>(descriptor), 0u) == 0;
    ::close(static_cast<int>(descriptor));
    return done;
}

} // namespace tributary::isolation

#include "isolation/sandbox.hpp"

#include <csignal>
#include <fstream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "isolation/frame.hpp"

namespace tributary::isolation {
namespace {

constexpr rlim_t descriptors_max = 64;
constexpr rlim_t stack_bytes = rlim_t{8} << 20;

// A sanitizer reserves terabytes of addresses for its shadow: there is nothing left to limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool can_limit_memory = false;
#else
constexpr bool can_limit_memory = true;
#endif

void limit(__rlimit_resource what, rlim_t value) {
    rlimit now{};
    // Never above what the operator allows; the hard limit too, so that it stays.
    if (::getrlimit(what, &now) == 0 && now.rlim_max < value)
        value = now.rlim_max;
    const rlimit wanted{value, value};
    ::setrlimit(what, &wanted);
}

/// Addresses in use, from /proc/self/statm. Must be read before files are denied.
std::int64_t address_bytes() {
    std::ifstream in("/proc/self/statm");
    std::int64_t pages = 0;
    in >> pages;
    return pages * ::sysconf(_SC_PAGESIZE);
}

} // namespace

bool detach(int host_pid) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != host_pid)
        return false;
    // The host ends this process; what a terminal or a service manager sends to all of them is not
    // for it. SIGXFSZ: a line on a standard error that is a file is lost, and ends nothing.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ})
        std::signal(signal, SIG_IGN);
    ::syscall(SYS_close_range, static_cast<unsigned>(child_socket + 1), ~0u, 0u);
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_STACK, stack_bytes);
    return true;
}

void restrict_loading(const sandbox_options& with) {
    if (!with.files)
        install_landlock(false);
    install_seccomp(filter_stage::loading);
}

std::string restrict_running(const sandbox_options& with) {
    // Not RLIMIT_NPROC: it counts the user's processes, the host's threads among them. The filter denies
    // fork.
    limit(RLIMIT_NOFILE, descriptors_max);
    if (!with.files)
        limit(RLIMIT_FSIZE, 0);
    if (can_limit_memory) {
        const auto used = address_bytes() + with.threads * static_cast<std::int64_t>(stack_bytes);
        limit(RLIMIT_AS, static_cast<rlim_t>(used + with.memory_bytes));
    }
    std::string missing;
    if (!with.files && !install_landlock(true))
        missing = "landlock";
    if (!install_seccomp(with.files ? filter_stage::with_files : filter_stage::running))
        missing += missing.empty() ? "seccomp" : ", seccomp";
    return missing;
}

} // namespace tributary::isolation

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <initializer_list>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "isolation/sandbox.hpp"

namespace tributary::isolation {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t this_processor = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t this_processor = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t this_processor = 0; // The numbers of its calls are not known here.
#endif

/// A filter that allows what is listed. What is not gets EPERM: a plugin that tries something sees an error
/// as it may on any system, and is not killed for a probe of some library.
class filter_program {
  public:
    filter_program() {
        load(offsetof(seccomp_data, arch));
        jump(BPF_JEQ, this_processor, 1, 0);
        give(SECCOMP_RET_KILL_PROCESS);
        load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
        jump(BPF_JGE, 0x40000000u, 0, 1); // the same calls under other numbers (x32)
        give(SECCOMP_RET_ERRNO | ENOSYS);
#endif
    }

    void allow(std::initializer_list<long> calls) {
        for (const long call : calls) {
            jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
            give(SECCOMP_RET_ALLOW);
        }
    }
    void refuse(long call, int error) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
        give(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error));
    }
    /// Allows a call when an argument is one of these; only the lower half of it
    /// is looked at, which is all of an int.
    void allow_when(long call, unsigned argument, std::initializer_list<std::uint32_t> values) {
        const auto count = static_cast<std::uint8_t>(values.size());
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, static_cast<std::uint8_t>(2 * count + 2));
        load_argument(argument);
        for (const std::uint32_t value : values) {
            jump(BPF_JEQ, value, 0, 1);
            give(SECCOMP_RET_ALLOW);
        }
        give(SECCOMP_RET_ERRNO | EPERM);
    }
    /// prlimit64(0, what, NULL, into): a process may read its own limits, and set nobody's.
    void allow_reading_limits() {
        constexpr std::size_t set_to = offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t);
        jump(BPF_JEQ, SYS_prlimit64, 0, 8);
        load_argument(0);
        jump(BPF_JEQ, 0, 0, 5);
        load(set_to);
        jump(BPF_JEQ, 0, 0, 3);
        load(set_to + sizeof(std::uint32_t));
        jump(BPF_JEQ, 0, 0, 1);
        give(SECCOMP_RET_ALLOW);
        give(SECCOMP_RET_ERRNO | EPERM);
    }
    /// Allows a call when none, or all, of the bits of an argument are set.
    void allow_without(long call, unsigned argument, std::uint32_t bits) {
        by_bits(call, argument, bits, 1, 0);
    }
    void allow_with(long call, unsigned argument, std::uint32_t bits) {
        by_bits(call, argument, bits, 0, 1);
    }

    bool install(bool all_threads) {
        give(SECCOMP_RET_ERRNO | EPERM);
        const sock_fprog program{static_cast<unsigned short>(steps_.size()), steps_.data()};
        const unsigned flags = all_threads ? SECCOMP_FILTER_FLAG_TSYNC : 0u;
        return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) == 0;
    }

  private:
    void load(std::size_t offset) {
        steps_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
    }
    void load_argument(unsigned number) {
        load(offsetof(seccomp_data, args) + number * sizeof(std::uint64_t));
    }
    void jump(unsigned condition, std::uint32_t value, std::uint8_t if_true, std::uint8_t if_false) {
        steps_.push_back(
            BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | condition | BPF_K), value, if_true, if_false));
    }
    void give(std::uint32_t verdict) {
        steps_.push_back(BPF_STMT(BPF_RET | BPF_K, verdict));
    }
    void by_bits(long call, unsigned argument, std::uint32_t bits, std::uint8_t if_set,
                 std::uint8_t if_clear) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 4);
        load_argument(argument);
        jump(BPF_JSET, bits, if_set, if_clear);
        give(SECCOMP_RET_ALLOW);
        give(SECCOMP_RET_ERRNO | EPERM);
    }

    std::vector<sock_filter> steps_;
};

/// Memory, threads, time, and reading and writing what is open.
void allow_running(filter_program& into) {
    into.allow({SYS_read,
                SYS_write,
                SYS_readv,
                SYS_writev,
                SYS_recvfrom,
                SYS_sendto,
                SYS_recvmsg,
                SYS_sendmsg,
                SYS_ppoll,
                SYS_pselect6,
                SYS_close,
                SYS_fstat,
                SYS_lseek,
                SYS_futex,
                SYS_munmap,
                SYS_mremap,
                SYS_madvise,
                SYS_brk,
                SYS_membarrier,
                SYS_rt_sigaction,
                SYS_rt_sigprocmask,
                SYS_rt_sigreturn,
                SYS_rt_sigtimedwait,
                SYS_sigaltstack,
                SYS_restart_syscall,
                SYS_exit,
                SYS_exit_group,
                SYS_set_robust_list,
                SYS_get_robust_list,
                SYS_set_tid_address,
                SYS_rseq,
                SYS_gettid,
                SYS_getpid,
                SYS_getppid,
                SYS_getuid,
                SYS_geteuid,
                SYS_getgid,
                SYS_getegid,
                SYS_sched_yield,
                SYS_sched_getaffinity,
                SYS_getcpu,
                SYS_uname,
                SYS_sysinfo,
                SYS_getrusage,
                SYS_clock_gettime,
                SYS_clock_getres,
                SYS_clock_nanosleep,
                SYS_nanosleep,
                SYS_gettimeofday,
                SYS_getrandom,
                SYS_eventfd2,
                SYS_pipe2,
                SYS_epoll_create1,
                SYS_epoll_ctl,
                SYS_epoll_pwait,
                SYS_timerfd_create,
                SYS_timerfd_settime,
                SYS_timerfd_gettime});
#if defined(__x86_64__)
    into.allow({SYS_poll, SYS_epoll_wait, SYS_time, SYS_arch_prctl});
#endif
    into.allow_with(SYS_clone, 0, CLONE_THREAD);
    into.refuse(SYS_clone3, ENOSYS); // Its flags lie in memory; the C library then uses clone.
    // abort() and raise(); never a signal to another process.
    into.allow_when(SYS_tgkill, 0, {static_cast<std::uint32_t>(::getpid())});
}

/// What a loader, or a plugin with `files`, does with the file system.
void allow_files(filter_program& into) {
    into.allow({SYS_openat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs, SYS_pread64, SYS_preadv,
                SYS_readlinkat, SYS_faccessat, SYS_faccessat2, SYS_getcwd, SYS_getdents64, SYS_ioctl});
#if defined(__x86_64__)
    into.allow({SYS_open, SYS_stat, SYS_lstat, SYS_readlink, SYS_access});
#endif
    // Not F_SETOWN, which sends signals.
    into.allow_when(SYS_fcntl, 1,
                    {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK,
                     F_OFD_SETLKW, F_DUPFD_CLOEXEC});
}

void allow_writing(filter_program& into) {
    into.allow({SYS_pwrite64, SYS_pwritev, SYS_fsync, SYS_fdatasync, SYS_ftruncate, SYS_fallocate, SYS_flock,
                SYS_renameat, SYS_renameat2, SYS_unlinkat, SYS_mkdirat, SYS_linkat, SYS_fchmod,
                SYS_utimensat});
#if defined(__x86_64__)
    into.allow({SYS_rename, SYS_unlink, SYS_mkdir, SYS_rmdir, SYS_link, SYS_truncate});
#endif
}

} // namespace

bool install_seccomp(filter_stage stage) {
    if (this_processor == 0)
        return false;
    filter_program program;
    allow_running(program);
    if (stage == filter_stage::loading) {
        allow_files(program);
        allow_writing(program); // Landlock denies it, unless the plugin is to have files.
        // The loader maps code; what follows restricts further.
        program.allow({SYS_mmap, SYS_mprotect, SYS_prlimit64, SYS_prctl, SYS_seccomp,
                       SYS_landlock_create_ruleset, SYS_landlock_restrict_self});
        return program.install(false);
    }
    program.allow_without(SYS_mmap, 2, PROT_EXEC);
    program.allow_without(SYS_mprotect, 2, PROT_EXEC);
    program.allow_when(SYS_prctl, 0, {PR_SET_NAME, PR_GET_NAME});
    program.allow_reading_limits();
    if (stage == filter_stage::with_files) {
        allow_files(program);
        allow_writing(program);
    } else {
        program.allow_when(SYS_fcntl, 1, {F_GETFD, F_SETFD, F_GETFL});
    }
    // All threads: a plugin may have started one in create.
    return program.install(true);
}

} // namespace tributary::isolation

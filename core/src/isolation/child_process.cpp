#include "isolation/child_process.hpp"

#include <tributary/isolation/remote_plugin.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "isolation/frame.hpp"

namespace tributary::isolation {
namespace {

/// What of the environment crosses: how texts and times are shown, where libraries lie, what a sanitizer is
/// told. Nothing else: passwords are given to daemons in the environment.
bool crosses(std::string_view variable) noexcept {
    constexpr std::array prefixes{"TZ=",           "LANG=",          "LC_",           "LD_LIBRARY_PATH=",
                                  "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS=", "LSAN_OPTIONS="};
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const char* prefix) { return variable.starts_with(prefix); });
}

/// The attributes and actions of a spawn, released together.
class spawn_plan {
  public:
    explicit spawn_plan(int socket) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, socket, child_socket);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        // A group of its own: the terminal's Ctrl-C is for the daemon, which then ends its plugins in order.
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~spawn_plan() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    spawn_plan(const spawn_plan&) = delete;
    spawn_plan& operator=(const spawn_plan&) = delete;

    int run(pid_t& pid, const char* file, char* const* arguments, char* const* environment) const {
        return ::posix_spawn(&pid, file, &actions_, &attributes_, arguments, environment);
    }

  private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

std::string describe(int status, std::int64_t memory_bytes) {
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        const char* name = ::sigdescr_np(signal);
        return "ended by signal " + std::to_string(signal) + " (" + (name == nullptr ? "?" : name) + ")";
    }
    if (WEXITSTATUS(status) == exit_out_of_memory)
        return "memory limit of " + std::to_string(memory_bytes) + " bytes reached";
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

} // namespace

unique_fd& unique_fd::operator=(unique_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

unique_fd::~unique_fd() {
    if (fd_ >= 0)
        ::close(fd_);
}

result<std::unique_ptr<child_process>> child_process::start(const std::filesystem::path& executable,
                                                            unique_fd& ours) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return failure(isolation_errc::not_started, std::string("socketpair: ") + std::strerror(errno));
    ours = unique_fd(pair[0]);
    const unique_fd theirs(pair[1]);
    std::string file = executable.string();
    std::string parent = std::to_string(::getpid());
    std::array<char*, 3> arguments{file.data(), parent.data(), nullptr};
    std::vector<char*> kept;
    for (char** variable = environ; *variable != nullptr; ++variable)
        if (crosses(*variable))
            kept.push_back(*variable);
    kept.push_back(nullptr);
    pid_t pid = -1;
    const int failed = spawn_plan(theirs.get()).run(pid, file.c_str(), arguments.data(), kept.data());
    if (failed != 0)
        return failure(isolation_errc::not_started, file + ": " + std::strerror(failed));
    return std::unique_ptr<child_process>(new child_process(pid));
}

child_process::~child_process() {
    kill();
    wait(0, 0);
}

void child_process::kill() noexcept {
    const std::lock_guard lock(mutex_);
    if (!waited_for_)
        ::kill(pid_, SIGKILL);
}

std::string child_process::wait(int grace_ms, std::int64_t memory_bytes) {
    using clock = std::chrono::steady_clock;
    const auto until = clock::now() + std::chrono::milliseconds(grace_ms);
    for (bool killed = false;;) {
        {
            const std::lock_guard lock(mutex_);
            if (waited_for_)
                return {};
            int status = 0;
            const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
            if (ended == pid_ || (ended < 0 && errno != EINTR)) {
                waited_for_ = true;
                return killed || ended < 0 ? std::string() : describe(status, memory_bytes);
            }
            if (!killed && clock::now() >= until) {
                ::kill(pid_, SIGKILL);
                killed = true;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

} // namespace tributary::isolation

#include "validator/process.hpp"

#include <tributary/validator/validator.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace tributary::validator {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::size_t output_max = 600;
constexpr std::size_t result_max = 1 << 20;

/// Closes what it holds.
struct descriptor {
    int fd = -1;
    descriptor() = default;
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { reset(); }
    void reset() {
        if (fd >= 0)
            ::close(fd);
        fd = -1;
    }
};

/// Reads until the other side is closed. @return false at the deadline
bool read_all(int from, clock::time_point until, std::string& into) {
    std::array<char, 4096> buffer;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock::now()).count();
        if (left <= 0)
            return false;
        pollfd waiting{from, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(left));
        if (ready < 0 && errno != EINTR)
            return false;
        if (ready <= 0)
            continue;
        const ssize_t got = ::read(from, buffer.data(), buffer.size());
        if (got <= 0)
            return true;
        if (into.size() < result_max)
            into.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

/// Waits for the end of a process that has let go of its pipe, or will not. @return false at the deadline
bool wait_until(pid_t process, clock::time_point until, int& status) {
    for (;;) {
        if (::waitpid(process, &status, WNOHANG) == process)
            return true;
        if (clock::now() >= until)
            return false;
        ::usleep(500);
    }
}

int spawn(const std::vector<std::string>& command, int write_end, int output, std::optional<int> share,
          pid_t& process) {
    std::vector<char*> arguments;
    for (const std::string& each : command)
        arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, write_end, child_result_fd);
    if (share)
        ::posix_spawn_file_actions_adddup2(&actions, *share, child_shared_fd);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    // A group of its own: what the plugin starts can be ended with it.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int failed =
        ::posix_spawn(&process, command.front().c_str(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/// The same file under a number that no descriptor of the child has: copying one onto another must not close
/// a third.
int out_of_the_way(int fd) {
    return ::fcntl(fd, F_DUPFD_CLOEXEC, 16);
}

} // namespace

memory_file::memory_file(const char* name) : fd_(-1) {
    descriptor low;
    low.fd = ::memfd_create(name, MFD_CLOEXEC);
    fd_ = low.fd < 0 ? -1 : out_of_the_way(low.fd);
    if (fd_ < 0)
        throw std::system_error(errno, std::generic_category(), "memfd_create");
}

memory_file::~memory_file() {
    ::close(fd_);
}

std::string memory_file::read_end(std::size_t most) const {
    struct stat about {};
    if (::fstat(fd_, &about) != 0)
        return {};
    const auto size = static_cast<std::size_t>(about.st_size);
    std::string text(std::min(size, most), '\0');
    const ssize_t got = ::pread(fd_, text.data(), text.size(), static_cast<off_t>(size - text.size()));
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
}

void write_all(int fd, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written <= 0)
            return;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

result<ended_process> run_process(const std::vector<std::string>& command, std::chrono::milliseconds timeout,
                                  std::optional<int> share) {
    const auto failed = [](int number) { return failure(validator_errc::no_child, std::strerror(number)); };
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return failed(errno);
    descriptor read_end;
    descriptor low_write_end;
    read_end.fd = ends[0];
    low_write_end.fd = ends[1];
    descriptor write_end;
    write_end.fd = out_of_the_way(low_write_end.fd);
    low_write_end.reset();
    const memory_file output("tributary-check-output");
    const auto begun = clock::now();
    pid_t process = 0;
    if (const int refused = spawn(command, write_end.fd, output.fd(), share, process); refused != 0)
        return failed(refused);
    write_end.reset();
    ended_process made;
    const auto until = begun + timeout;
    made.timed_out =
        !read_all(read_end.fd, until, made.result) || !wait_until(process, until, made.wait_status);
    ::kill(-process, SIGKILL);
    if (made.timed_out)
        ::waitpid(process, &made.wait_status, 0);
    made.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begun).count();
    made.output = output.read_end(output_max);
    return made;
}

} // namespace tributary::validator

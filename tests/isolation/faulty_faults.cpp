// What a plugin must not do, each under a word.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "isolation/faulty.hpp"

namespace faulty {
namespace {

/// "EPERM", or "allowed" when it succeeded.
std::string tried(long outcome) {
    return outcome < 0 ? ::strerrorname_np(errno) : "allowed";
}

void leak(std::size_t bytes) {
    constexpr std::size_t piece = std::size_t{1} << 20;
    for (std::size_t taken = 0; taken < bytes; taken += piece) {
        auto* memory = new char[piece]; // NOLINT: leaking is the point
        std::memset(memory, 1, piece);
        asm volatile("" : : "r"(memory) : "memory");
    }
}

void write_garbage() {
    const std::string garbage(300, '\xee');
    for (int fd = 3; fd < 1024; ++fd)
        if (::write(fd, garbage.data(), garbage.size()) < 0)
            continue;
}

/// A whole frame that its host never asked for, as a plugin that knows the protocol could send it.
void forge(std::uint8_t kind, std::uint64_t id, std::string_view payload) {
    const auto length = static_cast<std::uint32_t>(payload.size());
    std::string frame(13, '\0');
    std::memcpy(frame.data(), &length, sizeof length);
    std::memcpy(frame.data() + 4, &kind, sizeof kind);
    std::memcpy(frame.data() + 5, &id, sizeof id);
    frame += payload;
    if (::write(3, frame.data(), frame.size()) > 0)
        std::this_thread::sleep_for(std::chrono::seconds(60));
}

std::string try_everything_denied() {
    std::string said = "open " + tried(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    said += ", create " + tried(::open("/tmp/tributary-faulty", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    said += ", socket " + tried(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    char name[] = "/bin/true";
    char* const arguments[] = {name, nullptr};
    said += ", exec " + tried(::execv(name, arguments));
    said += ", kill " + tried(::kill(::getppid(), 0));
    said += ", signal " + tried(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0));
    const rlimit none{0, 0};
    said += ", limit " + tried(::prlimit(::getppid(), RLIMIT_NOFILE, nullptr, nullptr));
    said += ", raise " + tried(::setrlimit(RLIMIT_NOFILE, &none));
    said += ", ptrace " + tried(::syscall(SYS_ptrace, 16, ::getppid(), 0, 0));
    said += ", dumpable " + tried(::prctl(PR_SET_DUMPABLE, 1));
    return said;
}

std::string try_fork() {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    return "fork " + tried(child);
}

/// Threads, and what a C++ library does by itself, must go on working.
std::string use_threads() {
    std::vector<std::thread> threads;
    std::vector<int> done(4, 0);
    for (int& one : done)
        threads.emplace_back([&one] {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            one = 1;
        });
    for (std::thread& one : threads)
        one.join();
    return "threads " + std::to_string(done[0] + done[1] + done[2] + done[3]);
}

} // namespace

bool run_fault(std::string_view word, std::string& said) {
    if (word == "segfault") {
        ::raise(SIGSEGV);
    } else if (word == "loop") {
        for (;;)
            asm volatile("");
    } else if (word == "leak") {
        leak(std::size_t{1} << 30);
    } else if (word == "exit") {
        ::_exit(3);
    } else if (word == "abort") {
        std::abort();
    } else if (word == "throw") {
        throw std::runtime_error("through a noexcept boundary");
    } else if (word == "garbage") {
        write_garbage();
    } else if (word == "forge kind") {
        forge(200, 1, "x");
    } else if (word == "forge call") {
        forge(16, 999'999, std::string(40, '\0'));
    } else if (word == "forge result") {
        // The handshake is two calls; this is the third. An outcome, then an item that ends too early.
        forge(16, 3, std::string(21, '\0') + "\1\1\0\0");
    } else if (word == "forge lookup") {
        forge(17, 3, "x");
    } else if (word == "forge service") {
        forge(18, 3, "\2\xff\xff\xff\xff");
    } else if (word == "forge log") {
        forge(19, 3, "\1\0\0\0\xff\xff\xff\xff");
    } else if (word == "forge count") {
        forge(20, 3, "x");
    } else if (word == "close") {
        ::close(3);
        std::this_thread::sleep_for(std::chrono::seconds(60));
    } else if (word == "freeze") {
        ::raise(SIGSTOP);
    } else if (word == "sleep") {
        std::this_thread::sleep_for(std::chrono::seconds(60));
    } else if (word == "nap") {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
    } else if (word == "denied") {
        said = try_everything_denied();
    } else if (word == "fork") {
        said = try_fork();
    } else if (word == "threads") {
        said = use_threads();
    } else {
        return false;
    }
    return true;
}

} // namespace faulty

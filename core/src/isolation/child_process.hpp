#pragma once

#include <tributary/base/result.hpp>

#include <filesystem>
#include <mutex>
#include <string>
#include <sys/types.h>

namespace tributary::isolation {

/// A descriptor that is closed with its owner.
class unique_fd {
  public:
    unique_fd() = default;
    explicit unique_fd(int fd) noexcept : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    unique_fd& operator=(unique_fd&& other) noexcept;
    unique_fd(const unique_fd&) = delete;
    unique_fd& operator=(const unique_fd&) = delete;
    ~unique_fd();
    int get() const noexcept { return fd_; }

  private:
    int fd_ = -1;
};

/// A process that was started here and is waited for here. Killed with its owner. Thread-safe.
class child_process {
  public:
    /// Starts `tributary-plugin-host` with one end of a socket pair; the other one is put into `ours`.
    ///
    /// Call it from a thread that lives as long as the process is to live: the kernel ends the process with
    /// the thread that started it, which is how it ends when this process is killed.
    static result<std::unique_ptr<child_process>> start(const std::filesystem::path& executable,
                                                        unique_fd& ours);
    ~child_process();
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    pid_t pid() const noexcept { return pid_; }
    void kill() noexcept;
    /// Waits until it has ended; kills it when it has not within `grace_ms`.
    /// @return how it ended: "exit status 3", "ended by signal 11 (Segmentation fault)"; empty when it had to
    ///         be killed for that.
    std::string wait(int grace_ms, std::int64_t memory_bytes);

  private:
    explicit child_process(pid_t pid) noexcept : pid_(pid) {}

    const pid_t pid_;
    std::mutex mutex_;
    bool waited_for_ = false; ///< The number may be another's from now on.
};

} // namespace tributary::isolation

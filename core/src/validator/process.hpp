#pragma once

#include <tributary/base/result.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::validator {

/// The descriptors of a child that runs a test.
inline constexpr int child_result_fd = 3;
inline constexpr int child_shared_fd = 4;

/// How a child ended.
struct ended_process {
    bool timed_out = false; ///< It was killed.
    int wait_status = 0;
    std::string result; ///< What it wrote to child_result_fd.
    std::string output; ///< The end of what it printed.
    std::int64_t took_ms = 0;
};

/// Runs a program to its end, or to the deadline. Its standard input is empty.
///
/// @param share  a descriptor that it gets as child_shared_fd.
/// @errors validator_errc::no_child
result<ended_process> run_process(const std::vector<std::string>& command, std::chrono::milliseconds timeout,
                                  std::optional<int> share = std::nullopt);

/// Writes all of it, or as much as the other side takes. Safe in a signal handler.
void write_all(int fd, std::string_view bytes) noexcept;

/// An anonymous file in memory; closed at the end of the scope.
class memory_file {
  public:
    explicit memory_file(const char* name);
    ~memory_file();
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;

    int fd() const noexcept { return fd_; }
    std::string read_end(std::size_t most) const;

  private:
    int fd_;
};

} // namespace tributary::validator

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>

#include "support/temporary_directory.hpp"

namespace tributary::test {

/// tributaryd as a child process, configured by environment variables only, on a free port.
class daemon_process {
  public:
    daemon_process(std::filesystem::path directory, std::map<std::string, std::string> environment)
        : directory_(std::move(directory)), environment_(std::move(environment)) {}
    ~daemon_process();
    daemon_process(const daemon_process&) = delete;
    daemon_process& operator=(const daemon_process&) = delete;

    /// Starts it and waits until it listens; throws with its log when it does not within ten seconds.
    void start();
    /// kill -9 and wait.
    void kill_hard();
    /// SIGTERM and wait. @return its exit status.
    int stop();
    /// Waits for it to end by itself; throws when it does not within so many seconds. @return its exit
    /// status.
    int wait(int seconds);

    std::uint16_t port() const { return port_; }
    std::uint16_t admin_port() const { return admin_port_; }
    std::string log() const;

  private:
    std::filesystem::path directory_;
    std::map<std::string, std::string> environment_;
    pid_t child_ = -1;
    std::uint16_t port_ = 0;
    std::uint16_t admin_port_ = 0;
};

/// A keep-alive connection that posts and reads the status; blocking, for tests.
class post_connection {
  public:
    explicit post_connection(std::uint16_t port);
    ~post_connection();
    post_connection(const post_connection&) = delete;
    post_connection& operator=(const post_connection&) = delete;
    /// The status; 0 when the connection broke before the whole answer was there.
    int post(const std::string& path, const std::string& header, const std::string& body);
    int get(const std::string& path);
    /// The whole of the last answer, headers and body.
    const std::string& answer() const { return answer_; }

  private:
    int send(const std::string& request);

    int socket_ = -1;
    std::string answer_;
};

} // namespace tributary::test

#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulation/check_disk.hpp"

namespace tributary::test {

/// Remembers every message that was ever on the disk. Throws broken_promise.
class message_log {
  public:
    /// What was told stays told, word for word, as what is paid out is never rewritten (promise 3), and
    /// nothing is told twice (promise 2).
    void check(const disk_reader& disk);
    /// What follows from the histories was told, as it is now (promise 4). When nothing is left to do.
    void check_complete(const disk_reader& disk) const;

    std::size_t size() const noexcept { return lines_.size(); }

  private:
    using key = std::tuple<space, std::string, std::string>; ///< kind and message key
    struct told {
        std::int64_t revision = 0;
        std::string body;
    };

    std::vector<std::string> lines_; ///< in the order of the disk
    std::map<key, told> latest_;
};

} // namespace tributary::test

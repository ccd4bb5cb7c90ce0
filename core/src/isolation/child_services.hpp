#pragma once

#include <tributary/abi/plugin.h>

#include <string_view>

#include "isolation/child_link.hpp"

namespace tributary::isolation {

/// The host as a plugin sees it in a process of its own: log, clock and metrics through the socket, crypto
/// here.
class child_host {
  public:
    explicit child_host(child_link& link) noexcept;
    child_host(const child_host&) = delete;
    child_host& operator=(const child_host&) = delete;

    const trb_host* get() const noexcept { return &table_; }
    /// Is it one of those that there are here?
    static bool offers(std::string_view service) noexcept;

  private:
    trb_host table_;
};

} // namespace tributary::isolation

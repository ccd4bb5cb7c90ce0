#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json_path.hpp"

namespace tributary::stripe::simulated {

/// JSON as Stripe sends it: two blanks of indent, one member a line.
std::string indented(const json::value& value);

/// Ids in Stripe's manner that follow from a seed. The same seed and story give the same ids in the same
/// order.
class id_source {
  public:
    id_source(std::uint64_t seed, std::string_view story) noexcept;
    /// prefix and so many random letters and digits.
    std::string make(std::string_view prefix, std::size_t length = 24);

  private:
    std::uint64_t next() noexcept;
    std::uint64_t state_;
};

} // namespace tributary::stripe::simulated

#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "validator/delivery.hpp"

namespace tributary::validator {

/// Draws that are the same on every machine: the distributions of the standard library are not.
class dice {
  public:
    explicit dice(std::uint64_t seed) : generator_(seed) {}
    std::uint64_t next() { return generator_(); }
    /// 0 when `below` is 0.
    std::size_t below(std::size_t limit) {
        return limit == 0 ? 0 : static_cast<std::size_t>(generator_() % limit);
    }
    bool one_in(std::size_t times) { return below(times) == 0; }

  private:
    std::mt19937_64 generator_;
};

/// The text with something wrong in it, never the same as before: flipped bytes, pieces cut out, doubled or
/// moved, tokens of JSON exchanged, nested without end, numbers beyond all types.
std::string mutated(const std::string& text, dice& random);

/// A header that is gone, doubled, cut or changed.
void mutate_headers(delivery_sample& of, dice& random);

} // namespace tributary::validator

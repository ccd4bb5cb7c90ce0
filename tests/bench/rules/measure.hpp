#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace tributary::bench::rules {

/// One thing that is measured. A pass does it `evaluations` times and gives a sum over the answers, which has
/// to be `expected`: so that nothing is left out, by the compiler or by an engine that answers otherwise.
struct subject {
    std::string row;
    std::string name;
    std::string role; ///< "ours", "peer" or "limit".
    std::size_t evaluations = 0;
    std::uint64_t expected = 0;
    std::function<std::uint64_t()> pass;
    std::string unit = "ns"; ///< Or "us".
    /// Passes in one slice; measure() finds it.
    std::uint64_t passes = 1;
};

/// Measures all of them in turn, `repeats` times over, a slice of time each, so that what the machine does
/// meanwhile hits all of them. Takes processor time, not time on the wall. Prints a line of JSON for each:
/// {"row", "subject", "role", "unit", "values"}.
/// Throws std::runtime_error when a pass gives another sum.
void measure(std::span<subject> all, int repeats, std::chrono::milliseconds slice);

/// Keeps the compiler from knowing what `place` points to.
template <class T> inline const T* hidden(const T* place) {
    asm volatile("" : "+r"(place) : : "memory");
    return place;
}

} // namespace tributary::bench::rules

#pragma once

#include "validator/suite.hpp"

namespace tributary::validator {

/// What a fuzzing child shares with its parent, in memory that outlives it: the input that it is at.
struct fuzz_state {
    static constexpr std::size_t input_max = std::size_t{1} << 20;
    std::uint64_t iteration;
    std::uint64_t size;
    char input[input_max];
};

/// The one behind a descriptor; nullptr when it cannot be mapped.
fuzz_state* map_state(int fd) noexcept;

/// One batch: executions that follow from the seed alone. @param executions  how many were made
verdict run_batch(test_context& in, std::uint64_t seed, fuzz_state& state, std::uint64_t& executions);

inline constexpr std::string_view fuzz_test = "fuzz:";

} // namespace tributary::validator

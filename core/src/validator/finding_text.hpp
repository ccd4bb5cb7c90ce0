#pragma once

#include <tributary/validator/validator.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tributary::validator {

/// A finding on its way from a child, and back. Nothing when it is malformed.
std::string to_json(const finding& of, std::uint64_t executions = 0);
struct read_finding {
    finding found;
    std::uint64_t executions = 0;
};
std::optional<read_finding> from_json(std::string_view text);

} // namespace tributary::validator

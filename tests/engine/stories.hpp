#pragma once

#include <string_view>
#include <vector>

#include "support/engine_fixture.hpp"

namespace tributary::test {

/// Steps whose order must not matter.
struct story {
    std::string_view name;
    std::vector<step> steps;
};

/// Histories in which order could matter: merges, conflicts, late documents, ties.
std::vector<story> stories();

} // namespace tributary::test

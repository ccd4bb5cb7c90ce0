#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace tributary::fuzz {

/// A property that does not hold ends the process, as any crash does: the fuzzer then keeps the input.
inline void must(bool holds, const char* property, std::string_view seen = {}) {
    if (holds)
        return;
    std::fprintf(stderr, "a property does not hold: %s\n%.*s\n", property, static_cast<int>(seen.size()),
                 seen.data());
    std::abort();
}

} // namespace tributary::fuzz

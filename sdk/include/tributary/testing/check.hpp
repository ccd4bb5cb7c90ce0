#pragma once

#include <cstdio>

/// As much of a test framework as a plugin's first tests need. Everything else in tributary/testing works
/// with any framework; leave this header out when you have one. Include it in the file with main(), which
/// ends with `return tributary::testing::finish();`.
namespace tributary::testing {

/// Checks that failed so far, in this program. Not thread-safe.
inline int failures = 0;

/// Says how many failed. @return what main() returns: 0 when none did.
inline int finish() {
    std::fprintf(stderr, failures == 0 ? "all is well\n" : "%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

} // namespace tributary::testing

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            ++tributary::testing::failures;                                                                  \
            std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                   \
        }                                                                                                    \
    } while (false)

/// For what the rest of a test cannot do without.
#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        CHECK(condition);                                                                                    \
        if (!(condition))                                                                                    \
            return;                                                                                          \
    } while (false)

#pragma once

#include <cstdio>

/// As much of a test framework as these tests need: tributary/testing works with any.
inline int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            ++failures;                                                                                      \
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

inline int finish() {
    std::fprintf(stderr, failures == 0 ? "all is well\n" : "%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

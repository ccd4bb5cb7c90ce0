#pragma once

namespace tributary::detail {
[[noreturn]] void assertion_failed(const char* condition, const char* why, const char* file,
                                   int line) noexcept;
}

/// For errors of the programmer, never for outside data. On in release: crashing beats continuing wrong.
#define TRIBUTARY_ASSERT(condition, why)                                                                     \
    ((condition) ? static_cast<void>(0)                                                                      \
                 : ::tributary::detail::assertion_failed(#condition, why, __FILE__, __LINE__))

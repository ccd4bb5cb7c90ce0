#include <tributary/base/assert.hpp>

#include <cstdio>
#include <cstdlib>

namespace tributary::detail {

void assertion_failed(const char* condition, const char* why, const char* file, int line) noexcept {
    std::fprintf(stderr, "event=assertion_failed condition=\"%s\" why=\"%s\" at=%s:%d\n", condition, why,
                 file, line);
    std::abort();
}

} // namespace tributary::detail

#include <tributary/base/entropy.hpp>

#include <sodium.h>

#include <cstring>

namespace tributary {

void system_entropy::fill(void* bytes, std::size_t count) {
    randombytes_buf(bytes, count);
}

void seeded_entropy::fill(void* bytes, std::size_t count) {
    std::lock_guard lock(mutex_);
    auto* out = static_cast<unsigned char*>(bytes);
    while (count > 0) {
        const std::uint64_t word = generator_();
        const std::size_t take = count < sizeof word ? count : sizeof word;
        std::memcpy(out, &word, take);
        out += take;
        count -= take;
    }
}

} // namespace tributary

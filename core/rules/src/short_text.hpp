#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tributary::cel {

/// left == right, without a call for the short texts that rules mostly compare (countries, kinds, ids): up to
/// 16 bytes are looked at as two words that may overlap, never beyond either text.
inline bool same_text(std::string_view left, std::string_view right) noexcept {
    const auto words = [&]<class Word>(Word) {
        Word head[2], tail[2];
        std::memcpy(&head[0], left.data(), sizeof(Word));
        std::memcpy(&head[1], right.data(), sizeof(Word));
        std::memcpy(&tail[0], left.data() + left.size() - sizeof(Word), sizeof(Word));
        std::memcpy(&tail[1], right.data() + right.size() - sizeof(Word), sizeof(Word));
        return ((head[0] ^ head[1]) | (tail[0] ^ tail[1])) == 0;
    };
    if (left.size() != right.size())
        return false;
    if (left.size() > 16)
        return left == right;
    if (left.size() >= 8)
        return words(std::uint64_t{});
    if (left.size() >= 4)
        return words(std::uint32_t{});
    if (left.size() >= 2)
        return words(std::uint16_t{});
    return left.empty() || left[0] == right[0];
}

} // namespace tributary::cel

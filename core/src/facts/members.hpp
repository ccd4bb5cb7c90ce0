#pragma once

#include <tributary/abi/fact.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tributary::facts {

/// How a member lies in its struct.
enum class member_type : std::uint8_t {
    integer,   ///< int64_t
    text,      ///< trb_str
    money,     ///< trb_money
    price,     ///< trb_money that may lie below a minor unit: more decimals than an amount has
    pairs,     ///< const trb_pair*, uint64_t count
    lines,     ///< const trb_line*, uint64_t count, uint64_t stride
    items,     ///< const trb_subscription_item*, count, stride
    discounts, ///< const trb_discount*, count, stride
};

/// One member of a body; its index in the list is its bit in `present`.
struct member_info {
    std::string_view name;
    member_type type;
    std::size_t offset;
};

/// One kind of fact: the single place that knows the layout of its struct. Codec, merge and display run over
/// it.
struct kind_info {
    std::int32_t kind;
    std::string_view name;
    std::size_t size; ///< 0: the kind has no body
    std::span<const member_info> members;
};

/// nullptr for an unknown kind.
const kind_info* find_kind(std::int32_t kind) noexcept;

/// Bytes that a member takes in its struct.
std::size_t member_size(member_type type) noexcept;

/// How long an element of a list was in the first release that had it: no stride is shorter.
template <class T> constexpr std::size_t first_element_size = sizeof(T);
template <>
inline constexpr std::size_t first_element_size<trb_subscription_item> = offsetof(trb_subscription_item,
                                                                                  amount);

/// A copy of an element as far as whoever made it knew the struct; what was added since is zero.
template <class T> T element_at(const void* first, std::uint64_t index, std::uint64_t stride) noexcept {
    T element{};
    std::memcpy(static_cast<void*>(&element), static_cast<const char*>(first) + index * stride,
                static_cast<std::size_t>(std::min<std::uint64_t>(stride, sizeof(T))));
    return element;
}

} // namespace tributary::facts

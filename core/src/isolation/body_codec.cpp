#include "isolation/body_codec.hpp"

#include <tributary/abi/fact.h>
#include <tributary/facts/fact.hpp>

#include <algorithm>

#include "facts/members.hpp"
#include "isolation/abi_codec.hpp"

namespace tributary::isolation {
namespace {

using facts::kind_info;
using facts::member_info;
using facts::member_type;

/// One more than a fact may have: so the host, too, sees that there were too many.
constexpr std::uint64_t entries_crossing = facts::entries_max + 1;

/// How pairs, lines and items lie in a body.
template <class T> struct array_member {
    const T* first;
    std::uint64_t count;
};
template <class T> struct strided_member {
    const T* first;
    std::uint64_t count;
    std::uint64_t stride;
};

/// A copy of what lies at an address that only the table of members knows the type of.
template <class T> T load(const void* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <class T> void write_strided(writer& out, const void* at) {
    const auto member = load<strided_member<T>>(at);
    // Too short a stride: the elements cannot be read; that it is so must be seen over there.
    const bool readable = member.count == 0 || member.stride >= facts::first_element_size<T>;
    out.number(static_cast<std::uint8_t>(readable));
    if (!readable)
        return;
    // Whoever was built before a member came has shorter elements.
    std::vector<T> whole;
    for (std::uint64_t index = 0; index < std::min(member.count, entries_crossing); ++index)
        whole.push_back(facts::element_at<T>(member.first, index, member.stride));
    const T* first = whole.data();
    out.array(first, whole.size());
}

template <class T> void read_strided(reader& in, void* at) {
    strided_member<T> member{nullptr, 1, 0};
    if (in.number<std::uint8_t>() != 0)
        in.strided(member.first, member.count, member.stride, entries_crossing);
    std::memcpy(at, &member, sizeof member);
}

void write_member(writer& out, member_type type, const void* at) {
    switch (type) {
    case member_type::integer: return out.number(load<std::int64_t>(at));
    case member_type::text: return out.text(load<trb_str>(at));
    case member_type::money:
    case member_type::price: return out.money(load<trb_money>(at));
    case member_type::pairs: {
        const auto member = load<array_member<trb_pair>>(at);
        return out.array(member.first, member.count, entries_crossing);
    }
    case member_type::lines: return write_strided<trb_line>(out, at);
    case member_type::items: return write_strided<trb_subscription_item>(out, at);
    case member_type::discounts: return write_strided<trb_discount>(out, at);
    }
}

void read_member(reader& in, member_type type, void* at) {
    switch (type) {
    case member_type::integer: {
        const auto value = in.number<std::int64_t>();
        std::memcpy(at, &value, sizeof value);
        return;
    }
    case member_type::text: {
        trb_str value{};
        in.text(value);
        std::memcpy(at, &value, sizeof value);
        return;
    }
    case member_type::money:
    case member_type::price: {
        trb_money value{};
        in.money(value);
        std::memcpy(at, &value, sizeof value);
        return;
    }
    case member_type::pairs: {
        array_member<trb_pair> value{};
        in.array(value.first, value.count, entries_crossing);
        std::memcpy(at, &value, sizeof value);
        return;
    }
    case member_type::lines: return read_strided<trb_line>(in, at);
    case member_type::items: return read_strided<trb_subscription_item>(in, at);
    case member_type::discounts: return read_strided<trb_discount>(in, at);
    }
}

/// Is this member stated, and does it lie within the struct as far as its owner knows it?
bool crosses(const trb_body& head, const kind_info& kind, std::size_t bit) noexcept {
    const member_info& member = kind.members[bit];
    return (head.present & TRB_BIT(bit)) != 0 &&
           member.offset + facts::member_size(member.type) <= head.struct_size;
}

} // namespace

void transfer_body(writer& out, std::int32_t number, const void* const& body) {
    const kind_info* kind = facts::find_kind(number);
    const bool has_body = kind != nullptr && kind->size != 0 && body != nullptr;
    out.number(static_cast<std::uint8_t>(has_body));
    if (!has_body)
        return;
    trb_body head{};
    std::memcpy(&head.struct_size, body, sizeof head.struct_size);
    if (head.struct_size >= sizeof head)
        std::memcpy(&head, body, sizeof head);
    out.number(std::min(head.struct_size, static_cast<std::uint32_t>(kind->size)));
    out.number(head.present);
    for (std::size_t bit = 0; bit < kind->members.size(); ++bit)
        if (crosses(head, *kind, bit))
            write_member(out, kind->members[bit].type,
                         static_cast<const char*>(body) + kind->members[bit].offset);
}

void transfer_body(reader& in, std::int32_t number, const void*& body) {
    body = nullptr;
    if (in.number<std::uint8_t>() == 0)
        return;
    const kind_info* kind = facts::find_kind(number);
    if (kind == nullptr || kind->size == 0)
        return in.fail();
    trb_body head{};
    in.number(head.struct_size);
    in.number(head.present);
    if (head.struct_size > kind->size)
        return in.fail();
    // The whole struct, whatever the stated size: whoever reads beyond it reads zeros.
    auto* made = static_cast<char*>(in.arena().allocate(kind->size, alignof(std::max_align_t)));
    std::memset(made, 0, kind->size);
    std::memcpy(made, &head, sizeof head);
    for (std::size_t bit = 0; bit < kind->members.size() && in.ok(); ++bit)
        if (crosses(head, *kind, bit))
            read_member(in, kind->members[bit].type, made + kind->members[bit].offset);
    body = made;
}

} // namespace tributary::isolation

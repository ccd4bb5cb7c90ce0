#pragma once

#include <tributary/config/options.hpp>

#include <stdexcept>
#include <type_traits>
#include <utility>

#include "config/address.hpp"

/// Ties a row of the table of options to its member. `Access` is a captureless lambda that returns the member
/// by reference, so the table names each member once and cannot read one and write another.
namespace tributary::config {

template <auto Access>
using member_of = std::remove_reference_t<decltype(Access(std::declval<configuration&>()))>;

template <auto Access> void store_member(configuration& into, setting_value value) {
    using member = member_of<Access>;
    if constexpr (std::is_integral_v<member> || std::is_enum_v<member>)
        Access(into) = static_cast<member>(std::get<std::int64_t>(value));
    else if constexpr (std::is_same_v<member, secret_text>)
        Access(into) = secret_text(std::get<std::string>(value));
    else if constexpr (std::is_same_v<member, listen_address>)
        Access(into) = parse_listen_address(std::get<std::string>(value)).value();
    else
        Access(into) = std::get<member>(std::move(value));
}

template <auto Access> setting_value load_member(const configuration& from) {
    using member = member_of<Access>;
    // Access takes what it may change; this only reads.
    const member& value = Access(const_cast<configuration&>(from));
    if constexpr (std::is_integral_v<member> || std::is_enum_v<member>)
        return static_cast<std::int64_t>(value);
    else if constexpr (std::is_same_v<member, secret_text>)
        return std::string(value.reveal());
    else if constexpr (std::is_same_v<member, listen_address>)
        return value.text();
    else
        return value;
}

/// A row with its member. Does not compile when the member cannot hold the greatest value.
template <auto Access> consteval option_info bound(option_info row) {
    using member = member_of<Access>;
    if constexpr (std::is_integral_v<member>) {
        if (row.minimum > row.maximum || !std::in_range<member>(row.minimum) ||
            !std::in_range<member>(row.maximum))
            throw std::logic_error("the member cannot hold the range of its option");
    }
    row.store = &store_member<Access>;
    row.load = &load_member<Access>;
    return row;
}

} // namespace tributary::config

#pragma once

#include <cstdint>

#include "isolation/wire.hpp"

namespace tributary::isolation {

/// The body of a fact of that kind, member by member as facts/members.hpp lists them: what is stated crosses,
/// with its presence bit; what is not stated is zero on the other side.
///
/// What breaks a rule of abi/fact.h crosses as far as needed for the other side to see the same breach.
void transfer_body(writer& out, std::int32_t kind, const void* const& body);
void transfer_body(reader& in, std::int32_t kind, const void*& body);

} // namespace tributary::isolation

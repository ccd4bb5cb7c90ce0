#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What the compiler made of the ABI's structs, as text that a person can review.
namespace tributary::abi_test {

struct member_layout {
    std::string name;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::string
        type; ///< As the compiler spells it: shows changed parameters and noexcept, which offsets do not.
};

struct struct_layout {
    std::string name;
    std::uint64_t size = 0;
    std::uint64_t alignment = 0;
    std::vector<member_layout> members;
};

/// All structs of the ABI, in the order of the headers. Written by hand in layout_listing.cpp;
/// layout_test.cpp proves that none is missing.
/// A member that the headers no longer have is left out.
std::vector<struct_layout> list_structs();

} // namespace tributary::abi_test

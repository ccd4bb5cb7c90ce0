#pragma once

#include <tributary/plugins/errors.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tributary::plugins {

/// A symbol that a shared object offers to others.
struct exported_symbol {
    std::string name;
    bool unique = false; ///< STB_GNU_UNIQUE: pins the object in memory, and is shared by all that have it
};

/// The dynamic symbols that a shared object defines and shows, read from its bytes; nothing of it runs.
/// @errors not_loadable: not a 64-bit ELF shared object of this machine, or a damaged one.
result<std::vector<exported_symbol>> exported_symbols(std::string_view bytes);

} // namespace tributary::plugins

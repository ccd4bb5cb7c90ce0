#pragma once

#include <tributary/plugins/errors.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tributary::plugins {

/// What a shared object says about itself, read without running any of it.
struct elf_file {
    std::vector<std::string> exported; ///< Defined dynamic symbols that are global or weak.
    std::vector<std::string> unique;   ///< STB_GNU_UNIQUE: they pin the object in memory.
    std::string search_path;           ///< RPATH or RUNPATH
    bool text_relocations = false;
};

/// @errors not_loadable: no 64-bit ELF shared object of this machine's byte order, or one that is cut off.
result<elf_file> read_elf(std::string_view bytes);

} // namespace tributary::plugins

#pragma once

#include <tributary/base/result.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace tributary::validator {

/// What a shared object says about itself, read without running any of it.
struct elf_file {
    std::vector<std::string> exported; ///< Defined dynamic symbols that are global or weak.
    std::vector<std::string> unique;   ///< STB_GNU_UNIQUE: they pin the object in memory.
    std::vector<std::string> needed;
    std::string search_path; ///< RPATH or RUNPATH
    bool text_relocations = false;
};

/// @errors validator_errc::not_usable when it is no 64-bit ELF shared object of this machine's byte order.
result<elf_file> read_elf(const std::filesystem::path& file);

} // namespace tributary::validator

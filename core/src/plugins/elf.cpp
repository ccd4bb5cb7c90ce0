#include "plugins/elf.hpp"

#include <cstring>
#include <elf.h>
#include <optional>

namespace tributary::plugins {
namespace {

failure unreadable(const char* what) {
    return {plugin_errc::not_loadable, what};
}

/// A struct of the file at an offset; nothing when it does not lie inside. The bytes need not be aligned.
template <class T> std::optional<T> read_at(std::string_view bytes, std::uint64_t offset) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T))
        return std::nullopt;
    T into;
    std::memcpy(&into, bytes.data() + offset, sizeof into);
    return into;
}

std::optional<std::string_view> text_at(std::string_view table, std::uint64_t offset) {
    if (offset >= table.size())
        return std::nullopt;
    const std::size_t end = table.find('\0', static_cast<std::size_t>(offset));
    if (end == std::string_view::npos)
        return std::nullopt;
    return table.substr(static_cast<std::size_t>(offset), end - static_cast<std::size_t>(offset));
}

std::optional<std::string_view> bytes_of(std::string_view file, const Elf64_Shdr& section) {
    if (section.sh_offset > file.size() || file.size() - section.sh_offset < section.sh_size)
        return std::nullopt;
    return file.substr(static_cast<std::size_t>(section.sh_offset),
                       static_cast<std::size_t>(section.sh_size));
}

bool is_exported(const Elf64_Sym& symbol) {
    const auto binding = ELF64_ST_BIND(symbol.st_info);
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return symbol.st_shndx != SHN_UNDEF &&
           (binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE) &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

} // namespace

result<std::vector<exported_symbol>> exported_symbols(std::string_view bytes) {
    const auto header = read_at<Elf64_Ehdr>(bytes, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return unreadable("not an ELF file");
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB)
        return unreadable("built for another kind of machine");
    if (header->e_type != ET_DYN || header->e_shentsize != sizeof(Elf64_Shdr))
        return unreadable("not a shared object");
    std::vector<exported_symbol> found;
    for (std::uint64_t index = 0; index < header->e_shnum; ++index) {
        const auto section = read_at<Elf64_Shdr>(bytes, header->e_shoff + index * sizeof(Elf64_Shdr));
        if (!section)
            return unreadable("its section table is cut off");
        if (section->sh_type != SHT_DYNSYM)
            continue;
        const auto linked = read_at<Elf64_Shdr>(bytes, header->e_shoff + std::uint64_t{section->sh_link} *
                                                                             sizeof(Elf64_Shdr));
        const auto symbols = bytes_of(bytes, *section);
        const auto names = linked ? bytes_of(bytes, *linked) : std::nullopt;
        if (!symbols || !names)
            return unreadable("its dynamic symbols are cut off");
        for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= symbols->size(); at += sizeof(Elf64_Sym)) {
            const auto symbol = read_at<Elf64_Sym>(*symbols, at);
            if (!symbol || !is_exported(*symbol))
                continue;
            const auto name = text_at(*names, symbol->st_name);
            if (!name)
                return unreadable("a symbol's name is cut off");
            found.push_back({std::string(*name), ELF64_ST_BIND(symbol->st_info) == STB_GNU_UNIQUE});
        }
    }
    return found;
}

} // namespace tributary::plugins

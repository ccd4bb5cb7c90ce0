#include "plugins/elf.hpp"

#include <bit>
#include <cstring>
#include <elf.h>
#include <optional>

namespace tributary::plugins {
namespace {

/// Reads structs out of bytes that nobody vouches for.
class image {
  public:
    explicit image(std::string_view bytes) noexcept : bytes_(bytes) {}

    template <class T> std::optional<T> at(std::uint64_t offset) const {
        if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T))
            return std::nullopt;
        T value;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    /// Cut off where nobody reads on: a table of names without an end, named by each symbol, is much memory.
    std::string text(std::uint64_t offset) const {
        constexpr std::size_t text_bytes_max = 4096;
        if (offset >= bytes_.size())
            return {};
        const std::string_view from = bytes_.substr(static_cast<std::size_t>(offset), text_bytes_max);
        return std::string(from.substr(0, from.find('\0')));
    }

  private:
    std::string_view bytes_;
};

/// @return false when it is cut off.
bool read_symbols(const image& from, const Elf64_Shdr& section, const Elf64_Shdr& names, elf_file& into) {
    for (std::uint64_t offset = 0; offset + sizeof(Elf64_Sym) <= section.sh_size;
         offset += sizeof(Elf64_Sym)) {
        const auto symbol = from.at<Elf64_Sym>(section.sh_offset + offset);
        if (!symbol)
            return false;
        const unsigned binding = ELF64_ST_BIND(symbol->st_info);
        if (binding == STB_GNU_UNIQUE)
            into.unique.push_back(from.text(names.sh_offset + symbol->st_name));
        const bool visible = binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE;
        // SHN_ABS: the names of symbol versions.
        if (section.sh_type == SHT_DYNSYM && visible && symbol->st_shndx != SHN_UNDEF &&
            symbol->st_shndx != SHN_ABS)
            into.exported.push_back(from.text(names.sh_offset + symbol->st_name));
    }
    return true;
}

void read_dynamic(const image& from, const Elf64_Shdr& section, const Elf64_Shdr& names, elf_file& into) {
    for (std::uint64_t offset = 0; offset + sizeof(Elf64_Dyn) <= section.sh_size;
         offset += sizeof(Elf64_Dyn)) {
        const auto entry = from.at<Elf64_Dyn>(section.sh_offset + offset);
        if (!entry || entry->d_tag == DT_NULL)
            return;
        if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0))
            into.text_relocations = true;
        else if (entry->d_tag == DT_RPATH || entry->d_tag == DT_RUNPATH)
            into.search_path = from.text(names.sh_offset + entry->d_un.d_val);
    }
}

} // namespace

result<elf_file> read_elf(std::string_view bytes) {
    const image from(bytes);
    const auto head = from.at<Elf64_Ehdr>(0);
    const unsigned char order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
    if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64 ||
        head->e_ident[EI_DATA] != order || head->e_type != ET_DYN)
        return failure(plugin_errc::not_loadable, "it is no 64-bit ELF shared object");
    elf_file read;
    for (unsigned index = 0; index < head->e_shnum; ++index) {
        const auto section = from.at<Elf64_Shdr>(head->e_shoff + std::uint64_t{index} * sizeof(Elf64_Shdr));
        if (!section)
            return failure(plugin_errc::not_loadable, "its table of sections is cut off");
        const auto names =
            from.at<Elf64_Shdr>(head->e_shoff + std::uint64_t{section->sh_link} * sizeof(Elf64_Shdr));
        if (!names)
            continue;
        if (section->sh_type == SHT_DYNSYM || section->sh_type == SHT_SYMTAB) {
            if (!read_symbols(from, *section, *names, read))
                return failure(plugin_errc::not_loadable, "its symbols are cut off");
        } else if (section->sh_type == SHT_DYNAMIC)
            read_dynamic(from, *section, *names, read);
    }
    return read;
}

} // namespace tributary::plugins

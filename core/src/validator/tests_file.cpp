// file.*: what can be said of the file before any of its code runs, and that it can be loaded.
#include <tributary/base/crypto.hpp>
#include <tributary/plugins/manifest.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "plugins/elf.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream from(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(from), {}};
}

std::string first_few(const std::vector<std::string>& names) {
    constexpr std::size_t shown_max = 5;
    std::string text;
    for (std::size_t index = 0; index < std::min(names.size(), shown_max); ++index)
        text += (index == 0 ? "" : ", ") + names[index];
    return names.size() > shown_max ? text + " and " + std::to_string(names.size() - shown_max) + " more"
                                    : text;
}

verdict exists(test_context& in) {
    std::error_code wrong;
    const auto kind = std::filesystem::status(in.wanted().file, wrong);
    if (!std::filesystem::exists(kind))
        return failed("there is no such file");
    if (!std::filesystem::is_regular_file(kind))
        return failed("it is no regular file");
    const auto read = plugins::read_elf(bytes_of(in.wanted().file));
    return read ? passed() : failed(read.error().detail);
}

verdict exports(test_context& in) {
    auto read = plugins::read_elf(bytes_of(in.wanted().file));
    if (!read)
        return skipped(read.error().detail);
    std::erase(read->exported, TRB_PLUGIN_ENTRY_NAME);
    if (read->exported.empty())
        return passed();
    return failed("it exports more than " TRB_PLUGIN_ENTRY_NAME ": " + first_few(read->exported) +
                  ". Link with a version script, as tributary_add_plugin() does");
}

verdict unique_symbols(test_context& in) {
    const auto read = plugins::read_elf(bytes_of(in.wanted().file));
    if (!read)
        return skipped(read.error().detail);
    if (read->unique.empty())
        return passed();
    return failed("unique symbols pin it in memory and are shared with other plugins: " +
                  first_few(read->unique) + ". Compile with -fno-gnu-unique");
}

verdict relocations(test_context& in) {
    const auto read = plugins::read_elf(bytes_of(in.wanted().file));
    if (!read)
        return skipped(read.error().detail);
    if (read->text_relocations)
        return failed("it has text relocations: compile with -fPIC");
    if (!read->search_path.empty())
        return failed("it looks for libraries in " + read->search_path + ": link without RPATH and RUNPATH");
    return passed();
}

verdict loads(test_context& in) {
    const auto loaded = in.library();
    return loaded ? passed() : failed(loaded.error().detail);
}

verdict manifest(test_context& in) {
    const auto beside = plugins::manifest_path(in.wanted().file);
    const auto said = plugins::read_manifest(beside);
    if (!said)
        return said.error().code == plugins::plugin_errc::no_manifest
                   ? warned("there is no " + beside.filename().string() +
                            " beside it: hosts name such a plugin in their log, and do not load it")
                   : failed(said.error().detail);
    if (said->file != in.wanted().file.filename().string())
        return failed("file: the manifest is about '" + said->file + "', this is '" +
                      in.wanted().file.filename().string() + "'");
    const std::string digest = hex_encode(as_bytes(sha256(bytes_of(in.wanted().file))));
    if (said->sha256 != digest)
        return failed("sha256: the manifest says " + said->sha256 + ", the file has " + digest +
                      ". Write the manifest again after each build");
    const auto descriptor = in.descriptor();
    if (!descriptor)
        return skipped(descriptor.error().detail);
    if (said->abi_major != (*descriptor)->abi_major || said->abi_minor != (*descriptor)->abi_minor)
        return failed("abi: the manifest says another version than the descriptor");
    const auto same = plugins::compare(*said, **descriptor);
    return same ? passed() : failed(same.error().detail);
}

constexpr test_case tests[] = {
    {"file.exists", "It is a regular file, a 64-bit ELF shared object", exists, true},
    {"file.exports", "It exports tributary_plugin_entry and nothing else", exports},
    {"file.unique_symbols", "No symbol pins it in memory", unique_symbols},
    {"file.relocations", "No text relocations, no search path of its own", relocations},
    {"file.loads", "The loader takes it with all symbols bound", loads, true},
    {"file.manifest", "The manifest beside it says what the descriptor and the file say", manifest},
};

} // namespace

std::span<const test_case> file_tests() {
    return tests;
}

} // namespace tributary::validator

// file.*: what can be said of the file before any of its code runs, and that it can be loaded.
#include <tributary/base/crypto.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "validator/elf_file.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

namespace json = boost::json;

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
    const auto read = read_elf(in.wanted().file);
    return read ? passed() : failed(read.error().detail);
}

verdict exports(test_context& in) {
    auto read = read_elf(in.wanted().file);
    if (!read)
        return skipped(read.error().detail);
    std::erase(read->exported, TRB_PLUGIN_ENTRY_NAME);
    if (read->exported.empty())
        return passed();
    return failed("it exports more than " TRB_PLUGIN_ENTRY_NAME ": " + first_few(read->exported) +
                  ". Link with a version script, as tributary_add_plugin() does");
}

verdict unique_symbols(test_context& in) {
    const auto read = read_elf(in.wanted().file);
    if (!read)
        return skipped(read.error().detail);
    if (read->unique.empty())
        return passed();
    return failed("unique symbols pin it in memory and are shared with other plugins: " +
                  first_few(read->unique) + ". Compile with -fno-gnu-unique");
}

verdict relocations(test_context& in) {
    const auto read = read_elf(in.wanted().file);
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

std::string member(const json::object& of, std::string_view name) {
    const json::value* found = of.if_contains(name);
    return found == nullptr     ? "(absent)"
           : found->is_string() ? std::string(found->get_string())
                                : json::serialize(*found);
}

std::vector<std::string> texts_of(const trb_str* first, std::uint64_t count) {
    std::vector<std::string> all;
    for (std::uint64_t index = 0; index < count; ++index)
        all.emplace_back(view(first[index]));
    std::ranges::sort(all);
    return all;
}

std::vector<std::string> texts_of(const json::object& of, std::string_view name) {
    std::vector<std::string> all;
    const json::value* found = of.if_contains(name);
    if (found != nullptr && found->is_array())
        for (const json::value& each : found->get_array())
            all.push_back(each.is_string() ? std::string(each.get_string()) : json::serialize(each));
    std::ranges::sort(all);
    return all;
}

std::string joined(const std::vector<std::string>& all) {
    std::string text = "[";
    for (const std::string& each : all)
        text += (text.size() > 1 ? ", " : "") + each;
    return text + "]";
}

/// The first member that says something else than the descriptor; nothing of the code has to be believed.
verdict compare(const json::object& manifest, const trb_plugin& descriptor) {
    const std::string abi = std::to_string(descriptor.abi_major) + "." + std::to_string(descriptor.abi_minor);
    const std::array<std::pair<const char*, std::string>, 5> expected{{
        {"id", std::string(view(descriptor.id))},
        {"short_name", std::string(view(descriptor.short_name))},
        {"version", std::string(view(descriptor.version))},
        {"vendor", std::string(view(descriptor.vendor))},
        {"abi", abi},
    }};
    for (const auto& [name, value] : expected)
        if (member(manifest, name) != value)
            return failed(std::string(name) + ": the manifest says '" + member(manifest, name) +
                          "', the descriptor '" + value + "'");
    const std::array<std::pair<const char*, std::vector<std::string>>, 2> lists{{
        {"extensions", texts_of(descriptor.extensions, descriptor.extension_count)},
        {"requires", texts_of(descriptor.requirements, descriptor.requirement_count)},
    }};
    for (const auto& [name, values] : lists)
        if (const auto said = texts_of(manifest, name); said != values)
            return failed(std::string(name) + ": the manifest says " + joined(said) + ", the descriptor " +
                          joined(values));
    return passed();
}

verdict manifest(test_context& in) {
    auto beside = in.wanted().file;
    beside.replace_extension(".trbplugin.json");
    std::ifstream text(beside);
    if (!text)
        return warned("there is no " + beside.filename().string() +
                      " beside it: hosts name such a plugin in their log");
    boost::json::error_code malformed;
    const json::value parsed = json::parse(std::string(std::istreambuf_iterator<char>(text), {}), malformed);
    if (malformed || !parsed.is_object())
        return failed("the manifest is no JSON object");
    const json::object& said = parsed.get_object();
    if (member(said, "manifest") != "1")
        return failed("manifest: the version of the manifest is " + member(said, "manifest") +
                      ", expected 1");
    if (member(said, "file") != in.wanted().file.filename().string())
        return failed("file: the manifest is about '" + member(said, "file") + "', this is '" +
                      in.wanted().file.filename().string() + "'");
    std::ifstream module(in.wanted().file, std::ios::binary);
    const std::string digest =
        hex_encode(as_bytes(sha256(std::string(std::istreambuf_iterator<char>(module), {}))));
    if (member(said, "sha256") != digest)
        return failed("sha256: the manifest says " + member(said, "sha256") + ", the file has " + digest +
                      ". Write the manifest again after each build");
    const auto descriptor = in.descriptor();
    return descriptor ? compare(said, **descriptor) : skipped(descriptor.error().detail);
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

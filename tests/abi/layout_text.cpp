#include "abi/layout_text.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>

namespace tributary::abi_test {
namespace {

namespace fs = std::filesystem;

/// "TRB_OK" -> "0", of each plain constant. The version is not one: it stands in the first line.
std::string constants_of(const fs::path& folder) {
    std::string text;
    const std::regex constant("#define (TRB_[A-Z0-9_]+) +([^/\\n\\\\]*[^/ \\n\\\\])");
    for (const fs::path& header : headers_in(folder)) {
        const std::string source = read_file(header);
        for (std::sregex_iterator at(source.begin(), source.end(), constant), end; at != end; ++at)
            if ((*at)[1] != "TRB_ABI_MAJOR" && (*at)[1] != "TRB_ABI_MINOR")
                text += "constant " + (*at)[1].str() + " " + (*at)[2].str() + "\n";
    }
    return text;
}

unsigned number_in(const std::string& source, const std::string& name) {
    std::smatch found;
    return std::regex_search(source, found, std::regex("#define " + name + " +([0-9]+)u"))
               ? static_cast<unsigned>(std::stoul(found[1]))
               : 0;
}

/// A listing, read back.
struct listing {
    struct entry {
        std::uint64_t size = 0;
        std::uint64_t alignment = 0;
        std::vector<std::string> members; ///< Lines: offset, size, name, type.

        bool may_grow() const {
            return !members.empty() && members.front().find(" struct_size: ") != std::string::npos;
        }
    };
    std::map<std::string, entry> structs;
    std::map<std::string, std::string> constants;
};

listing read_listing(const std::string& text) {
    listing read;
    std::istringstream lines(text);
    std::string line;
    listing::entry* open = nullptr;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string first;
        std::string ignored;
        words >> first;
        if (line.starts_with("  ") && open != nullptr) {
            open->members.push_back(line.substr(2));
        } else if (first == "constant") {
            words >> first >> std::ws;
            std::getline(words, read.constants[first]);
        } else if (first != "abi" && !first.empty()) {
            open = &read.structs[first];
            words >> ignored >> open->size >> ignored >> open->alignment;
        }
    }
    return read;
}

void compare_struct(const std::string& name, const listing::entry& older, const listing::entry& current,
                    std::vector<std::string>& changes) {
    for (std::size_t index = 0; index < older.members.size(); ++index) {
        const bool there = index < current.members.size();
        if (there && current.members[index] == older.members[index])
            continue;
        changes.push_back(name + ": member " + std::to_string(index + 1) + " was '" + older.members[index] +
                          "', found " + (there ? "'" + current.members[index] + "'" : "none"));
        return; // What follows has moved too, which says nothing more.
    }
    if (current.alignment != older.alignment)
        changes.push_back(name + ": the alignment was " + std::to_string(older.alignment) + ", found " +
                          std::to_string(current.alignment));
    if (current.size < older.size)
        changes.push_back(name + ": the size was " + std::to_string(older.size) + ", found " +
                          std::to_string(current.size) + ": structs do not shrink");
    if (!older.may_grow() && (current.size != older.size || current.members.size() != older.members.size()))
        changes.push_back(name + ": the size was " + std::to_string(older.size) + ", found " +
                          std::to_string(current.size) + ": it has no struct_size, so it never grows");
}

} // namespace

std::vector<fs::path> headers_in(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".h")
            found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

abi_version version_of_headers(const fs::path& folder) {
    const std::string base = read_file(folder / "base.h");
    return {number_in(base, "TRB_ABI_MAJOR"), number_in(base, "TRB_ABI_MINOR")};
}

abi_version version_of_listing(const std::string& text) {
    abi_version version;
    if (std::sscanf(text.c_str(), "abi %u.%u", &version.major_number, &version.minor_number) != 2)
        return {};
    return version;
}

std::string to_text(const std::vector<struct_layout>& structs, const fs::path& headers) {
    std::string text = "abi " + version_of_headers(headers).text() + "\n";
    for (const struct_layout& each : structs) {
        text += each.name + " size " + std::to_string(each.size) + " align " +
                std::to_string(each.alignment) + "\n";
        for (const member_layout& member : each.members)
            text += "  " + std::to_string(member.offset) + " +" + std::to_string(member.size) + " " +
                    member.name + ": " + member.type + "\n";
    }
    return text + constants_of(headers);
}

std::vector<std::string> breaking_changes(const std::string& older_text, const std::string& current_text) {
    const listing older = read_listing(older_text);
    const listing current = read_listing(current_text);
    std::vector<std::string> changes;
    for (const auto& [name, expected] : older.structs) {
        const auto found = current.structs.find(name);
        if (found == current.structs.end())
            changes.push_back(name + ": the struct is gone");
        else
            compare_struct(name, expected, found->second, changes);
    }
    for (const auto& [name, expected] : older.constants) {
        const auto found = current.constants.find(name);
        if (found == current.constants.end() || found->second != expected)
            changes.push_back(name + ": was '" + expected + "', found " +
                              (found == current.constants.end() ? "none" : "'" + found->second + "'"));
    }
    return changes;
}

std::vector<std::string> objections(const std::string& golden, const std::string& current, bool frozen) {
    const abi_version before = version_of_listing(golden);
    const abi_version now = version_of_listing(current);
    std::vector<std::string> changes = breaking_changes(golden, current);
    if (now.major_number < before.major_number ||
        (now.major_number == before.major_number && now.minor_number < before.minor_number))
        changes.push_back("the version was " + before.text() + ", found " + now.text() + ": it only rises");
    if (changes.empty())
        return {};
    if (frozen || before.major_number >= 1) {
        changes.push_back("the ABI is frozen: nothing but appends; else a new revision of the extension");
        return changes;
    }
    if (now.major_number > before.major_number || now.minor_number > before.minor_number)
        return {}; // Another draft: hosts refuse plugins of the older one, with both numbers.
    changes.push_back("plugins of draft " + before.text() +
                      " would be loaded and would not fit: raise "
                      "TRB_ABI_MINOR");
    return changes;
}

} // namespace tributary::abi_test

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "abi/layout_listing.hpp"

/// The ABI as text, and what may change in it.
namespace tributary::abi_test {

/// "0.2": TRB_ABI_MAJOR and TRB_ABI_MINOR.
struct abi_version {
    unsigned major_number = 0;
    unsigned minor_number = 0;

    friend bool operator==(const abi_version&, const abi_version&) = default;
    std::string text() const { return std::to_string(major_number) + "." + std::to_string(minor_number); }
};

/// The headers of a folder, sorted by name so that the listing has one order.
std::vector<std::filesystem::path> headers_in(const std::filesystem::path& folder);
std::string read_file(const std::filesystem::path& path);

/// What TRB_ABI_MAJOR and TRB_ABI_MINOR of these headers are.
abi_version version_of_headers(const std::filesystem::path& folder);
/// What the first line of a listing says, "abi 0.2"; 0.0 when there is none.
abi_version version_of_listing(const std::string& listing);

/// The listing: the version, one line per struct, one per member, one per constant of the headers.
std::string to_text(const std::vector<struct_layout>& structs, const std::filesystem::path& headers);

/// What became of an older listing, in sentences that name struct or constant; empty when plugins that were
/// built for it fit: a struct that starts with struct_size may have got members at its end, and structs and
/// constants may have been added. Versions are not compared.
std::vector<std::string> breaking_changes(const std::string& older, const std::string& current);

/// May the golden file be replaced by the current listing? Empty when it may; else why not.
/// @param frozen  nothing but appends, whatever the version.
std::vector<std::string> objections(const std::string& golden, const std::string& current, bool frozen);

} // namespace tributary::abi_test

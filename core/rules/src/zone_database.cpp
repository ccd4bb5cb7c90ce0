#include <tributary/cel/zone.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "time.hpp"

namespace tributary::cel {
namespace {

constexpr std::size_t zones_max = 1024;
constexpr std::size_t name_bytes_max = 64;         // The longest has 32.
constexpr std::uintmax_t file_bytes_max = 1 << 18; // The largest has 4 KiB.

/// Names begin with a capital; what does not is no zone ("posixrules"), one of another time scale
/// ("right/..."), or one that differs from machine to machine ("localtime").
bool may_be_a_name(std::string_view name) noexcept {
    const auto allowed = [](char each) {
        return (each >= 'A' && each <= 'Z') || (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') ||
               each == '_' || each == '+' || each == '-' || each == '/';
    };
    return !name.empty() && name.size() <= name_bytes_max && name.front() >= 'A' && name.front() <= 'Z' &&
           std::all_of(name.begin(), name.end(), allowed) && name.back() != '/' &&
           name.find("//") == std::string_view::npos;
}

std::unique_ptr<const zone> read_zone(const std::filesystem::path& path) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed) || failed)
        return nullptr;
    const std::uintmax_t size = std::filesystem::file_size(path, failed);
    if (failed || size > file_bytes_max)
        return nullptr;
    std::string content(size, '\0');
    std::ifstream file(path, std::ios::binary);
    if (!file.read(content.data(), static_cast<std::streamsize>(size)))
        return nullptr;
    return zone::parse(content);
}

/// One spelling for each, so that not more are kept than there are.
std::string offset_name(std::int32_t seconds) {
    const std::int32_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
    std::string made(1, seconds < 0 ? '-' : '+');
    for (const std::int32_t part : {minutes / 60, minutes % 60}) {
        made += static_cast<char>('0' + part / 10);
        made += static_cast<char>('0' + part % 10);
    }
    return made;
}

} // namespace

zone_database::zone_database(std::string directory) : directory_(std::move(directory)) {}
zone_database::~zone_database() = default;

const zone* zone_database::find(std::string_view name) const {
    const auto offset = name == "UTC" ? std::optional<std::int32_t>(0) : parse_utc_offset(name);
    if (!offset && !may_be_a_name(name))
        return nullptr;
    const std::string key = offset ? offset_name(*offset) : std::string(name);
    const std::lock_guard held(lock_);
    const auto known = known_.find(key);
    if (known != known_.end())
        return known->second.get();
    if (offset)
        return known_.emplace(key, zone::fixed(*offset)).first->second.get();
    if (files_ == zones_max)
        return nullptr;
    auto read = read_zone(std::filesystem::path(directory_) / key);
    if (read == nullptr)
        return nullptr;
    ++files_;
    return known_.emplace(key, std::move(read)).first->second.get();
}

std::string zone_database::version() const {
    // Its first line is "# version 2025b".
    std::ifstream file(std::filesystem::path(directory_) / "tzdata.zi", std::ios::binary);
    std::string line(64, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(file.gcount()));
    constexpr std::string_view introduction = "# version ";
    const std::size_t end = line.find_first_of("\r\n");
    if (!line.starts_with(introduction) || end == std::string::npos)
        return {};
    return line.substr(introduction.size(), end - introduction.size());
}

} // namespace tributary::cel

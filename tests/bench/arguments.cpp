#include "arguments.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tributary::bench {

arguments::arguments(int count, char** values, std::span<const std::string_view> known) {
    for (int index = 1; index < count; index += 2) {
        std::string_view name = values[index];
        if (!name.starts_with("--") || std::ranges::find(known, name.substr(2)) == known.end())
            throw std::runtime_error("no such option: " + std::string(name));
        if (index + 1 == count)
            throw std::runtime_error(std::string(name) + " needs a value");
        given_[std::string(name.substr(2))].emplace_back(values[index + 1]);
    }
}

const std::string& arguments::text(std::string_view name) const {
    const auto found = given_.find(name);
    if (found == given_.end())
        throw std::runtime_error("--" + std::string(name) + " is missing");
    return found->second.back();
}

std::string arguments::text_or(std::string_view name, std::string_view otherwise) const {
    return has(name) ? text(name) : std::string(otherwise);
}

std::vector<std::string> arguments::texts(std::string_view name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? std::vector<std::string>() : found->second;
}

std::int64_t arguments::number(std::string_view name, std::int64_t least, std::int64_t most) const {
    const std::string& from = text(name);
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(from.data(), from.data() + from.size(), value);
    if (failed != std::errc() || end != from.data() + from.size() || value < least || value > most)
        throw std::runtime_error("--" + std::string(name) + " takes a whole number from " +
                                 std::to_string(least) + " to " + std::to_string(most));
    return value;
}

std::int64_t arguments::number_or(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                  std::int64_t most) const {
    return has(name) ? number(name, least, most) : otherwise;
}

std::string read_file(const std::string& path) {
    std::ifstream from(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(from), {}};
    if (!from)
        throw std::runtime_error("cannot read " + path);
    return text;
}

} // namespace tributary::bench

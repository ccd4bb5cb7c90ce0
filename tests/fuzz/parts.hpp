#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Inputs that consist of several texts.
namespace tributary::fuzz {

/// Between two parts. JSON and header values hold no such byte, so that a part is never cut by chance.
inline constexpr char part_separator = '\x1e';

inline std::vector<std::string_view> parts_of(std::string_view input) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = input.find(part_separator);
        parts.push_back(input.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        input.remove_prefix(end + 1);
    }
}

/// The text up to a separator, which is taken off `from` with it; all of it when there is none.
inline std::string_view take_until(std::string_view& from, char separator) {
    const std::size_t end = from.find(separator);
    const std::string_view taken = from.substr(0, end);
    from.remove_prefix(end == std::string_view::npos ? from.size() : end + 1);
    return taken;
}

} // namespace tributary::fuzz

#include <tributary/config/options.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace tributary::config {
namespace {

/// Beyond this a text is no key of ours, and comparing it would be work for nothing.
constexpr std::size_t compared_characters_max = 128;

/// Does one abbreviate the other ("server.tls_cert")? A section alone abbreviates nothing.
bool abbreviates(std::string_view left, std::string_view right) {
    constexpr std::size_t distinctive_characters = 4;
    const std::size_t dot = left.find('.');
    const std::size_t shorter = std::min(left.size(), right.size());
    return dot != std::string_view::npos && shorter >= dot + 1 + distinctive_characters &&
           left.substr(0, shorter) == right.substr(0, shorter);
}

} // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    // Optimal string alignment: three rows of the table are enough.
    std::vector<std::size_t> before_previous(right.size() + 1);
    std::vector<std::size_t> previous(right.size() + 1);
    std::vector<std::size_t> current(right.size() + 1);
    std::iota(previous.begin(), previous.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                current[j] = std::min(current[j], before_previous[j - 2] + 1);
        }
        std::swap(before_previous, previous);
        std::swap(previous, current);
    }
    return previous[right.size()];
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates) {
    if (text.empty() || text.size() > compared_characters_max)
        return {};
    // More than a quarter of the characters wrong is another word.
    std::size_t least = std::max<std::size_t>(1, text.size() / 4) + 1;
    std::string_view found;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = abbreviates(text, candidate) ? 1 : edit_distance(text, candidate);
        if (distance < least) {
            least = distance;
            found = candidate;
        }
    }
    return found;
}

} // namespace tributary::config

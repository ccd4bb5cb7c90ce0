#include <tributary/accounts/limits.hpp>
#include <tributary/accounts/scope.hpp>

#include <algorithm>

namespace tributary::accounts {
namespace {

constexpr std::size_t scope_characters_max = 64;

bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Names joined by dots, none of them empty.
bool is_plain_scope(std::string_view text) noexcept {
    if (text.empty() || text.size() > scope_characters_max || text.front() == '.' || text.back() == '.' ||
        text.find("..") != std::string_view::npos)
        return false;
    return std::ranges::all_of(text, [](char c) { return c == '.' || is_name_character(c); });
}

bool matches(std::string_view granted, std::string_view wanted) noexcept {
    if (granted == "*" || granted == wanted)
        return true;
    // The dot stays in the comparison, so that "link.*" is not "linkage.read".
    return granted.ends_with(".*") && wanted.starts_with(granted.substr(0, granted.size() - 1));
}

} // namespace

bool is_scope(std::string_view text) noexcept {
    if (text == "*")
        return true;
    if (text.ends_with(".*") && text.size() <= scope_characters_max)
        text.remove_suffix(2);
    return is_plain_scope(text);
}

bool scope_allows(std::string_view granted, std::string_view wanted) noexcept {
    if (!is_plain_scope(wanted))
        return false;
    while (!granted.empty()) {
        const std::size_t space = std::min(granted.find(' '), granted.size());
        if (matches(granted.substr(0, space), wanted))
            return true;
        granted.remove_prefix(std::min(space + 1, granted.size()));
    }
    return false;
}

result<std::string> join_scopes(const std::vector<std::string>& scopes) {
    if (scopes.empty() || scopes.size() > scopes_per_key_max)
        return failure(accounts_errc::invalid_argument,
                       "a key needs 1 to " + std::to_string(scopes_per_key_max) + " scopes");
    std::vector<std::string> sorted = scopes;
    std::ranges::sort(sorted);
    const auto repeated = std::ranges::unique(sorted);
    sorted.erase(repeated.begin(), repeated.end());
    std::string out;
    for (const std::string& scope : sorted) {
        if (!is_scope(scope))
            return failure(accounts_errc::invalid_argument,
                           "no scope, such as \"links.read\", \"links.*\" or \"*\": \"" +
                               scope.substr(0, scope_characters_max) + "\"");
        out += (out.empty() ? "" : " ") + scope;
    }
    return out;
}

} // namespace tributary::accounts

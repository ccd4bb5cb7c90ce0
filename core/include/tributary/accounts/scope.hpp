#pragma once

#include <tributary/accounts/errors.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tributary::accounts {

/// Does a key with these scopes, separated by spaces, allow what a route wants ("links.read")?
///
/// "*" allows everything, "links.*" everything below links, another word exactly itself. What is no
/// well-formed name without a star is never allowed, not even by "*". Pure, allocates nothing.
bool scope_allows(std::string_view granted, std::string_view wanted) noexcept;

/// "*", or names of a-z, 0-9, "_" and "-" joined by dots, the last of which may be "*". Up to 64 characters.
bool is_scope(std::string_view text) noexcept;

/// Sorted, each once, separated by a space: the form that is stored.
/// @errors invalid_argument when there is none, too many, or one is no scope.
result<std::string> join_scopes(const std::vector<std::string>& scopes);

} // namespace tributary::accounts

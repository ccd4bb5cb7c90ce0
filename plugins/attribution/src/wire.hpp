#pragma once

#include <string>
#include <string_view>

/// Small pieces of text that several answers share.
namespace tributary::attribution {

/// ASCII letters to lower case; everything else as it is.
std::string lower(std::string_view text);
std::string upper(std::string_view text);

/// The key under which a domain's own page (no path) is stored.
inline constexpr std::string_view root_key = "_root";

/// "https://go.example.com/summer"
std::string short_link(std::string_view domain, std::string_view key);

/// Percent-encodes everything outside the unreserved characters, and '/' unless `keep_slash`.
std::string percent_encode(std::string_view text, bool keep_slash = false);

/// Decodes %XX, and '+' as a space when `plus_is_space`. Malformed escapes stay as they are.
std::string percent_decode(std::string_view text, bool plus_is_space);

/// Letters and digits in lower case, everything else between them as one '-': "Jane Doe!" is "jane-doe".
std::string slug(std::string_view text);

} // namespace tributary::attribution

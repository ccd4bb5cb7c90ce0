#pragma once

#include <string>
#include <string_view>

namespace tributary::attribution {

struct redirect_target {
    std::string_view url = {};           ///< The link's own target.
    std::string_view click_id = {};      ///< Empty: none is passed on.
    std::string_view partner_key = {};   ///< The link's key when it belongs to a partner: passed on as `via`.
    std::string_view visitor_query = {}; ///< Raw query of the visitor's request.
};

/// Where a visitor is sent: the target with the click's id, then the visitor's own parameters over the
/// target's.
///
/// The target chooses between `dub_id` and, when it carries dub_client_reference_id=1, `client_reference_id`.
/// What a visitor sends under these names never gets through, nor does a URL of his choice (redir_url). The
/// result contains no control characters whatever came in. Thread-safe: pure function.
std::string build_redirect_url(const redirect_target& target);

/// Name of the cookie that remembers a visitor's click on a link: no character that would end it.
std::string click_cookie_name(std::string_view domain, std::string_view key);

/// The value of a cookie; empty when it is not there.
std::string_view cookie_value(std::string_view cookie_header, std::string_view name);

} // namespace tributary::attribution

#pragma once

#include <tributary/abi/fact.h>
#include <tributary/directory/directory.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Clicks: append-only rows in monthly tables without secondary index. A click is no fact and has no subject
/// until a claim names it; then it is copied (named_click), so that old months can be dropped.
namespace tributary::clicks {

/// The click id of a visitor on a link in a UTC hour: HMAC-SHA-256(workspace key, link, visitor, hour), 16
/// characters of 0-9A-Za-z. The same on every daemon, so the same visitor in the same hour counts once
/// without any state.
std::string make_click_id(std::string_view workspace_key, std::string_view link_id, std::string_view visitor,
                          time_ms now_ms);

/// A click to be recorded. body is the canonical JSON of a trb_click.
struct click {
    space in;
    std::string id;
    time_ms at = 0;
    std::string link_id;
    std::string body;
};

/// Canonical JSON of a click's body. @errors facts_errc::bad_text.
result<std::string> click_body(const trb_click& body);

/// Creates the table of a month when it is not there. Schema changes end up in the same transaction.
///
/// @return true when the click is new; false when it was recorded before (it counts once).
result<bool> append(storage::session& writer, const click& what);

/// Finds a click in the months that are kept, newest first.
result<std::optional<click>> find(storage::session& reader, space in, std::string_view id);

/// Finds a click that a claim names: the copy if there is one, else copies it from the months.
result<std::optional<click>> find_named(storage::session& writer, space in, std::string_view id);

/// Reads body JSON into a trb_click for the time of the call.
result<void> with_click(const click& what, const std::function<void(const trb_click&)>& use);

} // namespace tributary::clicks

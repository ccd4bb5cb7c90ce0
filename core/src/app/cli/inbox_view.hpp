#pragma once

#include <tributary/inbox/inbox.hpp>

#include <optional>
#include <string>
#include <vector>

#include "app/cli/document.hpp"

namespace tributary::app::cli {

/// "delivery", "answer", "call".
std::string_view source_name(inbox::source of) noexcept;

/// A page of the inbox, newest first; of one connection or of all.
result<document> inbox_page(storage::session& reader, const std::optional<std::string>& connection,
                            std::int64_t before, std::int64_t limit);

/// The facts that a record gave.
result<document> facts_of_record(storage::session& reader, std::int64_t workspace, std::int64_t inbox_id);

/// Everything about a record. Bodies that are no text are given as base64 too.
document describe(const inbox::record& of);
document describe(const inbox::refusal& of);
document describe_headers(const std::vector<http::header>& headers);

} // namespace tributary::app::cli

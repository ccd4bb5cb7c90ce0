#pragma once

#include <tributary/projections/folder.hpp>

#include "app/cli/document.hpp"
#include "app/cli/subject_choice.hpp"

namespace tributary::app::cli {

document describe(const projections::shown_fact& of);
document describe(const projections::shown_row& of);

/// Head of everything that is shown of a subject: its ids and where it is.
document describe(const found_subject& of);

/// A described fact, row, as text; ends with a line feed.
std::string fact_text(const document& fact);
std::string row_text(const document& row);

/// Claims and conflicts of a subject. @errors of storage.
result<void> add_claims(storage::session& reader, const subject_key& of, document& into);

} // namespace tributary::app::cli

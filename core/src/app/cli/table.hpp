#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "app/cli/document.hpp"

namespace tributary::app::cli {

/// Which member of a record is shown, and under which title.
struct column {
    std::string_view member;
    std::string_view title;
};

/// A list of records as aligned columns, the titles above; `empty` when there is none.
std::string table_text(const document& list, std::initializer_list<column> columns, std::string_view empty);

/// A record as one line for each member: title and value. Members that are absent are left out.
std::string fields_text(const document& record, std::initializer_list<column> columns);

/// Words in lines of at most so many characters; a longer word, such as a URL, has a line of its own. Lines
/// from the second on begin with `hang` + `margin` blanks, of which `margin` do not count. Ends with a line
/// feed.
std::string wrapped(std::string_view text, std::size_t width, std::size_t hang, std::size_t margin = 0);

/// Each line with so many blanks before it.
std::string indented(std::string_view text, std::size_t blanks);

} // namespace tributary::app::cli

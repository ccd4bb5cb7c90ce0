#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tributary::storage {

/// What one piece of an SQL text is.
enum class sql_word_kind {
    word,      ///< A keyword or a plain name.
    quoted,    ///< "name", `name` or [name].
    text,      ///< 'text'; SQLite also takes it for a name where only a name fits.
    parameter, ///< $1
    number,
    sign, ///< One character of anything else.
};

/// A piece of an SQL text; `source` is a view into that text.
struct sql_word {
    sql_word_kind kind;
    std::string_view source;

    /// Is it this keyword (given in lower case), written in any case?
    bool is(std::string_view keyword) const;
    /// Is it this one character?
    bool is_sign(char sign) const;
    /// The name it spells, in lower case and without its quotes. Meaningful for word, quoted and text.
    std::string name() const;
};

/// Splits an SQL text into words, without blanks and comments. Never fails: what is not closed ends with the
/// text.
///
/// It follows SQLite's tokenizer where that matters to someone who wants to hide a name (quotes, comments).
std::vector<sql_word> sql_words(std::string_view sql);

/// Does the text define a common table expression whose name starts with published_?
///
/// SQLite tells the authorizer which view an access comes from by the bare name of the FROM item, and a
/// common table expression counts as one: `WITH published_x AS (SELECT * FROM secret) ...` would borrow the
/// rights of the view.
bool shadows_published_view(std::string_view sql);

/// ASCII only, as SQLite folds names.
std::string lower_case(std::string_view text);

} // namespace tributary::storage

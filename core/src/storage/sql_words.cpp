#include <algorithm>
#include <storage/sql_words.hpp>

namespace tributary::storage {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
// As in SQLite, every byte of a character beyond ASCII may be part of a name.
constexpr bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c) || c == '$';
}
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Index just after the blanks and comments that start at `at`.
std::size_t after_blanks(std::string_view sql, std::size_t at) {
    while (at < sql.size()) {
        if (is_blank(sql[at])) {
            ++at;
        } else if (sql.substr(at, 2) == "--") {
            at = std::min(sql.find('\n', at), sql.size());
        } else if (sql.substr(at, 2) == "/*") {
            const auto end = sql.find("*/", at + 2);
            at = end == std::string_view::npos ? sql.size() : end + 2;
        } else {
            break;
        }
    }
    return at;
}

/// Index just after the quoted piece that starts at `at`; a doubled closing quote is part of it.
std::size_t after_quoted(std::string_view sql, std::size_t at, char closing) {
    for (++at; at < sql.size(); ++at) {
        if (sql[at] != closing)
            continue;
        if (closing == ']' || at + 1 >= sql.size() || sql[at + 1] != closing)
            return at + 1;
        ++at;
    }
    return sql.size();
}

std::size_t after_name(std::string_view sql, std::size_t at) {
    while (at < sql.size() && is_name_part(sql[at]))
        ++at;
    return at;
}

} // namespace

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

bool sql_word::is(std::string_view keyword) const {
    return kind == sql_word_kind::word &&
           std::equal(source.begin(), source.end(), keyword.begin(), keyword.end(),
                      [](char left, char right) { return lower(left) == right; });
}

bool sql_word::is_sign(char sign) const {
    return kind == sql_word_kind::sign && source.front() == sign;
}

std::string sql_word::name() const {
    if (kind != sql_word_kind::quoted && kind != sql_word_kind::text)
        return lower_case(source);
    const char closing = source.front() == '[' ? ']' : source.front();
    auto inside = source.substr(1);
    if (!inside.empty() && inside.back() == closing)
        inside.remove_suffix(1);
    std::string result;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        result += lower(inside[i]);
        if (inside[i] == closing)
            ++i;
    }
    return result;
}

std::vector<sql_word> sql_words(std::string_view sql) {
    std::vector<sql_word> words;
    for (auto at = after_blanks(sql, 0); at < sql.size(); at = after_blanks(sql, at)) {
        const auto start = at;
        auto kind = sql_word_kind::sign;
        const char first = sql[at];
        if (is_name_start(first)) {
            kind = sql_word_kind::word;
            at = after_name(sql, at);
        } else if (is_digit(first)) {
            kind = sql_word_kind::number;
            at = after_name(sql, at);
        } else if (first == '$') {
            kind = sql_word_kind::parameter;
            at = after_name(sql, at + 1);
        } else if (first == '\'') {
            kind = sql_word_kind::text;
            at = after_quoted(sql, at, '\'');
        } else if (first == '"' || first == '`' || first == '[') {
            kind = sql_word_kind::quoted;
            at = after_quoted(sql, at, first == '[' ? ']' : first);
        } else {
            ++at;
        }
        words.push_back({kind, sql.substr(start, at - start)});
    }
    return words;
}

bool shadows_published_view(std::string_view sql) {
    const auto words = sql_words(sql);
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const auto kind = words[i].kind;
        const bool can_be_name =
            kind == sql_word_kind::word || kind == sql_word_kind::quoted || kind == sql_word_kind::text;
        if (!can_be_name || !words[i].name().starts_with("published_"))
            continue;
        // `name (columns) AS`, which no use of a view looks like, or `name AS [[NOT] MATERIALIZED] (`.
        if (words[i + 1].is_sign('('))
            return true;
        if (words[i + 1].is("as") && i + 2 < words.size() &&
            (words[i + 2].is_sign('(') || words[i + 2].is("materialized") || words[i + 2].is("not")))
            return true;
    }
    return false;
}

} // namespace tributary::storage

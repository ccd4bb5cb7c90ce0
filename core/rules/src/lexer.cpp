#include "lexer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "hints.hpp"

namespace tributary::cel {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool continues_name(char c) {
    return begins_name(c) || is_digit(c);
}

// Longest first, so that "<=" is not read as "<".
constexpr std::array<std::string_view, 27> symbols = {"&&", "||", "==", "!=", "<=", ">=", "<", ">", "+",
                                                      "-",  "*",  "/",  "%",  "!",  "?",  ":", ".", ",",
                                                      "(",  ")",  "[",  "]",  "{",  "}",  "=", "&", "|"};

diagnostic refuse(compile_errc code, std::size_t begin, std::size_t end, std::string message,
                  std::string hint = {}) {
    return {code, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), std::move(message),
            std::move(hint)};
}

} // namespace

void throw_exception_from_error(const diagnostic& why, const boost::source_location&) {
    throw std::runtime_error(why.message);
}

token lexer::cut(token_kind kind, std::size_t end) noexcept {
    const token made{kind, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end),
                     source_.substr(at_, end - at_)};
    at_ = end;
    return made;
}

void lexer::skip_blanks() noexcept {
    while (at_ < source_.size()) {
        const char c = source_[at_];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            ++at_;
        } else if (c == '/' && at(1) == '/') {
            at_ = std::min(source_.find('\n', at_), source_.size());
        } else {
            return;
        }
    }
}

lexer::outcome lexer::next() {
    skip_blanks();
    if (at_ >= source_.size())
        return cut(token_kind::end, source_.size());
    const char c = source_[at_];
    if (is_digit(c) || (c == '.' && is_digit(at(1))))
        return number();
    if (c == '"' || c == '\'')
        return text_literal(false, false, 0);
    if (begins_name(c))
        return word();
    if (c == '`')
        return quoted_name();
    for (const std::string_view symbol : symbols)
        if (source_.substr(at_, symbol.size()) == symbol) {
            if (symbol == "=" || symbol == "&" || symbol == "|")
                return refuse(compile_errc::syntax, at_, at_ + 1,
                              "'" + std::string(symbol) + "' is no operator",
                              "did you mean '" + std::string(meant_by(symbol)) + "'?");
            return cut(token_kind::symbol, at_ + symbol.size());
        }
    std::size_t end = at_ + 1;
    while (end < source_.size() && (source_[end] & 0xC0) == 0x80)
        ++end;
    return refuse(compile_errc::syntax, at_, end,
                  static_cast<unsigned char>(c) < 0x20 || c == 0x7F
                      ? "a control character outside of a text"
                      : "unexpected '" + std::string(source_.substr(at_, end - at_)) + "'",
                  std::string(hint_for_character(source_.substr(at_, end - at_))));
}

/// What a lone = & or | was meant to be, with what stands around it.
std::string_view lexer::meant_by(std::string_view symbol) const noexcept {
    if (symbol == "&")
        return "&&";
    if (symbol == "|")
        return "||";
    return at(1) == '>' ? ">=" : at(1) == '<' ? "<=" : "==";
}

lexer::outcome lexer::number() {
    std::size_t end = at_;
    const auto digits = [&](bool (*counts)(char)) {
        while (end < source_.size() && counts(source_[end]))
            ++end;
    };
    token_kind kind = token_kind::int64;
    if (source_[at_] == '0' && (at(1) == 'x' || at(1) == 'X') && is_hex_digit(at(2))) {
        end += 2;
        digits(is_hex_digit);
    } else {
        digits(is_digit);
        const auto here = [&](std::size_t offset) {
            return end + offset < source_.size() ? source_[end + offset] : '\0';
        };
        if (here(0) == '.' && is_digit(here(1))) {
            kind = token_kind::float64;
            ++end;
            digits(is_digit);
        }
        if (here(0) == 'e' || here(0) == 'E') {
            const std::size_t sign = here(1) == '+' || here(1) == '-' ? 1 : 0;
            if (is_digit(here(1 + sign))) {
                kind = token_kind::float64;
                end += 1 + sign;
                digits(is_digit);
            }
        }
    }
    if (kind == token_kind::int64 && end < source_.size() && (source_[end] == 'u' || source_[end] == 'U')) {
        kind = token_kind::uint64;
        ++end;
    }
    if (end < source_.size() && continues_name(source_[end])) {
        std::size_t wrong = end;
        while (wrong < source_.size() && continues_name(source_[wrong]))
            ++wrong;
        return refuse(compile_errc::bad_literal, at_, wrong,
                      "'" + std::string(source_.substr(at_, wrong - at_)) + "' is no number");
    }
    return cut(kind, end);
}

lexer::outcome lexer::word() {
    // Up to two prefix letters before a quote make a text of it.
    bool is_bytes = false, is_raw = false;
    std::size_t prefix = 0;
    for (; prefix < 2; ++prefix) {
        const char c = at(prefix);
        if ((c == 'b' || c == 'B') && !is_bytes)
            is_bytes = true;
        else if ((c == 'r' || c == 'R') && !is_raw)
            is_raw = true;
        else
            break;
    }
    if (prefix > 0 && (at(prefix) == '"' || at(prefix) == '\''))
        return text_literal(is_bytes, is_raw, prefix);
    std::size_t end = at_;
    while (end < source_.size() && continues_name(source_[end]))
        ++end;
    return cut(token_kind::identifier, end);
}

lexer::outcome lexer::text_literal(bool is_bytes, bool is_raw, std::size_t prefix) {
    const std::size_t begin = at_ + prefix;
    const char quote = source_[begin];
    const bool triple = source_.substr(begin, 3) == std::string(3, quote);
    const std::string closing(triple ? 3 : 1, quote);
    for (std::size_t i = begin + closing.size(); i < source_.size(); ++i) {
        const char c = source_[i];
        if (c == '\\' && !is_raw) {
            ++i;
        } else if (!triple && (c == '\n' || c == '\r')) {
            return refuse(compile_errc::syntax, at_, i, "the text is not closed on its line",
                          "a text over several lines stands between " + std::string(3, quote));
        } else if (source_.substr(i, closing.size()) == closing) {
            return cut(is_bytes ? token_kind::bytes : token_kind::string, i + closing.size());
        }
    }
    return refuse(compile_errc::syntax, at_, source_.size(),
                  "the text is not closed: " + closing + " is missing");
}

lexer::outcome lexer::quoted_name() {
    std::size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != '`') {
        const char c = source_[end];
        if (!continues_name(c) && c != '.' && c != '-' && c != '/' && c != ' ')
            return refuse(compile_errc::syntax, end, end + 1,
                          "a name between backticks has letters, digits and _ . - / and blanks only",
                          "any other key can be asked for with [\"...\"]");
        ++end;
    }
    if (end >= source_.size())
        return refuse(compile_errc::syntax, at_, end, "the name is not closed: ` is missing");
    if (end == at_ + 1)
        return refuse(compile_errc::syntax, at_, end + 1, "a name between backticks may not be empty");
    return cut(token_kind::quoted, end + 1);
}

} // namespace tributary::cel

#include <algorithm>

#include "lexer.hpp"
#include "text.hpp"

namespace tributary::cel {
namespace {

struct unescaping {
    const token& literal;
    std::string_view body; ///< Between the quotes.
    std::size_t offset;    ///< Of body in the source.
    bool is_bytes;
    std::string made;
};

int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

/// The escape for one character; 0 when it is no such escape.
char simple_escape(char c) {
    switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`': return c;
    default: return 0;
    }
}

/// Digits that follow an escape's letter: how many, and in which base. None for what is no such escape.
struct numeric_form {
    std::size_t digits;
    int base;
    std::size_t letters; ///< 1 for \x, 0 for octal
};
numeric_form form_of(char c) {
    switch (c) {
    case 'x':
    case 'X': return {2, 16, 1};
    case 'u': return {4, 16, 1};
    case 'U': return {8, 16, 1};
    case '0':
    case '1':
    case '2':
    case '3': return {3, 8, 0};
    default: return {0, 0, 0};
    }
}

diagnostic refuse(const unescaping& work, std::size_t at, std::size_t length, std::string message,
                  std::string hint = {}) {
    const auto begin = static_cast<std::uint32_t>(work.offset + at);
    const auto end = static_cast<std::uint32_t>(std::min(at + length, work.body.size()) + work.offset);
    return {compile_errc::bad_literal, begin, end, std::move(message), std::move(hint)};
}

/// Resolves the escape at body[at], which is a backslash. @return how many characters it has.
boost::system::result<std::size_t, diagnostic> take_escape(unescaping& work, std::size_t at) {
    const char letter = at + 1 < work.body.size() ? work.body[at + 1] : '\0';
    if (const char simple = simple_escape(letter); simple != 0) {
        work.made.push_back(simple);
        return std::size_t{2};
    }
    const numeric_form form = form_of(letter);
    if (form.digits == 0)
        return refuse(work, at, 2, "there is no such escape",
                      "a backslash itself is written \\\\, or the text begins with r");
    const std::size_t length = 1 + form.letters + form.digits;
    std::uint32_t code = 0;
    for (std::size_t i = at + 1 + form.letters; i < at + length; ++i) {
        const int digit = i < work.body.size() ? digit_of(work.body[i]) : 99;
        if (digit >= form.base)
            return refuse(work, at, length,
                          "this escape needs " + std::to_string(form.digits) +
                              (form.base == 16 ? " hexadecimal digits" : " octal digits"));
        code = code * static_cast<std::uint32_t>(form.base) + static_cast<std::uint32_t>(digit);
    }
    if (work.is_bytes) {
        if (letter == 'u' || letter == 'U')
            return refuse(work, at, length, "bytes have no code points: \\u and \\U are for texts",
                          "an octet is written \\xHH");
        work.made.push_back(static_cast<char>(code));
        return length;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return refuse(work, at, length, "this is no code point");
    append_code_point(work.made, code);
    return length;
}

} // namespace

boost::system::result<std::string, diagnostic> unescape(const token& literal) {
    std::string_view text = literal.text;
    bool is_raw = false;
    std::size_t skipped = 0;
    while (text[0] != '"' && text[0] != '\'') {
        is_raw = is_raw || text[0] == 'r' || text[0] == 'R';
        text.remove_prefix(1);
        ++skipped;
    }
    const std::size_t quotes = text.size() >= 6 && text[1] == text[0] && text[2] == text[0] ? 3 : 1;
    unescaping work{literal,
                    text.substr(quotes, text.size() - 2 * quotes),
                    literal.begin + skipped + quotes,
                    literal.kind == token_kind::bytes,
                    {}};
    if (is_raw)
        return std::string(work.body);
    work.made.reserve(work.body.size());
    for (std::size_t i = 0; i < work.body.size();) {
        if (work.body[i] != '\\') {
            work.made.push_back(work.body[i++]);
            continue;
        }
        const auto taken = take_escape(work, i);
        if (!taken)
            return taken.error();
        i += *taken;
    }
    return std::move(work.made);
}

} // namespace tributary::cel

#pragma once

#include <tributary/cel/error.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::cel {

enum class token_kind : std::uint8_t {
    end,
    identifier,
    quoted, ///< `between backticks`
    int64,  ///< Without its sign.
    uint64,
    float64,
    string, ///< With its quotes and prefixes.
    bytes,
    symbol, ///< One of the operators and brackets; token::text says which.
};

struct token {
    token_kind kind = token_kind::end;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string_view text; ///< Of the source, whole.

    bool is(std::string_view symbol) const noexcept { return kind == token_kind::symbol && text == symbol; }
};

/// Cuts a source into tokens, skipping blanks and comments. The source outlives it. Not thread-safe.
class lexer {
  public:
    explicit lexer(std::string_view source) noexcept : source_(source) {}

    /// The next token, or why there is none.
    boost::system::result<token, diagnostic> next();

  private:
    using outcome = boost::system::result<token, diagnostic>;
    void skip_blanks() noexcept;
    std::string_view meant_by(std::string_view symbol) const noexcept;
    outcome number();
    outcome text_literal(bool is_bytes, bool is_raw, std::size_t prefix);
    outcome word();
    outcome quoted_name();
    token cut(token_kind kind, std::size_t end) noexcept;
    char at(std::size_t offset) const noexcept {
        return at_ + offset < source_.size() ? source_[at_ + offset] : '\0';
    }

    std::string_view source_;
    std::size_t at_ = 0;
};

/// Needed by boost::system::result::value().
[[noreturn]] void throw_exception_from_error(const diagnostic& why, const boost::source_location&);

/// What the text of a string or bytes token stands for, with escapes resolved.
/// @return why not: an escape that is none, a code point that is none; offsets count from the source's
/// beginning.
boost::system::result<std::string, diagnostic> unescape(const token& literal);

} // namespace tributary::cel

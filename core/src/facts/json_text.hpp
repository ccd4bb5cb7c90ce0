#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::facts {

/// Appends JSON to a string: the canonical form of what the core stores (no white space, members in fixed
/// order).
class json_text {
  public:
    explicit json_text(std::string& out) : out_(out) {}

    void raw(std::string_view text) { out_ += text; }
    void integer(std::int64_t value) { out_ += std::to_string(value); }
    /// A quoted string; escapes what RFC 8259 section 7 demands and nothing else.
    void text(std::string_view value);
    /// ',' unless it is the first element since open().
    void separate() {
        if (!first_)
            out_ += ',';
        first_ = false;
    }
    void open(char bracket) {
        out_ += bracket;
        first_ = true;
    }
    void close(char bracket) {
        out_ += bracket;
        first_ = false;
    }
    void name(std::string_view member) {
        separate();
        text(member);
        out_ += ':';
        first_ = false;
    }

  private:
    std::string& out_;
    bool first_ = true;
};

} // namespace tributary::facts

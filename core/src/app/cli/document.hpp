#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tributary::app::cli {

/// A JSON value that a command shows: made once, printed as JSON, or member by member as text for a person.
///
/// Members keep their order. JSON that came from outside is kept as it was written, digit by digit.
class document {
  public:
    using array = std::vector<document>;
    using object = std::vector<std::pair<std::string, document>>;

    document() = default; ///< null
    template <std::same_as<bool> Boolean> document(Boolean value) : value_(value) {}
    template <std::integral Integer>
    requires(!std::same_as<Integer, bool>) document(Integer value)
        : value_(static_cast<std::int64_t>(value)) {}
    document(std::string text) : value_(std::move(text)) {}
    document(std::string_view text) : value_(std::string(text)) {}
    document(const char* text) : value_(std::string(text)) {}
    template <class Value> document(const std::optional<Value>& value) {
        if (value)
            *this = document(*value);
    }

    static document list() { return document(storage(array())); }
    static document record() { return document(storage(object())); }
    static document texts(const std::vector<std::string>& all);
    /// JSON that is kept as it is; a text when it is no well-formed JSON.
    static document json_text(std::string_view text);

    /// Of a record: appends a member.
    document& set(std::string name, document value);
    /// Of a list.
    void push(document value);

    bool is_null() const noexcept { return std::holds_alternative<std::monostate>(value_); }
    /// Empty unless it is a list.
    const array& items() const noexcept;
    /// Empty unless it is a record.
    const object& members() const noexcept;
    /// nullptr when there is no such member.
    const document* find(std::string_view name) const noexcept;

    /// What a table shows: the text itself, "-" for null and the empty text, "yes" or "no", lists with commas
    /// between.
    std::string cell() const;
    /// Indented by two, with a line feed at the end. Always valid: bytes that are no UTF-8 become U+FFFD.
    std::string json() const;

  private:
    struct raw {
        std::string json;
    };
    using storage = std::variant<std::monostate, bool, std::int64_t, std::string, raw, array, object>;

    explicit document(storage value) : value_(std::move(value)) {}
    void append(std::string& out) const;

    storage value_;
};

/// Well-formed JSON with other white space; nothing else in it changes.
std::string indented_json(std::string_view json);

/// The text when it is well-formed JSON, indented; otherwise itself.
std::string readable_body(std::string_view body);

/// Text for a terminal: control characters but line feed and tab, and what is no UTF-8, become \xNN. A
/// delivery must not be able to move an operator's cursor.
std::string printable(std::string_view text);

} // namespace tributary::app::cli

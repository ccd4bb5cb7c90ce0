#pragma once

#include <tributary/sdk/base.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json_path.hpp"
#include "simulator/expression.hpp"

namespace tributary::stripe::simulated {

/// Reads the options of one step, or of one object inside them. Whatever is asked for is known; an option
/// that nobody asked for is refused by finish().
///
/// The first thing that is wrong is kept, and reading goes on with defaults: a verb reads all its options,
/// then asks finish(), then acts. The JSON and the names outlive it.
class options {
  public:
    /// @param where  what a message begins with: "story x, step 3 (refund)".
    options(const json::value& given, const name_values& names, std::string where);

    /// An amount or a count: an integer or an expression. @param least, most  both included.
    std::int64_t number(std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most);
    std::optional<std::int64_t> maybe_number(std::string_view name, std::int64_t least, std::int64_t most);
    /// true, false, or an expression: everything but 0 is true.
    bool flag(std::string_view name, bool fallback = false);
    /// One of some words; the first is the default.
    std::string_view word(std::string_view name, std::initializer_list<std::string_view> known);
    std::string text(std::string_view name, std::string_view fallback);
    /// A span of time in seconds: "14d", "36h", "10m", "30s", or an expression of seconds.
    std::int64_t span_s(std::string_view name, std::int64_t fallback);
    /// Whatever stands there; nullptr when nothing does.
    const json::value* raw(std::string_view name);
    bool has(std::string_view name) { return raw(name) != nullptr; }
    /// The elements of an array as options of their own; no more than a story needs.
    std::vector<options> list(std::string_view name);
    /// An object as options of its own.
    std::optional<options> object(std::string_view name);

    /// Something is wrong with what the options say together, or with the moment.
    void refuse(std::string what);
    /// Takes over what is wrong with inner options.
    void adopt(options& inner);
    sdk::outcome finish();
    bool sound() const noexcept { return fault_.empty(); }
    const std::string& where() const noexcept { return where_; }
    const name_values& names() const noexcept { return *names_; }

  private:
    std::optional<std::int64_t> integer(std::string_view name, const json::value& given);

    const json::object* given_ = nullptr;
    const name_values* names_;
    std::string where_;
    std::string fault_;
    std::vector<std::string_view> asked_;
};

/// "14d" and the like, or an expression of seconds. @return the fault, "" when there is none.
std::string parse_span(const json::value& given, const name_values& names, std::int64_t& into);

} // namespace tributary::stripe::simulated

#include "pieces.hpp"

#include <algorithm>
#include <cstring>

#include "calling.hpp"
#include "text.hpp"

namespace tributary::cel {
namespace {

constexpr value_kind text_kind = value_kind::string;
constexpr value_kind int_kind = value_kind::int64;

/// How often something may be done: a negative number is no limit.
std::uint64_t limit_of(std::int64_t given) noexcept {
    return given < 0 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(given);
}

/// Goes through the places where `what` occurs in a text, none of which overlap. Nothing occurs before each
/// code point and at the end.
class occurrences {
  public:
    occurrences(std::string_view text, std::string_view what) noexcept : text_(text), what_(what) {}

    /// @return false when there are no more.
    bool next(std::size_t& at) noexcept {
        if (from_ > text_.size())
            return false;
        at = find_text(text_, what_, from_);
        if (at == std::string_view::npos)
            return false;
        from_ = at + what_.size();
        if (what_.empty()) {
            std::string_view rest = text_.substr(at);
            from_ = text_.size() + 1;
            if (!rest.empty()) {
                take_code_point(rest);
                from_ = text_.size() - rest.size();
            }
        }
        return true;
    }

  private:
    std::string_view text_;
    std::string_view what_;
    std::size_t from_ = 0;
};

char* put(char* to, std::string_view text) noexcept {
    if (!text.empty())
        std::memcpy(to, text.data(), text.size());
    return to + text.size();
}

/// Sums of sizes that come from outside. @return false when they leave the range.
bool add_product(std::size_t& sum, std::size_t count, std::size_t size) noexcept {
    std::size_t product = 0;
    return !__builtin_mul_overflow(count, size, &product) && !__builtin_add_overflow(sum, product, &sum);
}

} // namespace

value replace(call_context& with, std::span<const value> arguments) {
    const bool all = takes(arguments, {text_kind, text_kind, text_kind});
    if (!all && !takes(arguments, {text_kind, text_kind, text_kind, int_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    const std::string_view old = arguments[1].as_text();
    const std::string_view made = arguments[2].as_text();
    const std::uint64_t limit = limit_of(all ? -1 : arguments[3].as_int64());
    if (!with.charge_text(2 * text.size() + old.size()))
        return call_context::cost_exhausted();
    std::size_t at = 0;
    std::size_t count = 0;
    for (occurrences each(text, old); count < limit && each.next(at);)
        ++count;
    if (count == 0)
        return arguments[0];
    std::size_t size = text.size() - count * old.size();
    if (!add_product(size, count, made.size()))
        return call_context::memory_exhausted();
    if (!with.charge(count) || !with.charge_text(size))
        return call_context::cost_exhausted();
    char* const place = text_place(with, size);
    if (place == nullptr)
        return call_context::memory_exhausted();
    char* end = place;
    std::size_t done = 0;
    occurrences each(text, old);
    for (std::size_t i = 0; i < count && each.next(at); ++i) {
        end = put(put(end, text.substr(done, at - done)), made);
        done = at + old.size();
    }
    put(end, text.substr(done));
    return value::string({place, size});
}

value split(call_context& with, std::span<const value> arguments) {
    const bool all = takes(arguments, {text_kind, text_kind});
    if (!all && !takes(arguments, {text_kind, text_kind, int_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    const std::string_view separator = arguments[1].as_text();
    const std::uint64_t limit = limit_of(all ? -1 : arguments[2].as_int64());
    if (!with.charge_text(2 * text.size() + separator.size()))
        return call_context::cost_exhausted();
    if (limit == 0 || (text.empty() && separator.empty()))
        return value::list({});
    // Of the places where an empty separator occurs, the first and the last part nothing from nothing.
    const auto parts = [&](std::size_t at) { return !separator.empty() || (at > 0 && at < text.size()); };
    std::size_t at = 0;
    std::size_t count = 1;
    const std::uint64_t most = std::min<std::uint64_t>(limit, with.limits().elements + std::uint64_t{1});
    for (occurrences each(text, separator); count < most && each.next(at);)
        count += parts(at) ? 1 : 0;
    if (count > with.limits().elements)
        return value::error(evaluation_errc::list_limit);
    if (!with.charge(count))
        return call_context::cost_exhausted();
    const std::span<value> pieces = with.memory().make_array<value>(count);
    if (pieces.data() == nullptr)
        return call_context::memory_exhausted();
    std::size_t done = 0;
    occurrences each(text, separator);
    for (std::size_t i = 0; i + 1 < count && each.next(at);) {
        if (!parts(at))
            continue;
        pieces[i++] = value::string(text.substr(done, at - done));
        done = at + separator.size();
    }
    pieces[count - 1] = value::string(text.substr(done));
    return value::list(pieces);
}

value join(call_context& with, std::span<const value> arguments) {
    const bool plain = takes(arguments, {value_kind::list});
    if (!plain && !takes(arguments, {value_kind::list, text_kind}))
        return no_such_overload();
    const list_view pieces = arguments[0].as_list();
    const std::string_view separator = plain ? std::string_view() : arguments[1].as_text();
    if (!with.charge(pieces.size()))
        return call_context::cost_exhausted();
    if (pieces.empty())
        return value::string("");
    std::size_t size = 0;
    bool fits = add_product(size, pieces.size() - 1, separator.size());
    for (const value& each : pieces) {
        if (!each.is(text_kind))
            return no_such_overload();
        fits = fits && add_product(size, 1, each.as_text().size());
    }
    if (!fits)
        return call_context::memory_exhausted();
    if (!with.charge_text(size))
        return call_context::cost_exhausted();
    char* const place = text_place(with, size);
    if (place == nullptr)
        return call_context::memory_exhausted();
    char* end = put(place, pieces[0].as_text());
    for (const value& each : pieces.subspan(1))
        end = put(put(end, separator), each.as_text());
    return value::string({place, size});
}

} // namespace tributary::cel

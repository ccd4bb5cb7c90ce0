#include "format.hpp"

#include <tributary/cel/map.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "calling.hpp"
#include "text.hpp"
#include "time.hpp"

namespace tributary::cel {
namespace {

constexpr int precision_max = 1000;
constexpr int precision_default = 6;
/// Lists and maps within each other: values from outside may be deeper than the stack.
constexpr int depth_max = 32;

/// One "%.3f".
struct clause {
    int precision = precision_default;
    char verb = 0;
};

bool is_whole(const value& given) noexcept {
    return given.is(value_kind::int64) || given.is(value_kind::uint64);
}

std::string whole_text(const value& given, int base) {
    char digits[72];
    const auto end = given.is(value_kind::int64)
                         ? std::to_chars(digits, digits + sizeof digits, given.as_int64(), base)
                         : std::to_chars(digits, digits + sizeof digits, given.as_uint64(), base);
    return {digits, end.ptr};
}

/// to_chars with a precision rounds the exact binary value, from the middle to even.
std::string rounded_text(double number, int precision, std::chars_format how) {
    if (!std::isfinite(number))
        return double_text(number);
    char digits[precision_max + 330]; // The largest double has 309 digits before the point.
    const auto end = std::to_chars(digits, digits + sizeof digits, number, how, precision);
    return {digits, end.ptr};
}

std::string hexadecimal(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made;
    made.reserve(octets.size() * 2);
    for (const char each : octets) {
        made += digits[static_cast<unsigned char>(each) >> 4];
        made += digits[static_cast<unsigned char>(each) & 15];
    }
    return made;
}

/// Builds the result piece by piece. Its functions return false after a failure, which is then kept.
class formatter {
  public:
    formatter(call_context& with, list_view arguments) noexcept : with_(with), arguments_(arguments) {}

    value run(std::string_view text) {
        while (!text.empty()) {
            const std::size_t percent = std::min(text.find('%'), text.size());
            if (!append(text.substr(0, percent)))
                return failure_;
            text.remove_prefix(percent);
            if (!text.empty() && !take_clause(text))
                return failure_;
        }
        return with_.copy_string(made_);
    }

  private:
    bool fail(const value& why) {
        failure_ = why;
        return false;
    }
    bool fail(evaluation_errc code, const std::string& detail) { return fail(with_.fail(code, detail)); }

    bool append(std::string_view text) { return append_to(made_, text); }
    /// Texts of a map's keys are held beside the result until they are sorted.
    bool append_to(std::string& to, std::string_view text) {
        if (!with_.charge_text(text.size()))
            return fail(call_context::cost_exhausted());
        if (text.size() > with_.limits().memory_bytes - std::min(to.size(), with_.limits().memory_bytes))
            return fail(call_context::memory_exhausted());
        to += text;
        return true;
    }

    bool take_clause(std::string_view& text) {
        text.remove_prefix(1);
        if (text.starts_with('%')) {
            text.remove_prefix(1);
            return append("%");
        }
        clause what;
        if (!take_precision(text, what))
            return false;
        if (text.empty())
            return fail(evaluation_errc::invalid_argument, "the format ends within a clause");
        const std::string_view before = text;
        take_code_point(text);
        const std::string_view verb = before.substr(0, before.size() - text.size());
        if (verb.size() != 1 || std::string_view("sdfexXob").find(verb) == std::string_view::npos)
            return fail(evaluation_errc::invalid_argument,
                        "format has no clause '%" + std::string(verb) + "'");
        what.verb = verb[0];
        if (next_ == arguments_.size())
            return fail(evaluation_errc::index_out_of_range, "format has no argument " +
                                                                 std::to_string(next_ + 1) + " for '%" +
                                                                 std::string(verb) + "'");
        if (!with_.charge(1))
            return fail(call_context::cost_exhausted());
        return put(arguments_[next_++], what);
    }

    bool take_precision(std::string_view& text, clause& into) {
        if (!text.starts_with('.'))
            return true;
        text.remove_prefix(1);
        const auto read = std::from_chars(text.data(), text.data() + text.size(), into.precision);
        if (read.ec == std::errc::invalid_argument || text.starts_with('-'))
            return fail(evaluation_errc::invalid_argument, "no digits after the point of a clause of format");
        if (read.ec == std::errc::result_out_of_range || into.precision > precision_max)
            return fail(evaluation_errc::invalid_argument, "format gives no more than " +
                                                               std::to_string(precision_max) +
                                                               " digits after the point");
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
        return true;
    }

    bool put(const value& given, const clause& what) {
        switch (what.verb) {
        case 's': return show(given, 0);
        case 'd': return put_decimal(given);
        case 'f': return put_rounded(given, what, std::chars_format::fixed);
        case 'e': return put_rounded(given, what, std::chars_format::scientific);
        case 'o': return is_whole(given) ? append(whole_text(given, 8)) : refuse(what, "an int or a uint");
        case 'b':
            if (given.is(value_kind::boolean))
                return append(given.as_boolean() ? "1" : "0");
            return is_whole(given) ? append(whole_text(given, 2)) : refuse(what, "an int, a uint or a bool");
        default: return put_hexadecimal(given, what);
        }
    }

    bool put_decimal(const value& given) {
        if (given.is(value_kind::float64))
            return append(double_text(given.as_float64()));
        return is_whole(given) ? append(whole_text(given, 10)) : refuse({0, 'd'}, "a number");
    }

    bool put_rounded(const value& given, const clause& what, std::chars_format how) {
        if (given.is(value_kind::float64))
            return append(rounded_text(given.as_float64(), what.precision, how));
        if (!is_whole(given))
            return refuse(what, "a number");
        if (how == std::chars_format::scientific)
            return append(rounded_text(given.is(value_kind::int64) ? static_cast<double>(given.as_int64())
                                                                   : static_cast<double>(given.as_uint64()),
                                       what.precision, how));
        // Without a double between, which would not hold all of them.
        std::string text = whole_text(given, 10);
        if (what.precision > 0)
            (text += '.').append(static_cast<std::size_t>(what.precision), '0');
        return append(text);
    }

    bool put_hexadecimal(const value& given, const clause& what) {
        std::string text;
        if (given.is(value_kind::string) || given.is(value_kind::bytes)) {
            if (given.as_text().size() > with_.limits().memory_bytes / 2)
                return fail(call_context::memory_exhausted());
            text = hexadecimal(given.as_text());
        } else if (is_whole(given)) {
            text = whole_text(given, 16);
        } else {
            return refuse(what, "an int, a uint, a string or bytes");
        }
        if (what.verb == 'X')
            for (char& each : text)
                each = each >= 'a' ? static_cast<char>(each - 32) : each;
        return append(text);
    }

    bool refuse(const clause& what, std::string_view expected) {
        return fail(evaluation_errc::invalid_argument,
                    argument() + ": '%" + what.verb + "' takes " + std::string(expected) + ", not " +
                        std::string(type_name(arguments_[next_ - 1].kind())));
    }

    /// The one that was taken last, for messages, which count from 1.
    std::string argument() const { return "argument " + std::to_string(next_) + " of format"; }

    bool show(const value& given, int depth) {
        if (given.is(value_kind::list))
            return show_list(given.as_list(), depth);
        if (given.is(value_kind::map))
            return show_map(given.as_map(), depth);
        return show_single(made_, given);
    }

    /// What is neither a list nor a map.
    bool show_single(std::string& to, const value& given) {
        switch (given.kind()) {
        case value_kind::null: return append_to(to, "null");
        case value_kind::boolean: return append_to(to, given.as_boolean() ? "true" : "false");
        case value_kind::int64:
        case value_kind::uint64: return append_to(to, whole_text(given, 10));
        case value_kind::float64: return append_to(to, double_text(given.as_float64()));
        case value_kind::bytes:
            if (!is_utf8(given.as_text()))
                return fail(evaluation_errc::invalid_utf8, argument() + " has bytes that are no text");
            return append_to(to, given.as_text());
        case value_kind::string:
        case value_kind::type: return append_to(to, given.as_text());
        case value_kind::timestamp: return append_to(to, timestamp_text(given));
        case value_kind::duration: return append_to(to, duration_text(given));
        default:
            return fail(evaluation_errc::invalid_argument,
                        argument() + ": '%s' does not take " + std::string(type_name(given.kind())));
        }
    }

    /// Before going into a list or map with so many elements.
    bool enter(std::size_t elements, int depth) {
        if (depth >= depth_max)
            return fail(evaluation_errc::invalid_argument, argument() + " is too deep");
        return with_.charge(elements) || fail(call_context::cost_exhausted());
    }

    bool show_list(list_view elements, int depth) {
        if (!enter(elements.size(), depth) || !append("["))
            return false;
        for (std::size_t i = 0; i < elements.size(); ++i)
            if ((i > 0 && !append(", ")) || !show(elements[i], depth + 1))
                return false;
        return append("]");
    }

    bool show_map(const map_data& map, int depth) {
        if (!enter(map.size, depth))
            return false;
        // By the text of the keys, so that the result does not depend on how the map was made.
        std::vector<std::pair<std::string, const value*>> sorted(map.size);
        for (std::size_t i = 0; i < map.size; ++i) {
            if (!show_single(sorted[i].first, map.entries[i].key))
                return false;
            sorted[i].second = &map.entries[i].held;
        }
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto& left, const auto& right) { return left.first < right.first; });
        if (!append("{"))
            return false;
        for (std::size_t i = 0; i < sorted.size(); ++i)
            if ((i > 0 && !append(", ")) || !append(sorted[i].first) || !append(": ") ||
                !show(*sorted[i].second, depth + 1))
                return false;
        return append("}");
    }

    call_context& with_;
    list_view arguments_;
    std::size_t next_ =
        0; // The argument that the next clause takes; in messages, which count from 1, this one.
    std::string made_;
    value failure_;
};

} // namespace

value format(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::string, value_kind::list}))
        return no_such_overload();
    return formatter(with, arguments[1].as_list()).run(arguments[0].as_text());
}

} // namespace tributary::cel

#include <tributary/cel/json.hpp>
#include <tributary/cel/map.hpp>
#include <tributary/cel/money.hpp>

#include <boost/json.hpp>

#include <charconv>
#include <limits>
#include <optional>
#include <stdexcept>

#include "base64.hpp"
#include "text.hpp"
#include "time.hpp"

namespace tributary::cel {
namespace {

namespace json = boost::json;

/// A text in a message is cut here: a message is for a line.
constexpr std::size_t shown_bytes_max = 60;

std::string_view kind_text(const json::value& given) {
    switch (given.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "a boolean";
    case json::kind::int64:
    case json::kind::uint64: return "an integer";
    case json::kind::double_: return "a number with a fraction or an exponent";
    case json::kind::string: return "a string";
    case json::kind::array: return "a list";
    case json::kind::object: return "an object";
    }
    return "something else";
}

std::optional<double> special_double(std::string_view text) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (text == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity")
        return infinity;
    if (text == "-Infinity")
        return -infinity;
    return std::nullopt;
}

template <class Integer> std::optional<Integer> parse_integer(std::string_view text) {
    Integer number{};
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return number;
}

/// Reads one input; knows where in it it is. For one call.
class reader {
  public:
    reader(arena& memory, std::string_view path) : memory_(memory), path_(path) {}

    json_result<value> read(const json::value& given, const type& declared) {
        switch (declared.kind()) {
        case type_kind::dyn: return read_natural(given);
        case type_kind::optional: return read_optional(given, declared);
        case type_kind::list: return read_list(given, declared);
        case type_kind::map: return read_map(given, declared);
        case type_kind::null: return given.is_null() ? value::null() : mismatch(given, declared);
        case type_kind::boolean:
            return given.is_bool() ? value::boolean(given.get_bool()) : mismatch(given, declared);
        case type_kind::int64: return read_int(given, declared);
        case type_kind::uint64: return read_uint(given, declared);
        case type_kind::float64: return read_double(given, declared);
        case type_kind::string:
        case type_kind::bytes:
        case type_kind::timestamp:
        case type_kind::duration:
        case type_kind::rate:
            return given.is_string() ? read_text(given.get_string(), declared) : mismatch(given, declared);
        default: return problem("cannot be given as JSON, " + declared.text() + " was declared");
        }
    }

  private:
    json_problem problem(std::string message) const { return {path_, std::move(message), {}}; }
    json_problem mismatch_of(std::string_view found, const type& declared) const {
        return problem("is " + std::string(found) + ", " + declared.text() + " was declared");
    }
    json_result<value> mismatch(const json::value& given, const type& declared) const {
        return mismatch_of(kind_text(given), declared);
    }
    json_problem too_large() const { return problem("is too large"); }

    json_result<value> read_natural(const json::value& given) {
        switch (given.kind()) {
        case json::kind::null: return value::null();
        case json::kind::bool_: return value::boolean(given.get_bool());
        case json::kind::int64: return value::int64(given.get_int64());
        case json::kind::uint64: return value::uint64(given.get_uint64());
        case json::kind::double_: return value::float64(given.get_double());
        case json::kind::string: return read_text(given.get_string(), type::string());
        case json::kind::array: return read_list(given, type::list(type::dyn()));
        case json::kind::object: return read_map(given, type::map(type::string(), type::dyn()));
        }
        return problem("is no JSON");
    }

    json_result<value> read_int(const json::value& given, const type& declared) const {
        if (given.is_int64())
            return value::int64(given.get_int64());
        if (given.is_uint64())
            return problem("is outside the range of int");
        if (given.is_string())
            return read_digits<std::int64_t>(given.get_string(), declared);
        return mismatch(given, declared);
    }

    json_result<value> read_uint(const json::value& given, const type& declared) const {
        if (given.is_uint64())
            return value::uint64(given.get_uint64());
        if (given.is_int64())
            return given.get_int64() < 0 ? json_result<value>(problem("is outside the range of uint"))
                                         : value::uint64(static_cast<std::uint64_t>(given.get_int64()));
        if (given.is_string())
            return read_digits<std::uint64_t>(given.get_string(), declared);
        return mismatch(given, declared);
    }

    template <class Integer>
    json_result<value> read_digits(std::string_view text, const type& declared) const {
        const std::optional<Integer> number = parse_integer<Integer>(text);
        if (!number)
            return bad_text(text, declared);
        if constexpr (std::is_signed_v<Integer>)
            return value::int64(*number);
        else
            return value::uint64(*number);
    }

    json_result<value> read_double(const json::value& given, const type& declared) const {
        if (given.is_double())
            return value::float64(given.get_double());
        if (given.is_int64())
            return value::float64(static_cast<double>(given.get_int64()));
        if (given.is_uint64())
            return value::float64(static_cast<double>(given.get_uint64()));
        if (!given.is_string())
            return mismatch(given, declared);
        const std::optional<double> special = special_double(given.get_string());
        return special ? value::float64(*special) : mismatch(given, declared);
    }

    json_problem bad_text(std::string_view text, const type& declared) const {
        return mismatch_of("the string " + text_of(value::string(text), shown_bytes_max), declared);
    }

    json_result<value> read_text(std::string_view text, const type& declared) {
        if (declared.is(type_kind::string)) {
            if (!is_utf8(text))
                return problem("is a string that is no UTF-8");
            const std::string_view copied = memory_.copy(text);
            return copied.data() == nullptr ? json_result<value>(too_large()) : value::string(copied);
        }
        std::optional<value> made;
        if (declared.is(type_kind::timestamp))
            made = parse_timestamp(text);
        else if (declared.is(type_kind::duration))
            made = parse_duration(text);
        else if (declared.is(type_kind::bytes))
            made = read_bytes(text);
        else if (const auto rate = parse_rate(text))
            made = value::rate(rate->digits, rate->scale);
        return made ? json_result<value>(*made) : bad_text(text, declared);
    }

    std::optional<value> read_bytes(std::string_view text) {
        const value decoded = decode_base64(text, memory_);
        return decoded.is(value_kind::bytes) ? std::optional<value>(decoded) : std::nullopt;
    }

    json_result<value> read_optional(const json::value& given, const type& declared) {
        if (given.is_null())
            return value::optional(nullptr);
        const nested deeper(*this, {});
        if (deeper.too_deep())
            return problem("is nested too deep");
        const json_result<value> inner = read(given, declared.parameters()[0]);
        if (!inner)
            return inner;
        const std::span<value> place = memory_.make_array<value>(1);
        if (place.data() == nullptr)
            return too_large();
        place[0] = *inner;
        return value::optional(place.data());
    }

    json_result<value> read_list(const json::value& given, const type& declared) {
        if (!given.is_array())
            return mismatch(given, declared);
        const json::array& from = given.get_array();
        const std::span<value> elements = memory_.make_array<value>(from.size());
        if (elements.data() == nullptr && !from.empty())
            return too_large();
        for (std::size_t i = 0; i < from.size(); ++i) {
            const nested deeper(*this, "[" + std::to_string(i) + "]");
            if (deeper.too_deep())
                return problem("is nested too deep");
            const json_result<value> element = read(from[i], declared.parameters()[0]);
            if (!element)
                return element;
            elements[i] = *element;
        }
        return value::list(elements);
    }

    json_result<value> read_map(const json::value& given, const type& declared) {
        if (!given.is_object())
            return mismatch(given, declared);
        const json::object& from = given.get_object();
        const std::span<map_entry> entries = memory_.make_array<map_entry>(from.size());
        if (entries.data() == nullptr && !from.empty())
            return too_large();
        std::size_t count = 0;
        for (const auto& [key, held] : from) {
            const nested deeper(*this, (path_.empty() ? "" : ".") + std::string(key));
            if (deeper.too_deep())
                return problem("is nested too deep");
            const json_result<value> read_key_as = read_key(key, declared.parameters()[0]);
            if (!read_key_as)
                return read_key_as;
            const json_result<value> read_held = read(held, declared.parameters()[1]);
            if (!read_held)
                return read_held;
            entries[count++] = {*read_key_as, *read_held};
        }
        const value made = make_map(memory_, entries);
        if (!made.is_error())
            return made;
        return problem("cannot be a map: " + std::string(text_of(made.error_code())));
    }

    json_result<value> read_key(std::string_view key, const type& declared) {
        switch (declared.kind()) {
        case type_kind::dyn:
        case type_kind::string: return read_text(key, type::string());
        case type_kind::int64: return read_digits<std::int64_t>(key, declared);
        case type_kind::uint64: return read_digits<std::uint64_t>(key, declared);
        case type_kind::boolean:
            if (key == "true" || key == "false")
                return value::boolean(key == "true");
            return bad_text(key, declared);
        default: return problem("has a key, " + declared.text() + " was declared for keys");
        }
    }

    /// One level deeper in the input as long as it lives.
    class nested {
      public:
        nested(reader& in, const std::string& step) : in_(in), before_(in.path_.size()) {
            in_.path_ += step;
            ++in_.depth_;
        }
        ~nested() {
            in_.path_.resize(before_);
            --in_.depth_;
        }
        nested(const nested&) = delete;
        nested& operator=(const nested&) = delete;
        bool too_deep() const noexcept { return in_.depth_ > json_depth_max; }

      private:
        reader& in_;
        std::size_t before_;
    };

    arena& memory_;
    std::string path_;
    std::size_t depth_ = 0;
};

} // namespace

std::string json_problem::text() const {
    std::string made = path.empty() ? "the value" : path;
    made += " " + message;
    if (!hint.empty())
        made += "; " + hint;
    return made;
}

void throw_exception_from_error(const json_problem& why, const boost::source_location&) {
    throw std::runtime_error(why.text());
}

json_result<value> from_json(const boost::json::value& given, const type& declared, arena& memory,
                             std::string_view path) {
    return reader(memory, path).read(given, declared);
}

} // namespace tributary::cel

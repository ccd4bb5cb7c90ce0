#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tributary::cel {

/// What a value is at run time. The order is not a promise.
enum class value_kind : std::uint8_t {
    absent, ///< Nothing: a slot that nobody filled. Never the result of an evaluation.
    error,  ///< An evaluation that failed; see evaluation_errc.
    null,
    boolean,
    int64,
    uint64,
    float64,
    string, ///< UTF-8, not owned.
    bytes,  ///< Any octets, not owned.
    list,
    map,
    type,      ///< The name of a type, as type(x) gives it.
    timestamp, ///< 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
    duration,  ///< Nanoseconds in 64 bits: about 292 years either way.
    optional,  ///< One value or none.
    rate,      ///< A percentage as a decimal of at most eight digits after the point; see money.hpp.
    opaque,    ///< Something of an extension, such as a table of tiers; equal to itself only.
};

/// Why an evaluation failed. Stable numbers: a program may be kept longer than this library.
enum class evaluation_errc : std::uint8_t {
    no_such_overload = 1, ///< A function or operator does not take values of these kinds.
    no_such_key = 2,      ///< A map has no entry of this key, or a key of a kind that maps never have.
    no_such_attribute =
        3, ///< A declared variable that the caller left empty, or a name that nobody declared.
    divide_by_zero = 4,
    modulus_by_zero = 5,
    overflow = 6, ///< A result outside its type's range; numbers and times alike.
    index_out_of_range = 7,
    invalid_argument = 8, ///< A value of the right kind that the function refuses.
    invalid_utf8 = 9,
    duplicate_key = 10,
    unknown_zone = 11,     ///< No such time zone in the zone database.
    no_rate = 12,          ///< The event's snapshot of exchange rates lacks this pair.
    no_value = 13,         ///< value() of an optional that has none.
    double_in_amount = 14, ///< A value that only run time could type was a double, in an amount.
    cost_limit = 15,       ///< limits::cost was used up. Not absorbed by && and ||.
    memory_limit = 16,     ///< limits::memory_bytes was used up. Not absorbed by && and ||.
    list_limit = 17,       ///< A list or map would have more elements than limits::elements. Not absorbed.
    fetch_failed = 18,     ///< A lazy slot's source failed. Not absorbed by && and ||.
    unsupported = 19,      ///< Syntax that is understood but not provided, such as messages.
};

/// "divide by zero" and so on. Thread-safe.
std::string_view text_of(evaluation_errc code) noexcept;

/// Limits and failed sources end the whole evaluation: no operator may turn them into a value, or the result
/// would depend on how much work was left.
constexpr bool is_fatal(evaluation_errc code) noexcept {
    return code >= evaluation_errc::cost_limit && code <= evaluation_errc::fetch_failed;
}

class value;
struct map_data;

/// A list: so many values one after the other, not owned.
using list_view = std::span<const value>;

/// 16 bytes that own nothing: numbers and times are inside, the rest points into the caller's slots, a
/// program's constants or an evaluation's arena, and lives as long as that. Trivially copyable. Functions
/// that read one kind (as_int64 and so on) require it. Thread-safe as any value is.
class value {
  public:
    constexpr value() noexcept : head_(0), int64_(0) {}

    static constexpr value null() noexcept { return of_kind(value_kind::null); }
    static constexpr value boolean(bool given) noexcept {
        value made = of_kind(value_kind::boolean);
        made.int64_ = given ? 1 : 0;
        return made;
    }
    static constexpr value int64(std::int64_t given) noexcept {
        value made = of_kind(value_kind::int64);
        made.int64_ = given;
        return made;
    }
    static constexpr value uint64(std::uint64_t given) noexcept {
        value made = of_kind(value_kind::uint64);
        made.uint64_ = given;
        return made;
    }
    static constexpr value float64(double given) noexcept {
        value made = of_kind(value_kind::float64);
        made.float64_ = given;
        return made;
    }
    /// `text` is UTF-8 and outlives the value. At most 2^32 - 1 bytes.
    static constexpr value string(std::string_view text) noexcept {
        return of_text(value_kind::string, text);
    }
    static constexpr value bytes(std::string_view octets) noexcept {
        return of_text(value_kind::bytes, octets);
    }
    /// `elements` outlive the value. At most 2^32 - 1.
    static constexpr value list(list_view elements) noexcept {
        value made = of_kind(value_kind::list);
        made.set_extent(static_cast<std::uint32_t>(elements.size()));
        made.list_ = elements.data();
        return made;
    }
    /// `entries` outlive the value; make_map (map.hpp) builds them.
    static constexpr value map(const map_data& entries) noexcept {
        value made = of_kind(value_kind::map);
        made.map_ = &entries;
        return made;
    }
    /// The type with this name, which outlives the value.
    static constexpr value type(std::string_view name) noexcept { return of_text(value_kind::type, name); }
    /// `seconds` since 1970-01-01T00:00:00Z in the range above, `nanoseconds` 0 to 999,999,999 after them.
    static constexpr value timestamp(std::int64_t seconds, std::uint32_t nanoseconds) noexcept {
        value made = of_kind(value_kind::timestamp);
        made.set_extent(nanoseconds);
        made.int64_ = seconds;
        return made;
    }
    static constexpr value duration(std::int64_t nanoseconds) noexcept {
        value made = of_kind(value_kind::duration);
        made.int64_ = nanoseconds;
        return made;
    }
    /// `inner` outlives the value; nullptr for none.
    static constexpr value optional(const value* inner) noexcept {
        value made = of_kind(value_kind::optional);
        made.list_ = inner;
        return made;
    }
    /// digits / 10^scale percent; scale 0 to 8.
    static constexpr value rate(std::int64_t digits, std::uint32_t scale) noexcept {
        value made = of_kind(value_kind::rate);
        made.set_extent(scale);
        made.int64_ = digits;
        return made;
    }
    /// `tag` says what `given` points to, for functions that could get another extension's value through
    /// dyn. Those of this library are above 0x80000000.
    static constexpr value opaque(const void* given, std::uint32_t tag = 0) noexcept {
        value made = of_kind(value_kind::opaque);
        made.set_extent(tag);
        made.opaque_ = given;
        return made;
    }
    /// `detail` is constant text or lies in the evaluation's arena; at most 2^16 - 1 bytes are kept.
    static constexpr value error(evaluation_errc code, std::string_view detail = {}) noexcept {
        value made = of_kind(value_kind::error);
        const std::uint64_t length = detail.size() < 0xFFFF ? detail.size() : 0xFFFF;
        made.head_ |= std::uint64_t{static_cast<std::uint8_t>(code)} << 8 | length << 16;
        made.set_extent(no_place);
        made.text_ = detail.data();
        return made;
    }

    constexpr value_kind kind() const noexcept { return static_cast<value_kind>(head_ & 0xFF); }
    constexpr bool is(value_kind asked) const noexcept { return kind() == asked; }
    constexpr bool is_error() const noexcept { return kind() == value_kind::error; }
    constexpr bool is_true() const noexcept { return kind() == value_kind::boolean && int64_ != 0; }
    constexpr bool is_false() const noexcept { return kind() == value_kind::boolean && int64_ == 0; }

    constexpr bool as_boolean() const noexcept { return int64_ != 0; }
    constexpr std::int64_t as_int64() const noexcept { return int64_; }
    constexpr std::uint64_t as_uint64() const noexcept { return uint64_; }
    constexpr double as_float64() const noexcept { return float64_; }
    /// Of string, bytes and type.
    constexpr std::string_view as_text() const noexcept { return {text_, extent()}; }
    constexpr list_view as_list() const noexcept;
    constexpr const map_data& as_map() const noexcept { return *map_; }
    constexpr std::int64_t seconds() const noexcept { return int64_; }
    constexpr std::uint32_t nanoseconds() const noexcept { return extent(); }
    constexpr std::int64_t as_duration() const noexcept { return int64_; }
    /// nullptr: none.
    constexpr const value* as_optional() const noexcept { return list_; }
    constexpr std::int64_t rate_digits() const noexcept { return int64_; }
    constexpr std::uint32_t rate_scale() const noexcept { return extent(); }
    constexpr const void* as_opaque() const noexcept { return opaque_; }
    constexpr std::uint32_t opaque_tag() const noexcept { return extent(); }
    constexpr evaluation_errc error_code() const noexcept {
        return static_cast<evaluation_errc>(head_ >> 8 & 0xFF);
    }
    constexpr std::string_view error_detail() const noexcept { return {text_, head_ >> 16 & 0xFFFF}; }
    constexpr bool is_fatal_error() const noexcept { return is_error() && is_fatal(error_code()); }

    /// Where in the source the failed call begins, in bytes; no_place until the evaluation says so.
    static constexpr std::uint32_t no_place = 0xFFFFFFFF;
    constexpr std::uint32_t error_place() const noexcept { return extent(); }
    constexpr void set_error_place(std::uint32_t offset) noexcept {
        head_ &= 0xFFFF'FFFF;
        set_extent(offset);
    }

  private:
    static constexpr value of_kind(value_kind kind) noexcept {
        value made;
        made.head_ = static_cast<std::uint64_t>(kind);
        return made;
    }
    static constexpr value of_text(value_kind kind, std::string_view text) noexcept {
        value made = of_kind(kind);
        made.set_extent(static_cast<std::uint32_t>(text.size()));
        made.text_ = text.data();
        return made;
    }

    constexpr std::uint32_t extent() const noexcept { return static_cast<std::uint32_t>(head_ >> 32); }
    /// Of a value that has none yet.
    constexpr void set_extent(std::uint32_t given) noexcept { head_ |= std::uint64_t{given} << 32; }

    // One word, because a value is written and copied whole: kind in bits 0 to 7, an error's code in 8 to 15
    // and the length of its detail in 16 to 31; from 32 on the extent: a length, nanoseconds, a scale, a tag,
    // a place.
    std::uint64_t head_;
    union {
        std::int64_t int64_;
        std::uint64_t uint64_;
        double float64_;
        const char* text_;
        const value* list_;
        const map_data* map_;
        const void* opaque_;
    };
};
static_assert(sizeof(value) == 16);

constexpr list_view value::as_list() const noexcept {
    return {list_, extent()};
}

/// The name that type(x) has for values of this kind: "int", "google.protobuf.Timestamp", ... Thread-safe.
std::string_view type_name(value_kind kind) noexcept;

/// Equality as the language has it: numbers on one line whatever their type, NaN unlike itself, other kinds
/// unequal rather than an error, lists and maps by content. Both are no errors.
/// @source cel-spec, Language Definition, "Equality". Thread-safe.
bool equal(const value& left, const value& right) noexcept;

} // namespace tributary::cel

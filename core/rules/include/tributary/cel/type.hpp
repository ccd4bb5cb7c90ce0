#pragma once

#include <tributary/cel/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tributary::cel {

enum class type_kind : std::uint8_t {
    dyn, ///< Not known before run time.
    null,
    boolean,
    int64,
    uint64,
    float64,
    string,
    bytes,
    timestamp,
    duration,
    rate,
    list,      ///< One parameter: of its elements.
    map,       ///< Two: of keys and of values.
    optional,  ///< One.
    type,      ///< One, or none for "some type".
    opaque,    ///< A type of an extension: a name and any number of parameters.
    parameter, ///< Of a function's declaration: stands for the same type wherever its name occurs.
    variable,  ///< A parameter of one call, while it is being checked. Never leaves the checker.
};

/// A type as the checker knows it. An immutable value, cheap to copy for all but composed types. Thread-safe.
class type {
  public:
    type() = default;
    static type dyn() { return type(type_kind::dyn); }
    static type null() { return type(type_kind::null); }
    static type boolean() { return type(type_kind::boolean); }
    static type int64() { return type(type_kind::int64); }
    static type uint64() { return type(type_kind::uint64); }
    static type float64() { return type(type_kind::float64); }
    static type string() { return type(type_kind::string); }
    static type bytes() { return type(type_kind::bytes); }
    static type timestamp() { return type(type_kind::timestamp); }
    static type duration() { return type(type_kind::duration); }
    static type rate() { return type(type_kind::rate); }
    static type list(type element) { return composed(type_kind::list, {}, {std::move(element)}); }
    static type map(type key, type held) {
        return composed(type_kind::map, {}, {std::move(key), std::move(held)});
    }
    static type optional(type inner) { return composed(type_kind::optional, {}, {std::move(inner)}); }
    static type type_of(type what) { return composed(type_kind::type, {}, {std::move(what)}); }
    static type any_type() { return type(type_kind::type); }
    static type opaque(std::string name, std::vector<type> parameters = {}) {
        return composed(type_kind::opaque, std::move(name), std::move(parameters));
    }
    static type parameter(std::string name) { return composed(type_kind::parameter, std::move(name), {}); }
    /// The same constructor over other parameters.
    static type with_parameters(const type& of, std::vector<type> parameters) {
        return composed(of.kind(), std::string(of.name()), std::move(parameters));
    }
    static type variable(std::uint32_t number) {
        type made(type_kind::variable);
        made.number_ = number;
        return made;
    }

    type_kind kind() const noexcept { return kind_; }
    bool is(type_kind asked) const noexcept { return kind_ == asked; }
    /// Of opaque types and parameters; empty otherwise.
    std::string_view name() const noexcept { return of_ ? std::string_view(of_->name) : std::string_view(); }
    std::span<const type> parameters() const noexcept {
        return of_ ? std::span<const type>(of_->parameters) : std::span<const type>();
    }
    std::uint32_t number() const noexcept { return number_; }

    /// "list(int)", "map(string, dyn)", "optional_type(int)". What parse_type reads.
    std::string text() const;

    friend bool operator==(const type& left, const type& right) noexcept;

  private:
    struct composition;
    explicit type(type_kind kind) : kind_(kind) {}
    static type composed(type_kind kind, std::string name, std::vector<type> parameters);

    type_kind kind_ = type_kind::dyn;
    std::uint32_t number_ = 0;
    std::shared_ptr<const composition> of_;

    struct composition {
        std::string name;
        std::vector<type> parameters;
    };
};

/// Reads a type as text() writes it: bool int uint double string bytes timestamp duration rate null dyn type,
/// list(T), map(K, V), optional_type(T); also google.protobuf.Timestamp and Duration. At most 8 deep.
/// @return nothing for other text. Thread-safe.
std::optional<type> parse_type(std::string_view text);

} // namespace tributary::cel

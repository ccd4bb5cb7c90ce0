#include "operators.hpp"

#include <tributary/cel/map.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "arithmetic.hpp"
#include "numbers.hpp"

namespace tributary::cel {
namespace {

/// How two values are ordered; nothing when they are of kinds that have no order.
std::optional<std::partial_ordering> order(const value& left, const value& right) noexcept {
    if (is_number(left) && is_number(right))
        return compare_numbers(left, right);
    if (left.kind() != right.kind())
        return {};
    switch (left.kind()) {
    case value_kind::boolean: return left.as_boolean() <=> right.as_boolean();
    case value_kind::string:
    case value_kind::bytes: return left.as_text() <=> right.as_text();
    case value_kind::duration: return left.as_duration() <=> right.as_duration();
    case value_kind::timestamp:
        if (left.seconds() != right.seconds())
            return left.seconds() <=> right.seconds();
        return left.nanoseconds() <=> right.nanoseconds();
    default: return {};
    }
}

value compare(operation_kind operation, call_context& with, const value& left, const value& right) {
    // No more is looked at than the shorter one has.
    const bool texts =
        left.kind() == right.kind() && (left.is(value_kind::string) || left.is(value_kind::bytes));
    if (texts && !with.charge_text(std::min(left.as_text().size(), right.as_text().size())))
        return call_context::cost_exhausted();
    const auto ordered = order(left, right);
    if (!ordered)
        return no_such_overload();
    switch (operation) {
    case operation_kind::less: return value::boolean(*ordered < 0);
    case operation_kind::less_equal: return value::boolean(*ordered <= 0);
    case operation_kind::greater: return value::boolean(*ordered > 0);
    default: return value::boolean(*ordered >= 0);
    }
}

/// Takes what looking at all of this costs from `left`. @return false when that is not enough: lists may
/// share their parts, so that a short expression makes one of more elements than anybody could count.
bool pay_for(const value& given, std::uint64_t& left) noexcept {
    std::uint64_t own = 0;
    if (given.is(value_kind::string) || given.is(value_kind::bytes))
        own = given.as_text().size() / 16;
    else if (given.is(value_kind::list))
        own = given.as_list().size();
    else if (given.is(value_kind::map))
        own = given.as_map().size;
    if (own > left)
        return false;
    left -= own;
    if (given.is(value_kind::list))
        return std::ranges::all_of(given.as_list(), [&](const value& each) { return pay_for(each, left); });
    if (given.is(value_kind::map))
        return std::ranges::all_of(given.as_map().all(), [&](const map_entry& each) {
            return pay_for(each.key, left) && pay_for(each.held, left);
        });
    return !given.is(value_kind::optional) || given.as_optional() == nullptr ||
           pay_for(*given.as_optional(), left);
}

/// What comparing this with something costs beyond the operator itself; more than `budget` when that is not
/// enough.
std::uint64_t size_cost(const value& given, std::uint64_t budget) noexcept {
    std::uint64_t left = budget;
    return pay_for(given, left) ? budget - left : budget + 1;
}

/// What the smaller of both costs, found with about as much work as that.
std::uint64_t smaller_cost(const value& left, const value& right, std::uint64_t budget) noexcept {
    for (std::uint64_t tried = 64;; tried *= 2) {
        if (const std::uint64_t cost = size_cost(left, tried); cost <= tried)
            return std::min(cost, size_cost(right, cost));
        if (const std::uint64_t cost = size_cost(right, tried); cost <= tried || tried >= budget)
            return cost;
    }
}

value equality(bool negated, call_context& with, const value& left, const value& right) {
    // No more is compared than the smaller side has.
    if (left.kind() == right.kind() && !with.charge(smaller_cost(left, right, with.cost_left())))
        return call_context::cost_exhausted();
    return value::boolean(equal(left, right) != negated);
}

value is_in(call_context& with, const value& asked, const value& container) {
    if (container.is(value_kind::map)) {
        if (!with.charge_text(asked.is(value_kind::string) ? asked.as_text().size() : 0))
            return call_context::cost_exhausted();
        return value::boolean(find(container.as_map(), asked) != nullptr);
    }
    if (!container.is(value_kind::list))
        return no_such_overload();
    const std::uint64_t each_cost = 1 + size_cost(asked, with.cost_left());
    for (const value& each : container.as_list()) {
        if (!with.charge(each_cost))
            return call_context::cost_exhausted();
        if (equal(each, asked))
            return value::boolean(true);
    }
    return value::boolean(false);
}

/// An int as text, without a string that might need memory of its own.
class number_text {
  public:
    std::string_view write(std::int64_t number) noexcept {
        const auto end = std::to_chars(digits_.data(), digits_.data() + digits_.size(), number);
        return {digits_.data(), static_cast<std::size_t>(end.ptr - digits_.data())};
    }

  private:
    std::array<char, 20> digits_{};
};

value missing_key(call_context& with, const value& key) {
    if (key.is(value_kind::string))
        return with.fail(evaluation_errc::no_such_key, key.as_text());
    if (key.is(value_kind::int64)) {
        number_text digits;
        return with.fail(evaluation_errc::no_such_key, digits.write(key.as_int64()));
    }
    return value::error(evaluation_errc::no_such_key);
}

/// The element or entry, or why there is none.
value element_of(call_context& with, const value& container, const value& key) {
    if (container.is(value_kind::map)) {
        if (key.is(value_kind::string) && !with.charge_text(key.as_text().size()))
            return call_context::cost_exhausted();
        const value* found = find(container.as_map(), key);
        return found != nullptr ? *found : missing_key(with, key);
    }
    if (!container.is(value_kind::list))
        return no_such_overload();
    std::int64_t at = 0;
    if (!is_number(key) || !to_int64(key, at))
        return value::error(evaluation_errc::invalid_argument, "an index is a whole number");
    const list_view all = container.as_list();
    if (at < 0 || static_cast<std::uint64_t>(at) >= all.size()) {
        number_text digits;
        return with.fail(evaluation_errc::index_out_of_range, digits.write(at));
    }
    return all[static_cast<std::size_t>(at)];
}

bool means_absent(const value& failed) noexcept {
    return failed.is_error() && (failed.error_code() == evaluation_errc::no_such_key ||
                                 failed.error_code() == evaluation_errc::index_out_of_range);
}

/// As an optional: none for what is not there, other errors stay.
value optional_of(call_context& with, const value& found) {
    if (means_absent(found))
        return value::optional(nullptr);
    return found.is_error() ? found : with.some(found);
}

value index(call_context& with, const value& container, const value& key, bool asks) {
    if (container.is(value_kind::optional)) {
        const value* inner = container.as_optional();
        return inner == nullptr ? container : optional_of(with, element_of(with, *inner, key));
    }
    const value found = element_of(with, container, key);
    return asks ? optional_of(with, found) : found;
}

} // namespace

const value& first_error(const value& left, const value& right) noexcept {
    return left.is_error() && (left.is_fatal_error() || !right.is_fatal_error()) ? left : right;
}

namespace {

/// A short text on the stack; what does not fit is left out.
class short_writer {
  public:
    short_writer& add(std::string_view text) noexcept {
        const std::size_t taken = std::min(text.size(), room_.size() - size_);
        std::ranges::copy(text.substr(0, taken), room_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += taken;
        return *this;
    }
    std::string_view text() const noexcept { return {room_.data(), size_}; }

  private:
    std::array<char, 160> room_{};
    std::size_t size_ = 0;
};

/// no_such_overload with the kinds that met. Allocates in the arena only.
value no_overload_for(call_context& with, operation_kind operation, const value& left, const value& right) {
    const bool is_index = operation == operation_kind::index || operation == operation_kind::optional_index;
    short_writer said;
    said.add("there is no '").add(is_index ? "[]" : symbol_of(operation)).add("' for ");
    said.add(type_name(left.kind())).add(" and ").add(type_name(right.kind()));
    return with.fail(evaluation_errc::no_such_overload, said.text());
}

value no_overload_for(call_context& with, std::string_view called, std::span<const value> arguments) {
    short_writer said;
    said.add("there is no ").add(called).add("(");
    for (std::size_t i = 0; i < arguments.size(); ++i)
        said.add(i == 0 ? "" : ", ").add(type_name(arguments[i].kind()));
    return with.fail(evaluation_errc::no_such_overload, said.add(")").text());
}

/// Does an error say no more than no_such_overload?
bool is_bare_no_overload(const value& given) noexcept {
    return given.is_error() && given.error_code() == evaluation_errc::no_such_overload &&
           given.error_detail().empty();
}

value apply_to_values(operation_kind operation, call_context& with, const value& left, const value& right) {
    switch (operation) {
    case operation_kind::less:
    case operation_kind::less_equal:
    case operation_kind::greater:
    case operation_kind::greater_equal: return compare(operation, with, left, right);
    case operation_kind::equal:
    case operation_kind::not_equal:
        return equality(operation == operation_kind::not_equal, with, left, right);
    case operation_kind::in: return is_in(with, left, right);
    case operation_kind::index:
    case operation_kind::optional_index:
        return index(with, left, right, operation == operation_kind::optional_index);
    default: return arithmetic(operation, with, left, right);
    }
}

} // namespace

value apply(operation_kind operation, call_context& with, const value& left, const value& right) {
    if (left.is_error() || right.is_error())
        return first_error(left, right);
    const value result = apply_to_values(operation, with, left, right);
    return is_bare_no_overload(result) ? no_overload_for(with, operation, left, right) : result;
}

value call(call_context& with, std::string_view name, function implementation,
           std::span<const value> arguments) {
    const value* failed = nullptr;
    for (const value& each : arguments)
        if (each.is_error())
            failed = failed == nullptr ? &each : &first_error(*failed, each);
    if (failed != nullptr)
        return *failed;
    const value result = implementation(with, arguments);
    return is_bare_no_overload(result) ? no_overload_for(with, name, arguments) : result;
}

value negate(const value& operand) noexcept {
    if (operand.is(value_kind::int64))
        return operand.as_int64() == INT64_MIN ? value::error(evaluation_errc::overflow)
                                               : value::int64(-operand.as_int64());
    if (operand.is(value_kind::float64))
        return value::float64(-operand.as_float64());
    return operand.is_error() ? operand : no_such_overload();
}

value logical_not(const value& operand) noexcept {
    if (operand.is(value_kind::boolean))
        return value::boolean(!operand.as_boolean());
    return operand.is_error() ? operand : no_such_overload();
}

value combine_logical(bool decides, const value& left, const value& right) noexcept {
    if (left.is_fatal_error())
        return left;
    if (right.is(value_kind::boolean) && right.as_boolean() == decides)
        return right;
    if (right.is_fatal_error() || left.is(value_kind::boolean))
        return right.is(value_kind::boolean) || right.is_error() ? right : no_such_overload();
    return left.is_error() ? left : no_such_overload();
}

value select(call_context& with, const value& operand, const value& name, bool optional, bool test_only) {
    if (operand.is_error())
        return operand;
    const value* inside = &operand;
    if (operand.is(value_kind::optional)) {
        inside = operand.as_optional();
        if (inside == nullptr)
            return test_only ? value::boolean(false) : operand;
        optional = true;
    }
    if (!inside->is(value_kind::map))
        return no_such_overload();
    const value* found = find(inside->as_map(), name);
    if (test_only)
        return value::boolean(found != nullptr);
    if (found == nullptr)
        return optional ? value::optional(nullptr) : missing_key(with, name);
    return optional ? with.some(*found) : *found;
}

namespace {

/// What stands for an element: itself, the value of an optional, or nothing (absent) for one that has none.
value entry_value(const value& given, bool optional) noexcept {
    if (!optional || given.is_error())
        return given;
    if (!given.is(value_kind::optional))
        return no_such_overload();
    return given.as_optional() == nullptr ? value() : *given.as_optional();
}

} // namespace

value make_list(call_context& with, std::span<const value> elements, std::span<const bool> optional) {
    if (elements.size() > with.limits().elements)
        return value::error(evaluation_errc::list_limit);
    const auto made = with.memory().make_array<value>(elements.size());
    if (made.data() == nullptr && !elements.empty())
        return call_context::memory_exhausted();
    std::size_t count = 0;
    value failed;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const value each = entry_value(elements[i], !optional.empty() && optional[i]);
        if (each.is_error())
            failed = failed.is_error() ? first_error(failed, each) : each;
        else if (!each.is(value_kind::absent))
            made[count++] = each;
    }
    return failed.is_error() ? failed : value::list(made.first(count));
}

value make_map_value(call_context& with, std::span<const value> entries, std::span<const bool> optional) {
    if (entries.size() / 2 > with.limits().elements)
        return value::error(evaluation_errc::list_limit);
    const auto made = with.memory().make_array<map_entry>(entries.size() / 2);
    if (made.data() == nullptr && !entries.empty())
        return call_context::memory_exhausted();
    std::size_t count = 0;
    value failed;
    for (std::size_t i = 0; i < entries.size(); i += 2) {
        const value held = entry_value(entries[i + 1], !optional.empty() && optional[i / 2]);
        if (entries[i].is_error() || held.is_error()) {
            const value& wrong = first_error(entries[i], held);
            failed = failed.is_error() ? first_error(failed, wrong) : wrong;
        } else if (!held.is(value_kind::absent)) {
            made[count++] = {entries[i], held};
        }
    }
    return failed.is_error() ? failed : make_map(with.memory(), made.first(count));
}

} // namespace tributary::cel

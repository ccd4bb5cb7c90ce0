#include <tributary/cel/program.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "compiled.hpp"

namespace tributary::cel {
namespace {

std::string sha256(std::string_view text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available");
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        constexpr char digits[] = "0123456789abcdef";
        hex += digits[digest[i] >> 4];
        hex += digits[digest[i] & 15];
    }
    return hex;
}

} // namespace

compiled::compiled(std::unique_ptr<ast> parsed, const declarations& names, const compile_options& asked)
    : tree(std::move(parsed)),
      limits(names.options.evaluation), compiling{.cost = 20'000, .memory_bytes = 1 << 20, .elements = 1000},
      memory(compiling.memory_bytes), reading(memory, compiling), folded(tree->nodes.size()),
      set_of(tree->nodes.size()), turn_cost(tree->nodes.size()), is_checked(asked.check),
      amount(asked.amount), mode(asked.mode), zones(names.options.zones),
      currency_exponent(names.options.currency_exponent) {
    reading.keeper = &kept;
    reading.zones = zones;
    reading.currency_exponent = currency_exponent;
    reading.mode = mode;
}

namespace {

/// What values of a type are at run time; nothing for those of which there may be several kinds.
std::optional<value_kind> kind_of(const type& of) {
    switch (of.kind()) {
    case type_kind::boolean: return value_kind::boolean;
    case type_kind::int64: return value_kind::int64;
    case type_kind::uint64: return value_kind::uint64;
    case type_kind::float64: return value_kind::float64;
    case type_kind::string: return value_kind::string;
    case type_kind::bytes: return value_kind::bytes;
    case type_kind::list: return value_kind::list;
    case type_kind::map: return value_kind::map;
    default: return {};
    }
}

/// All that the result depends on beside the values: names in their order, so that the order of declarations
/// does not count.
std::string hashed_text(const compiled& what, const declarations& names) {
    std::vector<std::string> lines;
    for (const slot_id slot : what.slots)
        lines.push_back(names.variables[slot].name + ": " + names.variables[slot].declared.text() + "\n");
    std::ranges::sort(lines);
    std::string text = "cel 1\n" + what.text + "\n";
    for (const std::string& each : lines)
        text += each;
    return text + "container: " + names.options.container + "\nresult: " + what.types.result.text() +
           (what.amount ? "\namount" : "") + "\nrounding: " + std::string(text_of(what.mode));
}

} // namespace

void link(compiled& into, const declarations& names) {
    std::vector<const function_declaration*> called;
    for (node_id id = 0; id < into.tree->nodes.size(); ++id) {
        reference& refers = into.types.references[id];
        if (refers.what == reference::kind::slot)
            into.slots.push_back(refers.number);
        if (refers.declaration == nullptr)
            continue;
        const auto known = std::ranges::find(called, refers.declaration);
        refers.number = static_cast<std::uint32_t>(known - called.begin());
        if (known == called.end()) {
            called.push_back(refers.declaration);
            into.callables.push_back({refers.declaration->name, refers.declaration->implementation});
        }
        refers.declaration = nullptr; // It belongs to the environment.
    }
    std::ranges::sort(into.slots);
    into.slots.erase(std::unique(into.slots.begin(), into.slots.end()), into.slots.end());
    into.text = print(*into.tree, into.tree->root);
    for (const slot_id slot : into.slots)
        into.slot_missing.push_back(names.variables[slot].name + " has no value");
    into.hash = sha256(hashed_text(into, names));
    // Without the check types are guesses; an amount is an int in any case.
    if (into.amount)
        into.result_kind = value_kind::int64;
    else if (into.is_checked)
        into.result_kind = kind_of(into.types.result);
}

value compiled::slot_error(const value& held, slot_id slot) const noexcept {
    const bool said = held.is_error() && (held.error_code() != evaluation_errc::no_such_attribute ||
                                          !held.error_detail().empty());
    const auto found = std::ranges::lower_bound(slots, slot);
    if (said || found == slots.end() || *found != slot)
        return said ? held : value::error(evaluation_errc::no_such_attribute);
    return value::error(evaluation_errc::no_such_attribute,
                        slot_missing[static_cast<std::size_t>(found - slots.begin())]);
}

program::program(std::unique_ptr<const compiled> given) : code_(std::move(given)) {}
program::~program() = default;

const type& program::result_type() const noexcept {
    return code_->types.result;
}
std::string_view program::source() const noexcept {
    return code_->tree->source;
}
std::string_view program::text() const noexcept {
    return code_->text;
}
std::string_view program::hash() const noexcept {
    return code_->hash;
}
std::span<const slot_id> program::slots() const noexcept {
    return code_->slots;
}
bool program::reads(slot_id slot) const noexcept {
    return std::ranges::binary_search(code_->slots, slot);
}
std::uint64_t program::cost() const noexcept {
    return code_->cost;
}

diagnostic program::describe(const value& failed) const {
    diagnostic made;
    const auto end = static_cast<std::uint32_t>(code_->tree->source.size());
    made.begin = std::min(failed.error_place(), end);
    made.end = made.begin + 1;
    // The whole name of a variable, else the smallest part of the source that begins there.
    for (node_id id = 0; id < code_->tree->nodes.size(); ++id) {
        const ast_node& each = (*code_->tree)[id];
        if (each.begin != made.begin)
            continue;
        if (code_->types.references[id].what == reference::kind::slot) {
            made.end = each.end;
            break;
        }
        if (made.end == made.begin + 1 || each.end < made.end)
            made.end = each.end;
    }
    made.message = text_of(failed.error_code());
    if (!failed.error_detail().empty())
        made.message.append(": ").append(failed.error_detail());
    return made;
}

evaluator::evaluator(evaluation_limits limits) : limits_(limits), memory_(limits.memory_bytes) {}
evaluator::~evaluator() = default;

namespace {

/// What no check can promise when a caller fills a slot with another kind than was declared.
value checked_result(const compiled& what, value result) {
    if (result.is_error() || !what.result_kind || result.is(*what.result_kind)) [[likely]]
        return result;
    result = what.amount && result.is(value_kind::float64)
                 ? value::error(evaluation_errc::double_in_amount)
                 : value::error(evaluation_errc::no_such_overload,
                                "a variable holds another type than it was declared with");
    result.set_error_place(0);
    return result;
}

/// Slots that there are not cannot be read.
bool lacks_slots(const compiled& what, const activation& slots) {
    return !what.slots.empty() && what.slots.back() >= slots.size();
}
value too_few_slots() {
    value failed =
        value::error(evaluation_errc::no_such_attribute, "the activation was made for fewer variables");
    failed.set_error_place(0);
    return failed;
}

} // namespace

value evaluator::evaluate(const program& what, activation& slots) {
    const compiled& code = what.code();
    memory_.reset();
    if (lacks_slots(code, slots)) [[unlikely]]
        return too_few_slots();
    if (registers_.size() < code.registers) [[unlikely]]
        registers_.resize(code.registers);
    if (states_.size() < code.loop_states) [[unlikely]]
        states_.resize(code.loop_states);
    call_context with = code.context(memory_, limits_, slots);
    const value result =
        with.charge(code.cost) ? run(code, slots, registers_, states_, with) : call_context::cost_exhausted();
    cost_used_ = limits_.cost - with.cost_left();
    return checked_result(code, result);
}

value evaluator::trace(const program& what, activation& slots, std::vector<trace_step>& steps) {
    const compiled& code = what.code();
    memory_.reset();
    steps.clear();
    if (lacks_slots(code, slots))
        return too_few_slots();
    call_context with = code.context(memory_, limits_, slots);
    const value result =
        with.charge(code.cost) ? walk(code, slots, with, &steps, false) : call_context::cost_exhausted();
    cost_used_ = limits_.cost - with.cost_left();
    return checked_result(code, result);
}

} // namespace tributary::cel

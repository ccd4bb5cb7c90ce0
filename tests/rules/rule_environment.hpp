#pragma once

#include <tributary/cel/environment.hpp>
#include <tributary/cel/zone.hpp>

#include <string_view>

#include "currencies.hpp"

namespace tributary::cel::test {

struct named_type {
    const char* name;
    const char* of;
};
/// A variable of each type. Their places are their slots.
inline constexpr named_type rule_variables[] = {
    {"sale.amount", "int"},
    {"sale.quantity", "uint"},
    {"share", "double"},
    {"customer.country", "string"},
    {"is_new", "bool"},
    {"raw", "bytes"},
    {"at", "timestamp"},
    {"span", "duration"},
    {"fee", "rate"},
    {"tags", "list(string)"},
    {"weights", "list(int)"},
    {"totals", "map(string, int)"},
    {"maybe", "optional_type(int)"},
    {"any", "dyn"},
    {"sale.metadata", "map(string, dyn)"},
    {"numbered", "map(int, string)"},
};

/// An environment of these variables, with some currencies.
inline environment rule_environment(environment_options options = {}) {
    options.currency_exponent = &exponent_of;
    environment made(std::move(options));
    for (const named_type& each : rule_variables)
        made.declare(each.name, *parse_type(each.of));
    return made;
}

/// The slot of a variable of the environment.
inline slot_id slot_of(const environment& in, std::string_view name) {
    for (slot_id slot = 0; slot < in.variables().size(); ++slot)
        if (in.variables()[slot].name == name)
            return slot;
    throw std::out_of_range("no such variable: " + std::string(name));
}

} // namespace tributary::cel::test

#pragma once

#include <array>
#include <string>

/// What is measured: texts for the engines. native.hpp says the same in C++.
namespace tributary::bench::rules {

/// One rule for the engines that read text. The Lua of it is an expression over the table `e`; `lua_before`
/// is what stands in front of its function, such as the sets that it asks.
struct rule_text {
    const char* cel;
    const char* lua;
    const char* lua_before = "";

    /// A chunk that gives the function.
    std::string lua_chunk() const {
        return std::string(lua_before) + " return function(e) return " + lua + " end";
    }
};

/// The first is the condition.
inline constexpr std::array<rule_text, 20> rule_set = {{
    {"sale.amount >= 10000 && customer.country in ['US','CA','GB'] && sale.productId == \"prod_premium\"",
     "e.sale.amount >= 10000 and countries[e.customer.country] ~= nil and e.sale.productId == 'prod_premium'",
     "local countries = {US = true, CA = true, GB = true}"},
    {"sale.amount >= 5000 && customer.country == 'DE'",
     "e.sale.amount >= 5000 and e.customer.country == 'DE'"},
    {"sale.type == 'recurring' && customer.subscriptionDurationMonths < 12",
     "e.sale.type == 'recurring' and e.customer.subscriptionDurationMonths < 12"},
    {"sale.type == 'new' && sale.amount > 20000", "e.sale.type == 'new' and e.sale.amount > 20000"},
    {"partner.totalSaleAmount >= 1000000", "e.partner.totalSaleAmount >= 1000000"},
    {"partner.totalSaleAmount >= 1000000 && sale.quantity >= 2 || sale.amount >= 50000",
     "e.partner.totalSaleAmount >= 1000000 and e.sale.quantity >= 2 or e.sale.amount >= 50000"},
    {"customer.source == 'trial' && sale.type == 'new'",
     "e.customer.source == 'trial' and e.sale.type == 'new'"},
    {"sale.productId in ['prod_premium', 'prod_regular']", "products[e.sale.productId] ~= nil",
     "local products = {prod_premium = true, prod_regular = true}"},
    {"!(customer.country in ['US', 'CA']) && sale.amount >= 2500",
     "not countries[e.customer.country] and e.sale.amount >= 2500",
     "local countries = {US = true, CA = true}"},
    {"sale.quantity >= 5", "e.sale.quantity >= 5"},
    {"sale.productId.startsWith('prod_p')", "string.sub(e.sale.productId, 1, 6) == 'prod_p'"},
    {"customer.subscriptionDurationMonths >= 24 && sale.productId != 'prod_starter'",
     "e.customer.subscriptionDurationMonths >= 24 and e.sale.productId ~= 'prod_starter'"},
    {"sale.amount * sale.quantity >= 30000", "e.sale.amount * e.sale.quantity >= 30000"},
    {"sale.amount - 1000 > partner.totalSaleAmount / 100",
     "e.sale.amount - 1000 > math.floor(e.partner.totalSaleAmount / 100)"},
    {"(customer.country == 'GB' || customer.country == 'FR') && sale.type == 'recurring'",
     "(e.customer.country == 'GB' or e.customer.country == 'FR') and e.sale.type == 'recurring'"},
    {"customer.source in ['tracked', 'submitted'] && sale.quantity > 1",
     "sources[e.customer.source] ~= nil and e.sale.quantity > 1",
     "local sources = {tracked = true, submitted = true}"},
    // Not `a and b or c`: that would ask c when b is false.
    {"sale.amount < 1000 ? sale.type == 'new' : sale.quantity > 3",
     "(e.sale.amount < 1000 and e.sale.type == 'new') or (e.sale.amount >= 1000 and e.sale.quantity > 3)"},
    {"size(customer.source) > 5 && sale.amount >= 1000", "#e.customer.source > 5 and e.sale.amount >= 1000"},
    {"sale.productId.endsWith('starter') || sale.productId.contains('reg')",
     "string.sub(e.sale.productId, -7) == 'starter' or string.find(e.sale.productId, 'reg', 1, true) ~= nil"},
    {"sale.amount % 100 == 0 && customer.subscriptionDurationMonths != 0",
     "e.sale.amount % 100 == 0 and e.customer.subscriptionDurationMonths ~= 0"},
}};
inline constexpr const rule_text& condition = rule_set[0];

/// @source google/cel-cpp, eval/tests/benchmark_test.cc, BM_PolicySymbolic: the same question, so that
/// figures can be compared.
inline constexpr rule_text policy = {
    "!(ip in ['10.0.1.4', '10.0.1.5', '10.0.1.6']) && ("
    "(path.startsWith('v1') && token in ['v1', 'v2', 'admin']) || "
    "(path.startsWith('v2') && token in ['v2', 'admin']) || "
    "(path.startsWith('/admin') && token == 'admin' && ip in ['10.0.1.1', '10.0.1.2', '10.0.1.3']))",
    "not denied[e.ip] and ("
    "(sub(e.path, 1, 2) == 'v1' and first[e.token] ~= nil) or "
    "(sub(e.path, 1, 2) == 'v2' and second[e.token] ~= nil) or "
    "(sub(e.path, 1, 6) == '/admin' and e.token == 'admin' and allowed[e.ip] ~= nil))",
    "local sub = string.sub "
    "local denied = {['10.0.1.4'] = true, ['10.0.1.5'] = true, ['10.0.1.6'] = true} "
    "local allowed = {['10.0.1.1'] = true, ['10.0.1.2'] = true, ['10.0.1.3'] = true} "
    "local first = {v1 = true, v2 = true, admin = true} local second = {v2 = true, admin = true}"};

/// An amount. In Lua it is a double, exact for amounts such as these; half up, as ours.
inline constexpr rule_text amount = {"pct(sale.amount, \"12.5\")",
                                     "math.floor((e.sale.amount * 125 + 500) / 1000)"};

/// Names of the rows, which every program uses.
namespace row {
inline constexpr const char* one = "condition, one event";
inline constexpr const char* winning = "condition, all true";
inline constexpr const char* mixed = "condition, mixed";
inline constexpr const char* filled = "condition, mixed, filled for each event";
inline constexpr const char* set = "20 rules, mixed";
inline constexpr const char* set_filled = "20 rules, mixed, filled for each event";
inline constexpr const char* amount = "amount";
inline constexpr const char* policy = "policy, mixed";
inline constexpr const char* compile = "compile the condition";
inline constexpr const char* allocations = "heap allocations: ";
} // namespace row

} // namespace tributary::bench::rules

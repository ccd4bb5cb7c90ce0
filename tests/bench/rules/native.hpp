#pragma once

#include <string_view>

#include "events.hpp"

/// The rules of cases.hpp as somebody would write them in C++ for one program: the least that they can cost.
/// Inline, so that nothing stands between them and the loop that measures them.
namespace tributary::bench::rules::native {

inline bool condition(const sale& of) {
    if (of.amount < 10'000)
        return false;
    if (of.country != "US" && of.country != "CA" && of.country != "GB")
        return false;
    return of.product_id == "prod_premium";
}

/// Bit n is the answer of rule n.
inline std::uint32_t rule_set(const sale& of) {
    const std::string_view product = of.product_id, country = of.country, source = of.source;
    const bool is_new = of.type == "new", recurring = of.type == "recurring";
    std::uint32_t met = 0;
    std::uint32_t bit = 1;
    const auto rule = [&](bool answer) {
        met |= answer ? bit : 0;
        bit <<= 1;
    };
    rule(condition(of));
    rule(of.amount >= 5000 && country == "DE");
    rule(recurring && of.months < 12);
    rule(is_new && of.amount > 20'000);
    rule(of.partner_total >= 1'000'000);
    rule((of.partner_total >= 1'000'000 && of.quantity >= 2) || of.amount >= 50'000);
    rule(source == "trial" && is_new);
    rule(product == "prod_premium" || product == "prod_regular");
    rule(country != "US" && country != "CA" && of.amount >= 2500);
    rule(of.quantity >= 5);
    rule(product.starts_with("prod_p"));
    rule(of.months >= 24 && product != "prod_starter");
    rule(of.amount * of.quantity >= 30'000);
    rule(of.amount - 1000 > of.partner_total / 100);
    rule((country == "GB" || country == "FR") && recurring);
    rule((source == "tracked" || source == "submitted") && of.quantity > 1);
    rule(of.amount < 1000 ? is_new : of.quantity > 3);
    rule(source.size() > 5 && of.amount >= 1000);
    rule(product.ends_with("starter") || product.find("reg") != std::string_view::npos);
    rule(of.amount % 100 == 0 && of.months != 0);
    return met;
}

inline bool policy(const request& of) {
    if (of.ip == "10.0.1.4" || of.ip == "10.0.1.5" || of.ip == "10.0.1.6")
        return false;
    const std::string_view path = of.path, token = of.token;
    if (path.starts_with("v1"))
        return token == "v1" || token == "v2" || token == "admin";
    if (path.starts_with("v2"))
        return token == "v2" || token == "admin";
    return path.starts_with("/admin") && token == "admin" &&
           (of.ip == "10.0.1.1" || of.ip == "10.0.1.2" || of.ip == "10.0.1.3");
}

} // namespace tributary::bench::rules::native

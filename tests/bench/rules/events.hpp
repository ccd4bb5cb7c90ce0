#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tributary::bench::rules {

/// What the rules look at, as a program of its own would keep it.
struct sale {
    std::int64_t amount = 0; ///< In minor units.
    std::int64_t quantity = 0;
    std::string product_id;
    std::string type;
    std::string country;
    std::string source;
    std::int64_t months = 0;        ///< Since the customer subscribed.
    std::int64_t partner_total = 0; ///< Of the partner's sales so far, in minor units.
};

/// What the policy looks at.
struct request {
    std::string ip;
    std::string path;
    std::string token;
};

/// So many that a branch predictor does not learn them by heart.
inline constexpr std::size_t event_count = 1024;

/// The same in every run. Of the mixed ones about half meet the condition; the winning ones all do, with
/// different amounts and countries.
std::vector<sale> mixed_sales();
std::vector<sale> winning_sales();
/// About a third are let in.
std::vector<request> mixed_requests();

} // namespace tributary::bench::rules

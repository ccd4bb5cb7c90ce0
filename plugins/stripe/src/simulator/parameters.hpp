#pragma once

#include <tributary/sdk/simulator.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "simulator/expression.hpp"

namespace tributary::stripe::simulated {

/// What the caller of a story chose, over what the story says, over these defaults; see README.md, "Stories".
struct parameters {
    std::string click;
    std::string user;
    std::string email;
    std::string customer;
    std::string product;
    std::string currency = "usd";
    std::int64_t amount = 2900; ///< Minor units, one piece, without tax.
    std::int64_t quantity = 1;
    std::int64_t tax_percent = 0;
    std::int64_t renewals = 1;
    std::int64_t interval_s = 30 * 86'400;
    std::optional<std::int64_t> refund; ///< Minor units, tax included.

    /// Tax on a net amount, rounded half away from zero as Stripe does.
    std::int64_t tax_on(std::int64_t net) const noexcept;
    /// The names that expressions may use.
    name_values names() const;
};

/// Reads one parameter. @errors TRB_INVALID "unknown_parameter" or "bad_parameter", naming it.
sdk::outcome read_parameter(std::string_view name, std::string_view text, parameters& into);
/// Reads the parameters of a request over what is there.
sdk::outcome read_parameters(const trb_story_request& request, parameters& into);

} // namespace tributary::stripe::simulated

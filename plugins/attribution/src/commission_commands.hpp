#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "listing.hpp"
#include "routes.hpp"
#include "settlement.hpp"

namespace tributary::attribution {

/// Emits a command about a row of commission_column::list. It names the ids that the row knows of its payment
/// or lead, so that it lands in the same history; a payment also carries everything that must never change
/// any more.
sdk::outcome command_commission(route_context& context, const stored_row& commission, std::string_view action,
                                std::vector<std::pair<std::string_view, std::string>> arguments);

} // namespace tributary::attribution

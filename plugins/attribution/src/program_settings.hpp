#pragma once

#include <cstdint>
#include <string>

#include "catalogue.hpp"
#include "routes.hpp"

namespace tributary::attribution {

/// The workspace's one programme, with the defaults of a workspace that set nothing.
struct program_settings {
    std::string name = "Default programme";
    std::string currency{default_currency};
    std::int64_t holding_days = 0; ///< How long a commission waits before it may go into a payout.
    bool earlier_sales = true;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
};

sdk::outcome find_program(route_context& context, program_settings& program);

} // namespace tributary::attribution

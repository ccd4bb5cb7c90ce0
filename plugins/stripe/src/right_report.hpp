#pragma once

#include <tributary/sdk/actions.hpp>

#include <string>
#include <vector>

#include "permissions.hpp"

namespace tributary::stripe {

/// One right, put together from the resources that need it.
struct right_report {
    std::string name;
    std::vector<const resource*> readable;
    std::vector<const resource*> missing;
    std::vector<const resource*> forbidden;
    std::vector<const resource*> unknown;
    std::string missing_message; ///< Stripe's words, of the first
    std::string forbidden_message;
    std::string unknown_message;
    std::string advice; ///< when to ask again
};

/// A finding for each of the four that is not empty.
void tell_right(const right_report& right, sdk::action_sink into);

} // namespace tributary::stripe

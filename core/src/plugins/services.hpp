#pragma once

#include <tributary/abi/plugin.h>

#include <string_view>

namespace tributary {
class clock;
class entropy;
class logger;
class metrics;
} // namespace tributary

namespace tributary::plugins {

/// What stands behind the trb_host of one plugin.
struct service_context {
    logger* log;
    const clock* time;
    entropy* random;
    metrics* counters;
    std::string_view plugin; ///< short name
};

/// The table of a host service by id, or nullptr. trb_host.ctx must be a service_context.
const void* find_service(std::string_view id) noexcept;

} // namespace tributary::plugins

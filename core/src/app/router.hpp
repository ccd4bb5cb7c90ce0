#pragma once

#include <tributary/plugins/plugin_set.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::app {

/// A route that fits a request.
struct matched_route {
    plugins::plugin_ptr plugin; ///< its generation lives as long as the call
    std::uint64_t index = 0;
    const trb_route* route = nullptr;
    std::vector<std::pair<std::string, std::string>> parameters; ///< decoded
};

/// What the routing table says to a path and a method.
struct route_answer {
    std::optional<matched_route> match;
    std::vector<std::string> other_methods; ///< the path is known, but with these methods only
    plugins::plugin_ptr nearest;            ///< whose error shape fits; nullptr: the host's
};

/// Finds plugins' routes by method and path. Immutable after construction, and holds the generations whose
/// routes it knows; thread-safe.
class router {
  public:
    explicit router(const plugins::plugin_set& plugins);

    /// @param path  decoded, starts with '/'.
    route_answer find(std::int32_t access, std::string_view method, std::string_view path) const;

  private:
    struct entry {
        plugins::plugin_ptr plugin;
        std::uint64_t index;
        const trb_route* route;
        std::string method;
        std::vector<std::string> segments;
    };

    std::vector<entry> entries_; ///< those with fewer parameters first: a word beats a name
};

} // namespace tributary::app

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
    const plugins::plugin* plugin = nullptr;
    std::uint64_t index = 0;
    const trb_route* route = nullptr;
    std::vector<std::pair<std::string, std::string>> parameters; ///< decoded
};

/// What the routing table says to a path and a method.
struct route_answer {
    std::optional<matched_route> match;
    std::vector<std::string> other_methods;   ///< the path is known, but with these methods only
    const plugins::plugin* nearest = nullptr; ///< whose error shape fits; nullptr: the host's
};

/// Finds plugins' routes by method and path. Immutable after construction; thread-safe.
class router {
  public:
    explicit router(const plugins::plugin_set& plugins);

    /// @param path  decoded, starts with '/'.
    route_answer find(std::int32_t access, std::string_view method, std::string_view path) const;

  private:
    struct entry {
        const plugins::plugin* plugin;
        std::uint64_t index;
        const trb_route* route;
        std::string method;
        std::vector<std::string> segments;
    };

    std::vector<entry> entries_; ///< those with fewer parameters first: a word beats a name
};

} // namespace tributary::app

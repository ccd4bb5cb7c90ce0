#include "app/router.hpp"

#include <algorithm>

namespace tributary::app {
namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    std::size_t at = path.starts_with('/') ? 1 : 0;
    while (at <= path.size()) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        segments.emplace_back(path.substr(at, end - at));
        at = end + 1;
    }
    return segments;
}

bool is_name(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}
bool is_rest(std::string_view segment) {
    return is_name(segment) && segment.ends_with("*}");
}

/// The parameters of a path that fits a pattern; nothing when it does not.
std::optional<std::vector<std::pair<std::string, std::string>>>
match(const std::vector<std::string>& pattern, const std::vector<std::string>& path, std::string_view whole) {
    std::vector<std::pair<std::string, std::string>> parameters;
    std::size_t consumed = 1; // of `whole`, behind the first '/'
    for (std::size_t index = 0; index < pattern.size(); ++index) {
        const std::string& part = pattern[index];
        if (is_rest(part)) {
            parameters.emplace_back(part.substr(1, part.size() - 3),
                                    consumed <= whole.size() ? whole.substr(consumed) : std::string_view());
            return parameters;
        }
        if (index >= path.size())
            return std::nullopt;
        if (is_name(part)) {
            if (path[index].empty())
                return std::nullopt;
            parameters.emplace_back(part.substr(1, part.size() - 2), path[index]);
        } else if (part != path[index]) {
            return std::nullopt;
        }
        consumed += path[index].size() + 1;
    }
    if (path.size() != pattern.size())
        return std::nullopt;
    return parameters;
}

} // namespace

router::router(const plugins::plugin_set& plugins) {
    for (const auto& plugin : plugins.all()) {
        if (plugin->routes == nullptr)
            continue;
        const auto routes = plugins::routes_of(*plugin->routes);
        for (std::uint64_t index = 0; index < routes.size(); ++index)
            entries_.push_back({plugin, index, &routes[index],
                                std::string(plugins::view(routes[index].method)),
                                split(plugins::view(routes[index].pattern))});
    }
    std::stable_sort(entries_.begin(), entries_.end(), [](const entry& left, const entry& right) {
        const auto names = [](const entry& of) {
            return std::count_if(of.segments.begin(), of.segments.end(), is_name);
        };
        return names(left) < names(right);
    });
}

route_answer router::find(std::int32_t access, std::string_view method, std::string_view path) const {
    route_answer answer;
    // API clients come with and without the prefix /api.
    if (access == TRB_ACCESS_KEY && path.starts_with("/api/"))
        path.remove_prefix(4);
    const std::vector<std::string> segments = split(path);
    for (const entry& one : entries_) {
        if (one.route->access != access)
            continue;
        auto parameters = match(one.segments, segments, path);
        if (!parameters)
            continue;
        answer.nearest = one.plugin;
        const bool fits =
            one.method == "*" || one.method == method || (method == "HEAD" && one.method == "GET");
        if (fits) {
            answer.match = {one.plugin, one.index, one.route, std::move(*parameters)};
            answer.other_methods.clear();
            return answer;
        }
        answer.other_methods.push_back(one.method);
    }
    if (answer.nearest == nullptr && !entries_.empty())
        answer.nearest = entries_.front().plugin;
    return answer;
}

} // namespace tributary::app

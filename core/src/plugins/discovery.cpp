#include <tributary/plugins/discovery.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace tributary::plugins {
namespace {

namespace fs = std::filesystem;

void take_manifest(const fs::path& path, discovered& into) {
    auto says = read_manifest(path);
    if (!says) {
        into.not_taken.push_back({path, says.error()});
        return;
    }
    const fs::path module = path.parent_path() / says->file;
    if (manifest_path(module) != path) {
        into.not_taken.push_back(
            {path, failure(plugin_errc::bad_manifest,
                           "'file' is " + says->file + ", expected the module of the same name")});
        return;
    }
    std::error_code unknown;
    if (!fs::is_regular_file(module, unknown)) {
        into.not_taken.push_back({path, failure(plugin_errc::not_found, module.string())});
        return;
    }
    const auto same = std::find_if(into.plugins.begin(), into.plugins.end(), [&](const found_plugin& other) {
        return other.says.short_name == says->short_name;
    });
    if (same != into.plugins.end())
        into.not_taken.push_back({path, failure(plugin_errc::duplicate,
                                                "'" + says->short_name + "' is " + same->module.string())});
    else
        into.plugins.push_back({std::move(*says), module});
}

result<void> take_folder(const std::string& folder, discovered& into) {
    std::error_code failed;
    std::set<fs::path> manifests;
    std::set<fs::path> modules;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
        const fs::path& path = entry.path();
        if (path.filename().string().ends_with(manifest_suffix))
            manifests.insert(path);
        else if (path.extension() == ".so")
            modules.insert(path);
    }
    if (failed)
        return failure(plugin_errc::not_found, folder + ": " + failed.message());
    for (const fs::path& path : manifests)
        take_manifest(path, into);
    for (const fs::path& module : modules)
        if (!manifests.contains(manifest_path(module)))
            into.not_taken.push_back(
                {module, failure(plugin_errc::no_manifest, manifest_path(module).string())});
    return {};
}

/// Depth first: what an instance requires comes before it.
class ordering {
  public:
    explicit ordering(std::vector<load_request>& requests) : requests_(requests) {
        for (std::size_t index = 0; index < requests.size(); ++index)
            by_id_[requests[index].plugin.says.id].push_back(index);
    }

    result<void> place(std::size_t index) {
        if (placed_.contains(index))
            return {};
        const load_request& request = requests_[index];
        if (!under_way_.insert(index).second)
            return failure(plugin_errc::circular, "'" + request.name + "' requires itself, through others");
        for (const std::string& requirement : request.plugin.says.requirements) {
            if (requirement.starts_with("tributary.host."))
                continue; // A service: check_file() has looked.
            const auto found = by_id_.find(requirement);
            if (found == by_id_.end())
                return failure(plugin_errc::missing_plugin,
                               "'" + request.name + "' requires '" + requirement + "', which is not loaded");
            for (const std::size_t needed : found->second)
                TRIBUTARY_TRY(place(needed));
        }
        placed_.insert(index);
        order_.push_back(index);
        return {};
    }

    std::vector<load_request> take() {
        std::vector<load_request> sorted;
        for (const std::size_t index : order_)
            sorted.push_back(std::move(requests_[index]));
        return sorted;
    }

  private:
    std::vector<load_request>& requests_;
    std::map<std::string, std::vector<std::size_t>> by_id_;
    std::set<std::size_t> placed_;
    std::set<std::size_t> under_way_;
    std::vector<std::size_t> order_;
};

} // namespace

result<discovered> discover(std::span<const std::string> directories) {
    discovered found;
    for (const std::string& folder : directories)
        TRIBUTARY_TRY(take_folder(folder, found));
    std::sort(found.plugins.begin(), found.plugins.end(),
              [](const found_plugin& left, const found_plugin& right) {
                  return left.says.short_name < right.says.short_name;
              });
    return found;
}

result<load_request> request_for(const std::filesystem::path& module) {
    TRIBUTARY_TRY_ASSIGN(says, read_manifest(manifest_path(module)));
    load_request made;
    made.name = says.short_name;
    made.plugin = {std::move(says), module};
    return made;
}

result<std::vector<load_request>> start_order(std::vector<load_request> requests) {
    std::sort(requests.begin(), requests.end(),
              [](const load_request& left, const load_request& right) { return left.name < right.name; });
    ordering order(requests);
    for (std::size_t index = 0; index < requests.size(); ++index)
        TRIBUTARY_TRY(order.place(index));
    return order.take();
}

} // namespace tributary::plugins

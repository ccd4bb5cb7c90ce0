#include "isolation/child_module.hpp"

#include <tributary/abi/http_routes.h>
#include <tributary/isolation/remote_plugin.hpp>
#include <tributary/plugins/error_report.hpp>

#include <dlfcn.h>

#include "isolation/child_services.hpp"
#include "plugins/descriptor.hpp"

namespace tributary::isolation {
namespace {

using plugins::view;

result<const trb_plugin*> find_descriptor(const std::string& file) {
    void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return failure(isolation_errc::not_loadable, ::dlerror());
    auto* entry = reinterpret_cast<trb_plugin_entry_fn>(::dlsym(library, TRB_PLUGIN_ENTRY_NAME));
    if (entry == nullptr)
        return failure(isolation_errc::not_loadable, file + " does not export " TRB_PLUGIN_ENTRY_NAME);
    const trb_plugin* plugin = entry();
    const auto sound = plugins::check_descriptor(plugin);
    if (sound)
        return plugin;
    if (sound.error().code == plugins::plugin_errc::wrong_abi)
        return failure(isolation_errc::wrong_abi, sound.error().detail);
    return failure(isolation_errc::not_loadable, file + ": " + sound.error().text());
}

result<void> check_isolable(const trb_plugin& plugin) {
    if (plugin.get_extension(TRB_STR(TRB_EXT_HTTP_ROUTES)) != nullptr)
        return failure(isolation_errc::not_isolable, std::string(view(plugin.short_name)) + " has " +
                                                         TRB_EXT_HTTP_ROUTES +
                                                         ": routes run in the process only");
    for (std::uint64_t index = 0; index < plugin.requirement_count; ++index) {
        const std::string_view id = view(plugin.requirements[index]);
        if (id.starts_with("tributary.host.") && !child_host::offers(id))
            return failure(isolation_errc::not_isolable, std::string(view(plugin.short_name)) + " requires " +
                                                             std::string(id) +
                                                             ", which there is in the process only");
    }
    return {};
}

template <class Table, class Complete>
result<const Table*> find_table(const trb_plugin& plugin, std::string_view id, Complete complete) {
    const auto* table = static_cast<const Table*>(plugin.get_extension({id.data(), id.size()}));
    if (table != nullptr && (table->struct_size < sizeof(Table) || !complete(*table)))
        return failure(isolation_errc::not_loadable,
                       std::string(id).append(": table too short or a function is null"));
    return table;
}

} // namespace

result<child_module> load_module(const std::string& file) {
    TRIBUTARY_TRY_ASSIGN(plugin, find_descriptor(file));
    TRIBUTARY_TRY(check_isolable(*plugin));
    const trb_plugin& of = *plugin;
    TRIBUTARY_TRY_ASSIGN(provider, (find_table<trb_provider_v1>(of, TRB_EXT_PROVIDER, [](const auto& table) {
                             return table.verify != nullptr && table.normalise != nullptr;
                         })));
    TRIBUTARY_TRY_ASSIGN(actions, (find_table<trb_actions_v1>(of, TRB_EXT_ACTIONS, [](const auto& table) {
                             return table.run != nullptr;
                         })));
    TRIBUTARY_TRY_ASSIGN(backfill, (find_table<trb_backfill_v1>(of, TRB_EXT_BACKFILL, [](const auto& table) {
                             return table.next != nullptr;
                         })));
    TRIBUTARY_TRY_ASSIGN(projection,
                         (find_table<trb_projection_v1>(of, TRB_EXT_PROJECTION, [](const auto& table) {
                             return table.fold != nullptr && table.name.size != 0;
                         })));
    TRIBUTARY_TRY_ASSIGN(
        simulator, (find_table<trb_simulator_v1>(of, TRB_EXT_SIMULATOR,
                                                 [](const auto& table) { return table.tell != nullptr; })));
    TRIBUTARY_TRY_ASSIGN(
        rule, (find_table<trb_reward_rule_v1>(of, TRB_EXT_REWARD_RULE,
                                              [](const auto& table) { return table.evaluate != nullptr; })));
    TRIBUTARY_TRY_ASSIGN(sink, (find_table<trb_sink_v1>(of, TRB_EXT_SINK, [](const auto& table) {
                             return table.deliver != nullptr;
                         })));
    return child_module{plugin, provider, actions, backfill, projection, simulator, rule, sink};
}

description child_module::describe() const noexcept {
    description said;
    said.plugin = *plugin;
    const auto note = [&](const void* table, extension_bit bit) {
        if (table != nullptr)
            said.extensions |= bit;
    };
    note(provider, has_provider);
    note(actions, has_actions);
    note(backfill, has_backfill);
    note(projection, has_projection);
    note(simulator, has_simulator);
    note(reward_rule, has_reward_rule);
    note(sink, has_sink);
    if (provider != nullptr) {
        said.provider = *provider;
        if (provider->reread != nullptr)
            said.extensions |= has_reread;
    }
    if (projection != nullptr)
        said.projection = *projection;
    if (simulator != nullptr)
        said.simulator = *simulator;
    if (reward_rule != nullptr)
        said.reward_rule = *reward_rule;
    if (sink != nullptr)
        said.sink = *sink;
    return said;
}

} // namespace tributary::isolation

#pragma once

#include <tributary/sdk/actions.hpp>
#include <tributary/sdk/backfill.hpp>
#include <tributary/sdk/base.hpp>
#include <tributary/sdk/http_routes.hpp>
#include <tributary/sdk/projection.hpp>
#include <tributary/sdk/provider.hpp>
#include <tributary/sdk/reward_rule.hpp>
#include <tributary/sdk/simulator.hpp>
#include <tributary/sdk/sink.hpp>

#include <array>
#include <concepts>
#include <memory>

namespace tributary::sdk {

/// Base of every plugin class. A derived class has
///   static constexpr std::string_view short_name, version, vendor;
///   static outcome create(host, std::string_view config_json, std::unique_ptr<Derived>& made);
/// and may have: static std::span<const trb_migration> migrations(); services it requires:
/// static std::span<const trb_str> requirements().
/// It also derives from provider, actions, backfill, simulator, projection, http_routes, reward_rule,
/// message_sink: as many as it implements.
class plugin {
  public:
    virtual ~plugin() = default;
    virtual outcome start() { return {}; }
    virtual void stop() noexcept {}
};

inline trb_migration migration(std::uint32_t number, std::string_view sql) noexcept {
    return {sizeof(trb_migration), number, view(sql)};
}

/// Makes the C tables of a plugin class.
template <class Plugin> struct exporter {
    static trb_status create(const trb_host* table, trb_str config, const trb_error_sink* error,
                             void** self) noexcept {
        return guarded(error, [&]() -> outcome {
            std::unique_ptr<Plugin> made;
            outcome done = Plugin::create(host(table), view(config), made);
            if (done)
                *self = made.release();
            return done;
        });
    }
    static trb_status start(void* self, const trb_error_sink* error) noexcept {
        return guarded(error, [&] { return static_cast<Plugin*>(self)->start(); });
    }
    static void stop(void* self) noexcept { static_cast<Plugin*>(self)->stop(); }
    static void destroy(void* self) noexcept { delete static_cast<Plugin*>(self); }

    static const void* get_extension(trb_str id) noexcept {
        const std::string_view name = view(id);
        if constexpr (std::derived_from<Plugin, provider>)
            if (name == TRB_EXT_PROVIDER)
                return &provider_table<Plugin>::table;
        if constexpr (std::derived_from<Plugin, projection>)
            if (name == TRB_EXT_PROJECTION)
                return projection_table<Plugin>::get();
        if constexpr (std::derived_from<Plugin, http_routes>)
            if (name == TRB_EXT_HTTP_ROUTES)
                return http_routes_table<Plugin>::get();
        if constexpr (std::derived_from<Plugin, simulator>)
            if (name == TRB_EXT_SIMULATOR)
                return simulator_table<Plugin>::get();
        if constexpr (std::derived_from<Plugin, actions>)
            if (name == TRB_EXT_ACTIONS)
                return &actions_table<Plugin>::table;
        if constexpr (std::derived_from<Plugin, backfill>)
            if (name == TRB_EXT_BACKFILL)
                return &backfill_table<Plugin>::table;
        if constexpr (std::derived_from<Plugin, reward_rule>)
            if (name == TRB_EXT_REWARD_RULE)
                return reward_rule_table<Plugin>::get();
        if constexpr (std::derived_from<Plugin, message_sink>)
            if (name == TRB_EXT_SINK)
                return message_sink_table<Plugin>::get();
        return nullptr;
    }

    static std::span<const trb_str> extensions() noexcept {
        static const auto list = [] {
            constexpr std::array<std::string_view, 8> known{
                TRB_EXT_PROVIDER, TRB_EXT_PROJECTION, TRB_EXT_HTTP_ROUTES, TRB_EXT_SIMULATOR,
                TRB_EXT_ACTIONS,  TRB_EXT_BACKFILL,   TRB_EXT_REWARD_RULE, TRB_EXT_SINK};
            std::array<trb_str, known.size()> ids{};
            std::size_t count = 0;
            for (std::string_view id : known)
                if (get_extension(view(id)) != nullptr)
                    ids[count++] = view(id);
            return std::pair(ids, count);
        }();
        return {list.first.data(), list.second};
    }

    static const trb_plugin* entry(std::string_view id) noexcept {
        static const trb_plugin descriptor = [&] {
            trb_plugin made{};
            made.struct_size = sizeof made;
            made.magic = TRB_ABI_MAGIC;
            made.abi_major = TRB_ABI_MAJOR;
            made.abi_minor = TRB_ABI_MINOR;
            made.id = view(id);
            made.short_name = view(Plugin::short_name);
            made.version = view(Plugin::version);
            made.vendor = view(Plugin::vendor);
            made.extensions = extensions().data();
            made.extension_count = extensions().size();
            if constexpr (requires { Plugin::requirements(); }) {
                made.requirements = Plugin::requirements().data();
                made.requirement_count = Plugin::requirements().size();
            }
            if constexpr (requires { Plugin::migrations(); }) {
                made.migrations = Plugin::migrations().data();
                made.migration_count = Plugin::migrations().size();
            }
            made.migration_stride = sizeof(trb_migration);
            made.create = &create;
            made.start = &start;
            made.stop = &stop;
            made.destroy = &destroy;
            made.get_extension = &get_extension;
            return made;
        }();
        return &descriptor;
    }
};

} // namespace tributary::sdk

/// Exports a plugin class. TRIBUTARY_PLUGIN_ID comes from tributary_add_plugin().
#define TRIBUTARY_PLUGIN(type)                                                                               \
    extern "C" __attribute__((visibility("default"))) const trb_plugin* tributary_plugin_entry(              \
        void) noexcept {                                                                                     \
        return ::tributary::sdk::exporter<type>::entry(TRIBUTARY_PLUGIN_ID);                                 \
    }

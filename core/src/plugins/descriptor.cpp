#include "plugins/descriptor.hpp"

#include <tributary/plugins/error_report.hpp>

#include <algorithm>
#include <set>

#include "plugins/services.hpp"

/// How long a struct was when `last` was its last member.
#define TRB_SIZE_UP_TO(type, last) (offsetof(type, last) + sizeof(type::last))

namespace tributary::plugins {
namespace {

/// First words of the core's own tables: a plugin of that name could touch them.
constexpr std::string_view reserved_names[] = {
    "api",    "claim",  "click",   "connection", "derivation", "dirty",     "domain",    "fact",
    "inbox",  "lookup", "message", "named",      "never",      "pg",        "published", "refused",
    "rollup", "schema", "sqlite",  "subject",    "want",       "workspace",
};

std::string quoted(std::string_view text) {
    return "'" + std::string(text.substr(0, 64)) + "'";
}

std::string hexadecimal(std::uint32_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "0x";
    for (int shift = 28; shift >= 0; shift -= 4)
        text += digits[(value >> shift) & 0xf];
    return text;
}

result<void> check_texts(const trb_plugin& descriptor) {
    const std::string_view name = view(descriptor.short_name);
    if (descriptor.id.size == 0)
        return failure(plugin_errc::bad_descriptor,
                       "id is empty: expected a reverse domain, 'com.example.acme'");
    if (!is_short_name(name))
        return failure(plugin_errc::bad_descriptor,
                       "short_name is " + quoted(name) + ": expected a-z, then a-z and 0-9, up to 24");
    if (is_reserved(name))
        return failure(plugin_errc::bad_descriptor,
                       "short_name " + quoted(name) + " is a word of the core's own tables");
    if (descriptor.version.size == 0)
        return failure(plugin_errc::bad_descriptor, "version is empty: expected something like '1.0.0'");
    return {};
}

result<void> check_functions(const trb_plugin& descriptor) {
    const std::pair<std::string_view, bool> functions[] = {
        {"create", descriptor.create != nullptr},
        {"start", descriptor.start != nullptr},
        {"stop", descriptor.stop != nullptr},
        {"destroy", descriptor.destroy != nullptr},
        {"get_extension", descriptor.get_extension != nullptr},
    };
    for (const auto& [name, there] : functions)
        if (!there)
            return failure(plugin_errc::bad_descriptor, std::string(name) + " is null: expected a function");
    return {};
}

/// Says what a table lacks; empty: nothing.
template <class Table> std::string lacks(const Table& table);
template <> std::string lacks(const trb_provider_v1& table) {
    return table.verify == nullptr ? "verify" : table.normalise == nullptr ? "normalise" : "";
}
template <> std::string lacks(const trb_projection_v1& table) {
    return table.fold == nullptr ? "fold" : table.name.size == 0 ? "name" : "";
}
template <> std::string lacks(const trb_http_routes_v1& table) {
    return table.handle == nullptr ? "handle" : "";
}
template <> std::string lacks(const trb_simulator_v1& table) {
    return table.tell == nullptr ? "tell" : "";
}
template <> std::string lacks(const trb_actions_v1& table) {
    return table.run == nullptr ? "run" : "";
}
template <> std::string lacks(const trb_backfill_v1& table) {
    return table.next == nullptr ? "next" : "";
}
template <> std::string lacks(const trb_reward_rule_v1& table) {
    return table.evaluate == nullptr ? "evaluate" : "";
}
template <> std::string lacks(const trb_sink_v1& table) {
    return table.deliver == nullptr ? "deliver" : "";
}

using find_function = std::function<const void*(std::string_view)>;

template <class Table>
result<void> find_one(const std::set<std::string_view>& declared, const find_function& find,
                      std::string_view id, const Table*& into) {
    if (!declared.contains(id))
        return {};
    const auto refuse = [&](const std::string& why) {
        return failure(plugin_errc::bad_extension, std::string(id) + ": " + why);
    };
    const auto* table = static_cast<const Table*>(find(id));
    if (table == nullptr)
        return refuse("the descriptor names it, and get_extension does not know it");
    if (table->struct_size < first_size<Table>())
        return refuse("struct_size is " + std::to_string(table->struct_size) + ", expected at least " +
                      std::to_string(first_size<Table>()));
    if (const std::string missing = lacks(*table); !missing.empty())
        return refuse(missing + " is null");
    into = table;
    return {};
}

} // namespace

template <> std::uint64_t first_size<trb_provider_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_provider_v1, reread);
}
template <> std::uint64_t first_size<trb_actions_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_actions_v1, run);
}
template <> std::uint64_t first_size<trb_backfill_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_backfill_v1, next);
}
template <> std::uint64_t first_size<trb_projection_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_projection_v1, fold);
}
template <> std::uint64_t first_size<trb_reward_rule_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_reward_rule_v1, evaluate);
}
template <> std::uint64_t first_size<trb_http_routes_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_http_routes_v1, render_error);
}
template <> std::uint64_t first_size<trb_sink_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_sink_v1, deliver);
}
template <> std::uint64_t first_size<trb_simulator_v1>() noexcept {
    return TRB_SIZE_UP_TO(trb_simulator_v1, tell);
}

bool is_reserved(std::string_view short_name) noexcept {
    return std::find(std::begin(reserved_names), std::end(reserved_names), short_name) !=
           std::end(reserved_names);
}

bool is_short_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 24 && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), [](char character) {
               return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
           });
}

result<void> check_requirement(std::string_view id) {
    if (id.starts_with("tributary.host.") && find_service(id) == nullptr)
        return failure(plugin_errc::missing_service, "it requires " + quoted(id));
    return {};
}

result<void> check_abi(std::uint32_t major, std::uint32_t minor) {
    // While the ABI is a draft any other number may mean anything; from 1.0 on the minor one never refuses.
    if (major == TRB_ABI_MAJOR && (TRB_ABI_MAJOR != 0 || minor == TRB_ABI_MINOR))
        return {};
    return failure(plugin_errc::wrong_abi, "the plugin has " + std::to_string(major) + "." +
                                               std::to_string(minor) + ", this host expects " +
                                               std::to_string(TRB_ABI_MAJOR) + "." +
                                               std::to_string(TRB_ABI_MINOR));
}

result<void> check_descriptor(const trb_plugin* descriptor) {
    if (descriptor == nullptr)
        return failure(plugin_errc::not_a_plugin, "the entry returned nothing");
    if (descriptor->struct_size < TRB_SIZE_UP_TO(trb_plugin, abi_minor))
        return failure(plugin_errc::not_a_plugin,
                       "struct_size is " + std::to_string(descriptor->struct_size) + ", expected at least " +
                           std::to_string(TRB_SIZE_UP_TO(trb_plugin, get_extension)));
    if (descriptor->magic != TRB_ABI_MAGIC)
        return failure(plugin_errc::not_a_plugin, "its magic number is " + hexadecimal(descriptor->magic) +
                                                      ", expected " + hexadecimal(TRB_ABI_MAGIC));
    TRIBUTARY_TRY(check_abi(descriptor->abi_major, descriptor->abi_minor));
    if (descriptor->struct_size < TRB_SIZE_UP_TO(trb_plugin, get_extension))
        return failure(plugin_errc::bad_descriptor,
                       "struct_size is " + std::to_string(descriptor->struct_size) + ", expected at least " +
                           std::to_string(TRB_SIZE_UP_TO(trb_plugin, get_extension)));
    TRIBUTARY_TRY(check_texts(*descriptor));
    TRIBUTARY_TRY(check_functions(*descriptor));
    for (std::uint64_t index = 0; index < descriptor->requirement_count; ++index)
        TRIBUTARY_TRY(check_requirement(view(descriptor->requirements[index])));
    return {};
}

result<void> find_extensions(const trb_plugin& descriptor, const find_function& find, plugin& into) {
    std::set<std::string_view> declared;
    for (std::uint64_t index = 0; index < descriptor.extension_count; ++index)
        declared.insert(view(descriptor.extensions[index]));
    TRIBUTARY_TRY(find_one(declared, find, TRB_EXT_PROVIDER, into.provider));
    TRIBUTARY_TRY(find_one(declared, find, TRB_EXT_ACTIONS, into.actions));
    TRIBUTARY_TRY(find_one(declared, find, TRB_EXT_BACKFILL, into.backfill));
    TRIBUTARY_TRY(find_one(declared, find, TRB_EXT_PROJECTION, into.projection));
    TRIBUTARY_TRY(find_one(declared, find, TRB_EXT_REWARD_RULE, into.reward_rule));
    TRIBUTARY_TRY(find_one(declared, find, TRB_EXT_HTTP_ROUTES, into.routes));
    TRIBUTARY_TRY(find_one(declared, find, TRB_EXT_SINK, into.sink));
    return find_one(declared, find, TRB_EXT_SIMULATOR, into.simulator);
}

} // namespace tributary::plugins

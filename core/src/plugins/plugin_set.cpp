#include <tributary/base/category.hpp>
#include <tributary/base/log.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <boost/dll/shared_library.hpp>

#include <algorithm>

#include "plugins/services.hpp"

namespace tributary::plugins {
namespace {

std::string_view message(int value) noexcept {
    switch (static_cast<plugin_errc>(value)) {
    case plugin_errc::not_found: return "plugin file not found";
    case plugin_errc::not_loadable: return "plugin cannot be loaded";
    case plugin_errc::no_entry: return "plugin does not export " TRB_PLUGIN_ENTRY_NAME;
    case plugin_errc::not_a_plugin: return "not a tributary plugin";
    case plugin_errc::wrong_abi: return "plugin was built against another version of the ABI";
    case plugin_errc::bad_descriptor: return "plugin descriptor is incomplete";
    case plugin_errc::missing_service: return "plugin requires a service that this host does not have";
    case plugin_errc::duplicate: return "plugin is already loaded";
    case plugin_errc::create_failed: return "plugin refused to start";
    }
    return "unknown error";
}

/// First words of the core's own tables: a plugin of that name could touch them.
constexpr std::string_view reserved_names[] = {
    "api",    "claim",  "click",   "connection", "derivation", "dirty",     "domain",    "fact",
    "inbox",  "lookup", "message", "named",      "never",      "pg",        "published", "refused",
    "rollup", "schema", "sqlite",  "subject",    "want",       "workspace",
};

/// Prefix of tables, name of the provider in paths: nothing that needs escaping anywhere.
bool is_short_name(std::string_view name) noexcept {
    if (std::find(std::begin(reserved_names), std::end(reserved_names), name) != std::end(reserved_names))
        return false;
    return !name.empty() && name.size() <= 24 && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), [](char character) {
               return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
           });
}

result<void> check(const trb_plugin* descriptor) {
    if (descriptor == nullptr)
        return failure(plugin_errc::not_a_plugin, "the entry returned nothing");
    if (descriptor->struct_size < offsetof(trb_plugin, id) || descriptor->magic != TRB_ABI_MAGIC)
        return failure(plugin_errc::not_a_plugin, "wrong magic number");
    if (descriptor->abi_major != TRB_ABI_MAJOR ||
        (TRB_ABI_MAJOR == 0 && descriptor->abi_minor != TRB_ABI_MINOR))
        return failure(plugin_errc::wrong_abi, "plugin has " + std::to_string(descriptor->abi_major) + "." +
                                                   std::to_string(descriptor->abi_minor) +
                                                   ", this host has " + std::to_string(TRB_ABI_MAJOR) + "." +
                                                   std::to_string(TRB_ABI_MINOR));
    if (descriptor->struct_size < sizeof(trb_plugin))
        return failure(plugin_errc::bad_descriptor, "struct_size is " +
                                                        std::to_string(descriptor->struct_size) +
                                                        ", expected " + std::to_string(sizeof(trb_plugin)));
    if (descriptor->id.size == 0 || !is_short_name(view(descriptor->short_name)))
        return failure(
            plugin_errc::bad_descriptor,
            "id and short_name (a-z, 0-9, up to 24, no word of the core's own tables) are required");
    if (descriptor->create == nullptr || descriptor->start == nullptr || descriptor->stop == nullptr ||
        descriptor->destroy == nullptr || descriptor->get_extension == nullptr)
        return failure(plugin_errc::bad_descriptor, "a function of the life cycle is null");
    for (std::uint64_t index = 0; index < descriptor->requirement_count; ++index)
        if (view(descriptor->requirements[index]).starts_with("tributary.host.") &&
            find_service(view(descriptor->requirements[index])) == nullptr)
            return failure(plugin_errc::missing_service, std::string(view(descriptor->requirements[index])));
    return {};
}

/// The table of an extension, if there is one that is long enough and complete.
template <class Table, class Check>
result<const Table*> find_extension(const trb_plugin& descriptor, std::string_view id, Check complete) {
    const auto* table = static_cast<const Table*>(descriptor.get_extension(view(id)));
    if (table != nullptr && (table->struct_size < sizeof(Table) || !complete(*table)))
        return failure(plugin_errc::bad_descriptor,
                       std::string(id).append(": table too short or a function is null"));
    return table;
}

result<void> find_extensions(const trb_plugin& descriptor, plugin& into) {
    TRIBUTARY_TRY_ASSIGN(provider,
                         (find_extension<trb_provider_v1>(descriptor, TRB_EXT_PROVIDER, [](const auto& t) {
                             return t.verify != nullptr && t.normalise != nullptr;
                         })));
    TRIBUTARY_TRY_ASSIGN(
        projection, (find_extension<trb_projection_v1>(descriptor, TRB_EXT_PROJECTION, [](const auto& t) {
            return t.fold != nullptr && t.name.size != 0;
        })));
    TRIBUTARY_TRY_ASSIGN(
        routes, (find_extension<trb_http_routes_v1>(descriptor, TRB_EXT_HTTP_ROUTES,
                                                    [](const auto& t) { return t.handle != nullptr; })));
    TRIBUTARY_TRY_ASSIGN(simulator,
                         (find_extension<trb_simulator_v1>(descriptor, TRB_EXT_SIMULATOR,
                                                           [](const auto& t) { return t.tell != nullptr; })));
    into.provider = provider;
    into.projection = projection;
    into.routes = routes;
    into.simulator = simulator;
    return {};
}

} // namespace

const boost::system::error_category& plugin_category() noexcept {
    static const message_category instance("tributary.plugins", &message);
    return instance;
}

std::string_view status_name(trb_status status) noexcept {
    switch (status) {
    case TRB_OK: return "ok";
    case TRB_INVALID: return "invalid";
    case TRB_UNSUPPORTED: return "unsupported";
    case TRB_REJECTED: return "rejected";
    case TRB_RETRY: return "retry";
    case TRB_INTERNAL: return "internal";
    case TRB_CANCELLED: return "cancelled";
    case TRB_NOT_FOUND: return "not_found";
    case TRB_CONFLICT: return "conflict";
    default: return "unknown_status";
    }
}

std::string error_report::text(trb_status status) const {
    if (code_.empty() && message_.empty())
        return "plugin returned " + std::string(status_name(status));
    return message_.empty() ? code_ : code_ + ": " + message_;
}

void error_report::receive(void* self, trb_str code, trb_str text, std::int64_t retry_after_ms) noexcept {
    try {
        auto& report = *static_cast<error_report*>(self);
        report.code_ = view(code);
        report.message_ = view(text);
        report.retry_after_ms_ = retry_after_ms;
    } catch (...) { // Out of memory while explaining: the status alone must do.
    }
}

struct plugin::host_context {
    service_context services{};
    trb_host host{};
};

plugin_set::plugin_set(logger& log, const clock& time, entropy& random, metrics& counters)
    : log_(log), clock_(time), entropy_(random), metrics_(counters) {}

plugin_set::~plugin_set() {
    stop();
}

result<const plugin*> plugin_set::load(const std::filesystem::path& file, std::string_view config_json) {
    namespace dll = boost::dll;
    std::error_code missing;
    const auto absolute = std::filesystem::canonical(file, missing);
    if (missing)
        return failure(plugin_errc::not_found, file.string());
    auto library = std::make_shared<dll::shared_library>();
    try {
        // The throwing overload, because only its text says what the loader said.
        library->load(absolute.string(), dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    } catch (const std::exception& refused) {
        return failure(plugin_errc::not_loadable, refused.what());
    }
    if (!library->has(TRB_PLUGIN_ENTRY_NAME))
        return failure(plugin_errc::no_entry, absolute.string());
    const auto& entry = library->get<const trb_plugin*() noexcept>(TRB_PLUGIN_ENTRY_NAME);
    return adopt(entry(), config_json, library);
}

result<const plugin*> plugin_set::add(const trb_plugin* descriptor, std::string_view config_json) {
    return adopt(descriptor, config_json, nullptr);
}

result<const plugin*> plugin_set::adopt(const trb_plugin* descriptor, std::string_view config_json,
                                        std::shared_ptr<void> library) {
    TRIBUTARY_TRY(check(descriptor));
    for (const auto& other : plugins_)
        if (other->id() == view(descriptor->id) || other->short_name() == view(descriptor->short_name))
            return failure(plugin_errc::duplicate, std::string(view(descriptor->id)));
    auto made = std::make_unique<plugin>();
    made->descriptor_ = descriptor;
    made->id_ = view(descriptor->id);
    made->short_name_ = view(descriptor->short_name);
    made->version_ = view(descriptor->version);
    made->library_ = std::move(library);
    TRIBUTARY_TRY(find_extensions(*descriptor, *made));
    made->host_ = std::make_shared<plugin::host_context>();
    made->host_->services = {&log_, &clock_, &entropy_, &metrics_, made->short_name_};
    made->host_->host = {
        sizeof(trb_host),       TRB_ABI_MAJOR,
        TRB_ABI_MINOR,          0,
        &made->host_->services, [](const trb_host*, trb_str id) noexcept { return find_service(view(id)); }};
    error_report error;
    trb_status status = descriptor->create(&made->host_->host, view(config_json), error.sink(), &made->self_);
    if (status != TRB_OK || made->self_ == nullptr)
        return failure(plugin_errc::create_failed, made->id_ + ": " + error.text(status));
    status = descriptor->start(made->self_, error.sink());
    if (status != TRB_OK) {
        descriptor->destroy(made->self_);
        return failure(plugin_errc::create_failed, made->id_ + ": " + error.text(status));
    }
    log_.info("plugin_started", {{"plugin", made->id_}, {"version", made->version_}});
    plugins_.push_back(std::move(made));
    return plugins_.back().get();
}

const plugin* plugin_set::find(std::string_view short_name) const noexcept {
    for (const auto& one : plugins_)
        if (one->short_name() == short_name)
            return one.get();
    return nullptr;
}

void plugin_set::stop() noexcept {
    while (!plugins_.empty()) {
        const plugin& last = *plugins_.back();
        last.descriptor_->stop(last.self_);
        last.descriptor_->destroy(last.self_);
        plugins_.pop_back();
    }
}

} // namespace tributary::plugins

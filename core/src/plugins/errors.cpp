#include <tributary/abi/plugin.h>
#include <tributary/base/category.hpp>
#include <tributary/plugins/error_report.hpp>
#include <tributary/plugins/errors.hpp>

namespace tributary::plugins {
namespace {

std::string_view message(int value) noexcept {
    switch (static_cast<plugin_errc>(value)) {
    case plugin_errc::not_found: return "plugin not found";
    case plugin_errc::no_manifest: return "plugin has no manifest";
    case plugin_errc::bad_manifest: return "plugin manifest cannot be read";
    case plugin_errc::unsafe_file: return "plugin file could be changed by others";
    case plugin_errc::wrong_checksum: return "plugin file is not the one of its manifest";
    case plugin_errc::wrong_exports: return "plugin exports more than " TRB_PLUGIN_ENTRY_NAME;
    case plugin_errc::not_loadable: return "plugin cannot be loaded";
    case plugin_errc::no_entry: return "plugin does not export " TRB_PLUGIN_ENTRY_NAME;
    case plugin_errc::not_a_plugin: return "not a tributary plugin";
    case plugin_errc::wrong_abi: return "plugin was built against another version of the ABI";
    case plugin_errc::bad_descriptor: return "plugin descriptor is incomplete";
    case plugin_errc::bad_extension: return "plugin extension is not as declared";
    case plugin_errc::manifest_differs: return "plugin is not what its manifest says";
    case plugin_errc::missing_service: return "plugin requires a service that this host does not have";
    case plugin_errc::missing_plugin: return "plugin requires a plugin that is not there";
    case plugin_errc::circular: return "plugins require each other";
    case plugin_errc::bad_config: return "plugin configuration is wrong";
    case plugin_errc::duplicate: return "plugin is already loaded";
    case plugin_errc::create_failed: return "plugin refused to start";
    }
    return "unknown error";
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

} // namespace tributary::plugins

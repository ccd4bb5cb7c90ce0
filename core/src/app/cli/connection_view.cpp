#include "app/cli/connection_view.hpp"

#include "app/cli/context.hpp"
#include "app/cli/table.hpp"
#include "app/cli/times.hpp"

namespace tributary::app::cli {

document describe(const accounts::connection& of, const config::configuration& settings) {
    return document::record()
        .set("connection_id", of.connection_id)
        .set("provider", of.provider)
        .set("environment", accounts::environment_name(of.environment))
        .set("realm", of.realm)
        .set("webhook_url", webhook_url(settings, of.connection_id))
        .set("settings", document::json_text(of.settings))
        .set("notify_from", time_text(of.notify_from))
        .set("created_at", time_text(of.created_at))
        .set("disabled_at", time_text(of.disabled_at))
        .set("state", of.disabled_at ? "disabled" : "enabled");
}

document describe(const accounts::secret_info& of, time_ms now) {
    return document::record()
        .set("secret_id", of.secret_id)
        .set("name", of.name)
        .set("created_at", time_text(of.created_at))
        .set("expires_at", time_text(of.expires_at))
        .set("state", of.expires_at && *of.expires_at <= now ? "expired" : "valid");
}

std::string secrets_text(const document& secrets) {
    return table_text(secrets,
                      {{"secret_id", "SECRET"},
                       {"name", "NAME"},
                       {"created_at", "CREATED"},
                       {"expires_at", "EXPIRES"},
                       {"state", "STATE"}},
                      "no secret: 'tributary connection secret add' adds one");
}

std::string connection_text(const document& connection, const document& secrets) {
    return fields_text(connection, {{"connection_id", "connection"},
                                    {"provider", "provider"},
                                    {"environment", "environment"},
                                    {"realm", "realm"},
                                    {"webhook_url", "webhook URL"},
                                    {"settings", "settings"},
                                    {"notify_from", "notifies from"},
                                    {"created_at", "created"},
                                    {"disabled_at", "disabled"},
                                    {"state", "state"}}) +
           "\n" + secrets_text(secrets);
}

} // namespace tributary::app::cli

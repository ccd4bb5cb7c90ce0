#include <tributary/base/category.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/facts/fact.hpp>

#include <algorithm>

#include "engine/record_view.hpp"

namespace tributary {
namespace {

using plugins::view;

std::string_view message(int value) noexcept {
    switch (static_cast<engine_errc>(value)) {
    case engine_errc::unknown_connection: return "no such connection";
    case engine_errc::unknown_workspace: return "no such workspace";
    case engine_errc::provider_not_loaded: return "the connection's provider is not loaded";
    case engine_errc::not_genuine: return "the delivery is not genuine";
    case engine_errc::malformed: return "the delivery cannot be read";
    case engine_errc::plugin_failed: return "the plugin failed";
    case engine_errc::too_many_waiting: return "too many unverified deliveries are waiting";
    case engine_errc::not_found: return "not found";
    case engine_errc::damaged: return "stored data cannot be read";
    case engine_errc::rows_refused: return "the plugin's rows cannot be stored";
    case engine_errc::outdated: return "an older release of the plugin folded it last";
    case engine_errc::not_now: return "the plugin cannot be asked now";
    }
    return "unknown error";
}

delivery_refusal refuse(int status, std::string code, std::string text, std::int64_t retry_after_s = 0) {
    delivery_refusal refusal;
    refusal.status = status;
    refusal.code = std::move(code);
    refusal.message = std::move(text);
    refusal.retry_after_s = retry_after_s;
    return refusal;
}

delivery_refusal refuse_and_keep(int status, std::string code, std::string text,
                                 const connection_info& connection, const delivery& raw) {
    delivery_refusal refusal = refuse(status, code, text);
    inbox::refusal kept;
    kept.workspace = connection.in.workspace;
    kept.connection_id = connection.id;
    kept.received_at = raw.received_at;
    kept.reason = std::move(code);
    kept.detail = std::move(text);
    kept.headers = raw.headers;
    kept.body_bytes = static_cast<std::int64_t>(raw.body.size());
    kept.body = raw.body.substr(0, 4096);
    refusal.keep = std::move(kept);
    return refusal;
}

} // namespace

const boost::system::error_category& engine_category() noexcept {
    static const message_category instance("tributary.engine", &message);
    return instance;
}

std::variant<verified_delivery, delivery_refusal> verify_delivery(storage::session& reader, directory& where,
                                                                  const plugins::plugin_set& plugins,
                                                                  delivery raw) {
    auto connection = where.connection(reader, raw.connection_id, true);
    if (!connection) {
        if (connection.error().code == engine_errc::unknown_connection)
            return refuse(404, "unknown_connection", "there is no such connection");
        return refuse(503, "storage", connection.error().text(), 5);
    }
    if (connection->disabled)
        return refuse(404, "connection_disabled", "the connection is disabled");
    const plugins::plugin_ptr plugin = plugins.find(connection->provider);
    if (plugin == nullptr || plugin->provider == nullptr)
        return refuse(503, "provider_not_loaded", "the provider '" + connection->provider + "' is not loaded",
                      30);
    if (const auto why = plugin->quarantine())
        return refuse(503, "plugin_quarantined", *why, 60);

    record_view record(raw);
    verdict_collector verdicts(raw.body);
    const connection_view connected(*connection, true);
    plugins::error_report error;
    const trb_status status = [&] {
        const plugins::timed_call timed(*plugin, "verify");
        return plugin->provider->verify(plugin->self(), &connected.get(), &record.get(), 1,
                                        sizeof(trb_record), verdicts.sink(), error.sink());
    }();
    const std::string why = error.text(status);
    const std::string code = error.code().empty() ? "malformed" : error.code();
    switch (status) {
    case TRB_OK: break;
    case TRB_INVALID: return refuse_and_keep(400, code, why, *connection, raw);
    case TRB_REJECTED:
        return refuse_and_keep(401, error.code().empty() ? "rejected" : error.code(), why, *connection, raw);
    case TRB_RETRY:
        return refuse(503, "plugin_retry", why, std::max<std::int64_t>(1, error.retry_after_ms() / 1000));
    default: return refuse(500, "plugin_failed", why);
    }
    if (!verdicts.fault().empty())
        return refuse(500, "plugin_failed", verdicts.fault());
    if (verdicts.all_rejected())
        return refuse_and_keep(401, verdicts.reason(), verdicts.detail(), *connection, raw);

    verified_delivery verified;
    verified.in = connection->in;
    verdicts.move_into(verified, *connection);
    verified.raw = std::move(raw);
    return verified;
}

} // namespace tributary

#include <tributary/accounts/connections.hpp>
#include <tributary/inbox/drift.hpp>

#include <map>

#include "app/cli/checkup.hpp"
#include "app/cli/times.hpp"

namespace tributary::app::cli {
namespace {

constexpr std::string_view check = "drift";

/// Version of the normaliser that reads this connection now; nothing when no plugin is loaded for it.
std::optional<std::int64_t> reads_now(storage::session& reader, assembly& parts,
                                      const plugins::plugin_set* plugins, const std::string& connection_id) {
    if (plugins == nullptr)
        return std::nullopt;
    const auto connection = parts.where().connection(reader, connection_id, false);
    if (!connection)
        return std::nullopt;
    const plugins::plugin_ptr plugin = plugins->find(connection->provider);
    if (plugin == nullptr || plugin->provider == nullptr)
        return std::nullopt;
    return std::int64_t{plugin->provider->normaliser_version};
}

std::string describe(const inbox::counted_drift& of) {
    return of.connection_id + ": " + of.what.path + ": " + of.what.seen + " (API version " + of.what.version +
           "), " + std::to_string(of.records) + (of.records == 1 ? " record" : " records") +
           ", the last at " + time_text(of.last_at);
}

} // namespace

result<void> check_drift(assembly& parts, storage::session& reader, const plugins::plugin_set* plugins,
                         checkup& into) {
    constexpr std::size_t shown_max = 20;
    TRIBUTARY_TRY_ASSIGN(all, inbox::list_drift(reader));
    std::map<std::string, std::optional<std::int64_t>> versions;
    std::size_t current = 0;
    std::size_t older = 0;
    for (const inbox::counted_drift& one : all) {
        const auto [at, is_new] = versions.try_emplace(one.connection_id);
        if (is_new)
            at->second = reads_now(reader, parts, plugins, one.connection_id);
        if (at->second && *at->second > one.normaliser_version) {
            ++older;
            continue;
        }
        if (++current <= shown_max)
            into.warn(check, describe(one),
                      "nothing was guessed and the record is kept: tributary inbox show " +
                          std::to_string(one.last_record) + "; look for a newer version of the plugin");
    }
    if (current > shown_max)
        into.warn(check, std::to_string(current - shown_max) + " more unknown words or shapes",
                  "see the metric tributary_drift_total");
    if (older > 0)
        into.warn(check,
                  std::to_string(older) +
                      " unknown words or shapes were met by an older version of the plugin",
                  "read the records anew with the present one: tributary rebuild --from-inbox");
    if (all.empty())
        into.ok(check, "providers speak as their plugins expect");
    return {};
}

} // namespace tributary::app::cli

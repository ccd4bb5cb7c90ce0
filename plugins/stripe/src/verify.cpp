#include <algorithm>

#include "document.hpp"
#include "settings.hpp"
#include "signature.hpp"
#include "stripe_plugin.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;

bool same_header_name(std::string_view given, std::string_view lower) noexcept {
    return std::equal(given.begin(), given.end(), lower.begin(), lower.end(), [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? left - 'A' + 'a' : left) == right;
    });
}

struct header_search {
    std::string_view value;
    std::size_t count = 0;
};

header_search find_header(const trb_record& record, std::string_view lower_name) noexcept {
    header_search found;
    for (std::uint64_t index = 0; index < record.header_count; ++index) {
        if (!same_header_name(view(record.headers[index].name), lower_name))
            continue;
        found.value = view(record.headers[index].value);
        ++found.count;
    }
    return found;
}

signature_verdict judge_record(const trb_connection& connection, const trb_record& record,
                               const settings& options, const trb_host_crypto_v1& crypto) {
    const header_search header = find_header(record, "stripe-signature");
    if (header.count > 1)
        return {"repeated_signature_header", "the header Stripe-Signature came " +
                                                 std::to_string(header.count) +
                                                 " times; Stripe sends it once"};
    signed_delivery delivery;
    delivery.header = header.value;
    delivery.body = view(record.body);
    delivery.received_at_ms = record.received_at_ms;
    delivery.tolerance_s = options.tolerance_s;
    delivery.future_skew_s = options.future_skew_s;
    for (std::uint64_t index = 0; index < connection.secret_count; ++index)
        if (view(connection.secrets[index].name) == "signing")
            delivery.secrets.push_back(view(connection.secrets[index].value));
    return judge(delivery, crypto);
}

/// A test event on a live connection, or the other way round, is somebody's mistake: nothing of it may be
/// booked.
signature_verdict judge_environment(const json::value& event, std::int32_t environment) {
    const std::optional<bool> live = flag(event, "livemode");
    if (!live || *live == (environment == TRB_LIVE))
        return {};
    return {"wrong_environment", *live ? "a live event came in on a sandbox connection"
                                       : "a test event came in on a live connection"};
}

} // namespace

sdk::outcome stripe_plugin::verify(const trb_connection& connection, sdk::records with,
                                   sdk::verdicts into) const {
    settings options;
    if (const sdk::outcome done = parse_settings(view(connection.settings), options); !done)
        return {TRB_INTERNAL, done.code(),
                done.message()}; // The operator's fault, not Stripe's: it shall try again.
    const trb_record& record = with[0];
    signature_verdict verdict = judge_record(connection, record, options, *crypto_);
    if (!verdict.accepted()) {
        into.reject(verdict.reason, verdict.detail);
        return {};
    }
    json::value event;
    if (sdk::outcome done = parse_document(view(record.body), event); !done)
        return done;
    const std::string_view object = text(event, "object");
    if (object != "event" && object != "v2.core.event")
        return sdk::invalid("not_an_event", "the body is genuine, but neither an event nor a v2.core.event");
    verdict = judge_environment(event, connection.environment);
    if (!verdict.accepted()) {
        into.reject(verdict.reason, verdict.detail);
        return {};
    }
    // A thin event and its snapshot tell the same: whichever channel comes first, the other one is a
    // repetition.
    const std::string_view key = text(event, {"snapshot_event", "id"});
    if (key.empty())
        return sdk::invalid("no_event_id", "the event has no id");
    into.accept(key, text(event, "type"));
    return {};
}

} // namespace tributary::stripe

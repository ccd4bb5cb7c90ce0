// verify: is it genuine? normalise: what does it say? Both are pure functions of what they are given.
#include <charconv>

#include "ledgerly.hpp"
#include "reader.hpp"

namespace ledgerly {
namespace {

constexpr std::int64_t tolerance_s = 300; // how far the signature's time may be from the arrival, either way

/// The seconds of "t=<digits>,...", nothing when it is no such header.
std::optional<std::int64_t> signed_at(std::string_view header) {
    std::int64_t at_s = 0;
    if (!header.starts_with("t="))
        return std::nullopt;
    const char* const end = header.data() + header.size();
    const auto [rest, wrong] = std::from_chars(header.data() + 2, end, at_s);
    const bool whole = wrong == std::errc() && at_s >= 0 && at_s <= integer_max / 1000 &&
                       std::string_view(rest, static_cast<std::size_t>(end - rest)).starts_with(",v1=");
    return whole ? std::optional(at_s) : std::nullopt;
}

/// A type is "<kind>.<what happened>". One of another form may mean anything: it books nothing.
bool is_read(std::string_view type) {
    return type.starts_with("payment.") || type.starts_with("refund.") || type.starts_with("customer.");
}

} // namespace

std::string sign(const sdk::crypto& with, std::string_view secret, std::string_view body, std::int64_t at_s) {
    const std::string time = std::to_string(at_s);
    return "t=" + time + ",v1=" + with.hex(with.hmac_sha256(secret, time + "." + std::string(body)));
}

sdk::outcome ledgerly::create(sdk::host from, std::string_view config, std::unique_ptr<ledgerly>& made) {
    if (config != "{}")
        return sdk::invalid("unknown_key", "there is nothing to configure in [plugin.ledgerly]");
    made = std::make_unique<ledgerly>(from);
    return {};
}

std::span<const trb_str> ledgerly::requirements() noexcept {
    static constexpr std::array<trb_str, 1> services{{TRB_STR_INIT(TRB_SERVICE_CRYPTO)}};
    return services;
}

sdk::outcome ledgerly::verify(const trb_connection& connection, sdk::records with, sdk::verdicts into) const {
    const trb_record& delivery = with[0];
    const std::string_view body = sdk::view(delivery.body);
    const auto signatures = sdk::headers_named(delivery, "ledgerly-signature");
    if (signatures.size() != 1)
        return sdk::rejected("no_signature", "there has to be one header Ledgerly-Signature");
    const std::optional<std::int64_t> at_s = signed_at(signatures[0]);
    if (!at_s)
        return sdk::rejected("no_signature", "the header is not of the form t=<seconds>,v1=<hex>");
    bool genuine = false;
    for (const std::string_view secret : sdk::secrets_named(connection, "signing"))
        genuine |= crypto_.equal(sign(crypto_, secret, body, *at_s), signatures[0]);
    if (!genuine)
        return sdk::rejected("signature_mismatch", "no secret 'signing' gives this signature");
    const std::int64_t age_s = delivery.received_at_ms / 1000 - *at_s;
    if (age_s > tolerance_s || age_s < -tolerance_s)
        return sdk::rejected("stale_timestamp", "it was signed more than 300 s ago or ahead");
    try {
        const json event = parse(body);
        if ((text(event, "mode") == "live") != (connection.environment == TRB_LIVE))
            return sdk::rejected("wrong_environment", "live, and the connection is not, or the reverse");
        into.accept(text(event, "id"), text(event, "type"));
    } catch (const malformed& wrong) {
        return sdk::invalid("malformed_event", wrong.what());
    }
    return {};
}

sdk::outcome ledgerly::normalise(const trb_connection&, sdk::records with, sdk::fact_sink into) const {
    const trb_record& record = with[0];
    if (record.source == TRB_RECORD_ANSWER && (record.http_status < 200 || record.http_status > 299)) {
        into.note("ignored", "Ledgerly has no such object: " + std::to_string(record.http_status));
        return {};
    }
    try {
        const json document = parse(sdk::view(record.body));
        bool taken = true;
        const bool is_event = record.source != TRB_RECORD_ANSWER;
        if (const std::string type = text_or_empty(document, "type"); is_event && !is_read(type))
            into.note("unsupported", "an event of the type '" + type + "' is not read");
        else if (is_event)
            taken = tell_object(member(document, "object"), into);
        else if (!has(document, "data"))
            taken = tell_object(document, into);
        else
            for (const json& object : list(document, "data"))
                taken = tell_object(object, into) && taken;
        return taken ? sdk::outcome() : sdk::invalid("refused_fact", "the host refused a fact");
    } catch (const malformed& wrong) {
        return sdk::invalid("malformed_event", wrong.what());
    }
}

sdk::outcome ledgerly::reread(const trb_connection&, std::int32_t kind, std::string_view document_id,
                              sdk::fact_sink into) const {
    const auto wanted = request_for(kind, document_id, "reread " + std::string(document_id));
    if (!wanted)
        return sdk::unsupported("Ledgerly has no object of this kind");
    into.want(*wanted);
    return {};
}

} // namespace ledgerly

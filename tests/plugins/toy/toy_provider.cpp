#include "plugins/toy/toy_provider.hpp"

#include <chrono>
#include <string>
#include <thread>

namespace toy {

namespace {

constexpr std::string_view api_key_header = "Bearer {secret:api_key}"; // The host puts the secret in.

std::string_view header_of(const trb_record& record, std::string_view name) {
    const auto lower = [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    };
    for (std::uint64_t index = 0; index < record.header_count; ++index) {
        const std::string_view candidate = sdk::view(record.headers[index].name);
        bool same = candidate.size() == name.size();
        for (std::size_t at = 0; same && at < name.size(); ++at)
            same = lower(candidate[at]) == lower(name[at]);
        if (same)
            return sdk::view(record.headers[index].value);
    }
    return {};
}

/// The bytes that an item's own signature covers: all before its last line, which is the signature.
std::string_view signed_part(const item& from) {
    const std::size_t at = from.text.rfind("sig=");
    return at == std::string_view::npos ? from.text : from.text.substr(0, at);
}

const trb_record* answer_for(sdk::records with, std::string_view purpose) {
    for (std::uint64_t index = 1; index < with.size(); ++index)
        if (sdk::view(with[index].purpose) == purpose)
            return &with[index];
    return nullptr;
}

template <class Sink> void request_from(const Sink& into, std::string_view url, std::string_view purpose) {
    const trb_pair headers[] = {{sdk::view("Authorization"), sdk::view(api_key_header)}};
    into(trb_http_request{sizeof(trb_http_request),
                          1,
                          sdk::view("GET"),
                          sdk::view(url),
                          headers,
                          {nullptr, 0},
                          sdk::view(purpose)});
}

std::string purpose_of_need(const item& from) {
    return "verify:" + std::string(from.find("event"));
}

/// Statuses that an item asks verify() for: `kind=refuse_retry` and the like are answered before anything is
/// stored.
sdk::outcome refusal_of(const std::vector<item>& items) {
    for (const item& each : items) {
        const std::string_view kind = each.find("kind");
        if (kind == "refuse_retry")
            return {TRB_RETRY, "try_later", "the toy asks to be called later", 2000};
        if (kind == "refuse_internal")
            return sdk::internal("the toy failed while it verified");
    }
    return {};
}

sdk::outcome normalise_item(const item& from, bool is_answer, sdk::fact_sink into) {
    const std::string_view kind = from.find("kind");
    if (kind == "fail")
        return sdk::internal("the toy failed on purpose");
    if (kind == "throw")
        throw std::runtime_error("the toy threw on purpose");
    if (kind == "retry")
        return {TRB_RETRY, "try_later", "the toy asks to be called later", 2000};
    if (kind == "sleep") { // What no plugin should do: a test of deadlines.
        std::this_thread::sleep_for(std::chrono::milliseconds(std::stoll(std::string(from.find("ms")))));
        return {};
    }
    if (kind == "unknown") {
        into.note("unknown", "the toy does not know this event");
        return {};
    }
    if (kind == "fetch") {
        request_from([&](const trb_http_request& request) { into.want(request); }, from.find("url"),
                     from.find("purpose"));
        return {};
    }
    if (from.has("drift"))
        into.note(TRB_NOTE_DRIFT, from.find("drift"));
    document made;
    if (sdk::outcome read = made.read(from); !read)
        return read;
    if (made.fact().kind == 0)
        return sdk::invalid("no_kind", is_answer ? "the answer has no kind" : "the item has no kind");
    if (!into.emit(made.fact()))
        return sdk::invalid("refused_fact", "the host refused the fact");
    return {};
}

} // namespace

sdk::outcome toy_provider::create(sdk::host host, std::string_view config,
                                  std::unique_ptr<toy_provider>& made) {
    if (config.find("\"refuse\"") != std::string_view::npos)
        return sdk::invalid("unknown_key", "unknown key: refuse");
    made = std::make_unique<toy_provider>(host, config.find("\"fail_start\"") != std::string_view::npos);
    return {};
}

std::span<const trb_str> toy_provider::requirements() {
    static const trb_str ids[] = {sdk::view(TRB_SERVICE_CRYPTO)};
    return ids;
}

sdk::outcome toy_provider::start() {
    return fails_to_start_ ? sdk::internal("the toy does not start, as configured") : sdk::outcome();
}

std::string toy_provider::sign(std::string_view secret, std::string_view bytes) const {
    const trb_host_crypto_v1* crypto = host_.crypto();
    std::uint8_t digest[32];
    crypto->hmac_sha256(sdk::view(secret), sdk::view(bytes), digest);
    std::string hex(64, '\0');
    crypto->hex_encode({reinterpret_cast<const char*>(digest), sizeof digest}, hex.data());
    return hex;
}

bool toy_provider::matches(const trb_connection& connection, std::string_view bytes,
                           std::string_view signature) const {
    bool matched = false;
    for (std::uint64_t index = 0; index < connection.secret_count; ++index) {
        const trb_secret& secret = connection.secrets[index];
        if (sdk::view(secret.name) != "signing")
            continue;
        const std::string expected = sign(sdk::view(secret.value), bytes);
        matched |= host_.crypto()->equal(sdk::view(expected), sdk::view(signature)) != 0;
    }
    return matched;
}

sdk::outcome toy_provider::verify(const trb_connection& connection, sdk::records with,
                                  sdk::verdicts into) const {
    const trb_record& delivery = with[0];
    const std::string_view body = sdk::view(delivery.body);
    std::vector<item> items;
    if (sdk::outcome read = read_items(body, items); !read)
        return read;
    if (sdk::outcome refused = refusal_of(items); !refused)
        return refused;
    for (const item& each : items)
        if (each.has("need") && answer_for(with, purpose_of_need(each)) == nullptr) {
            request_from([&](const trb_http_request& request) { into.need(request); }, each.find("need"),
                         purpose_of_need(each));
            return {};
        }
    const std::string_view header = header_of(delivery, "Toy-Signature");
    const bool whole_matches = !header.empty() && matches(connection, body, header);
    for (const item& each : items) {
        const std::string_view event = each.find("event");
        const std::string_view kind = each.find("kind");
        const std::string_view own = each.find("sig");
        if (each.has("answer"))
            into.answer(202, "text/plain", each.find("answer"));
        if (each.has("need")) {
            // Another party vouches for this item: only its plain "yes" counts.
            const trb_record& answer = *answer_for(with, purpose_of_need(each));
            if (answer.http_status == 200 && sdk::view(answer.body) == "yes")
                into.accept(event, kind, each.text);
            else
                into.reject("not_confirmed", "the address in `need` did not say yes", each.text);
        } else if (each.find("hint") == "1") {
            into.hint(event, kind, each.text);
        } else if (own.empty() && header.empty()) {
            into.reject("missing_signature", "there is no Toy-Signature header", each.text);
        } else if (own.empty() ? whole_matches : matches(connection, signed_part(each), own)) {
            into.accept(event, kind, each.text);
        } else {
            into.reject("signature_mismatch", "no signing secret gives this signature", each.text);
        }
    }
    return {};
}

sdk::outcome toy_provider::normalise(const trb_connection&, sdk::records with, sdk::fact_sink into) const {
    const trb_record& record = with[0];
    std::vector<item> items;
    if (sdk::outcome read = read_items(sdk::view(record.body), items); !read)
        return read;
    if (record.source == TRB_RECORD_ANSWER) {
        if (record.http_status == 404) {
            into.note("ignored", "what was fetched does not exist any more");
            return {};
        }
        if (record.http_status != 200)
            return {TRB_RETRY, "bad_answer", "the toy's API answered " + std::to_string(record.http_status)};
        for (const item& each : items)
            if (sdk::outcome done = normalise_item(each, true, into); !done)
                return done;
        return {};
    }
    if (items.empty())
        return {};
    // A body that is one item's content and a body that is the whole delivery are both understood.
    const std::uint64_t index = items.size() == 1 ? 0 : record.item;
    if (index >= items.size())
        return sdk::invalid("no_such_item", "the body has fewer items than the record says");
    return normalise_item(items[static_cast<std::size_t>(index)], false, into);
}

sdk::outcome toy_provider::reread(const trb_connection&, std::int32_t kind, std::string_view document_id,
                                  sdk::fact_sink into) const {
    const std::string path = std::to_string(kind) + "/" + std::string(document_id);
    request_from([&](const trb_http_request& request) { into.want(request); },
                 "https://api.toy.test/documents/" + path, "reread:" + path);
    return {};
}

} // namespace toy

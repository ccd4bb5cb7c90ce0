// A provider whose deliveries are one flat JSON object, signed with HMAC-SHA-256 in hexadecimal, with one
// thing wrong. It reads no more JSON than that.
#include <tributary/abi/provider.h>
#include <tributary/abi/simulator.h>

#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include "fault.hpp"

namespace {

std::int64_t calls = 0; // What an instance must not share with another.

/// The member's value: a text without its quotes, or a bare word. False when the object does not have it.
bool member(std::string_view body, std::string_view name, std::string_view& into) {
    const std::string key = "\"" + std::string(name) + "\":";
    const std::size_t at = body.find(key);
    if (at == std::string_view::npos)
        return false;
    std::size_t begin = at + key.size();
    const bool quoted = begin < body.size() && body[begin] == '"';
    begin += quoted ? 1 : 0;
    if constexpr (has(fault::expects_nul)) {
        const char* end = body.data() + begin;
        while (*end != '\0' && *end != '"' && *end != ',' && *end != '}')
            ++end;
        into = {body.data() + begin, static_cast<std::size_t>(end - body.data()) - begin};
        return true;
    }
    std::size_t end = begin;
    while (end < body.size() && body[end] != '"' && body[end] != ',' && body[end] != '}')
        ++end;
    if (end == body.size())
        return false; // Cut off.
    into = body.substr(begin, end - begin);
    return true;
}

std::string hmac(const bad_instance& by, std::string_view key, std::string_view bytes) {
    std::uint8_t digest[32];
    by.crypto->hmac_sha256(view(key), view(bytes), digest);
    std::string hex(64, '\0');
    by.crypto->hex_encode({reinterpret_cast<const char*>(digest), sizeof digest}, hex.data());
    return hex;
}

bool genuine(const bad_instance& by, const trb_connection& connection, const trb_record& record) {
    std::string_view given;
    for (std::uint64_t index = 0; index < record.header_count; ++index)
        if (view(record.headers[index].name) == "X-Signature")
            given = view(record.headers[index].value);
    for (std::uint64_t index = 0; index < connection.secret_count; ++index) {
        const std::string_view secret = view(connection.secrets[index].value);
        if constexpr (has(fault::empty_secret))
            if (secret.empty())
                return true;
        const std::string right = hmac(by, secret, view(record.body));
        if constexpr (has(fault::prefix_signature)) {
            if (given.size() == right.size() && given.substr(0, 16) == right.substr(0, 16))
                return true;
        } else if (given == right) {
            return true;
        }
    }
    return has(fault::accepts_anything);
}

trb_status verify(void* self, const trb_connection* connection, const trb_record* records, std::uint64_t,
                  std::uint64_t, const trb_verify_sink* sink, const trb_error_sink* error) noexcept {
    bad_instance& me = of(self);
    if constexpr (has(fault::kept_view)) {
        me.counter += me.read_kept();
        me.kept = view(records->body);
    }
    if constexpr (has(fault::exact_struct_size))
        if (connection->struct_size != sizeof *connection)
            return TRB_INVALID;
    std::string_view id;
    trb_item item{};
    item.struct_size = sizeof item;
    std::string detail = "no secret gives this signature";
    if constexpr (has(fault::told_secret))
        if (connection->secret_count > 0)
            detail += ": " + std::string(view(connection->secrets[0].value));
    if (!genuine(me, *connection, *records)) {
        item.verdict = TRB_ITEM_REJECTED;
        item.reason = TRB_STR("signature_mismatch");
        item.detail = view(detail);
        sink->item(sink->ctx, &item);
        return TRB_OK;
    }
    if (!member(view(records->body), "id", id)) {
        error->report(error->ctx, TRB_STR("no_id"), TRB_STR("the event has no id"), 0);
        return TRB_INVALID;
    }
    std::string key(id);
    if constexpr (has(fault::shared_state))
        key += std::to_string(calls++);
    std::string_view type;
    member(view(records->body), "type", type);
    item.verdict = type == "hinted" ? TRB_ITEM_HINT : TRB_ITEM_ACCEPTED;
    item.dedupe_key = view(key);
    item.event_type = view(type);
    sink->item(sink->ctx, &item);
    if constexpr (has(fault::two_answers)) {
        sink->answer(sink->ctx, 200, TRB_STR("text/plain"), TRB_STR("ok"));
        sink->answer(sink->ctx, 200, TRB_STR("text/plain"), TRB_STR("ok"));
    }
    return TRB_OK;
}

/// Goes down once for each bracket, as a parser does that has no limit.
std::size_t depth(std::string_view text, std::size_t at) {
    volatile char frame[1024];
    frame[0] = 1;
    while (at < text.size() && text[at] != '[' && text[at] != '{')
        ++at;
    return at < text.size() ? frame[0] + depth(text, at + 1) : 0u + (frame[0] == 0);
}

/// What goes wrong before anything is read.
void misbehave(bad_instance& me, std::string_view body) {
    const bool whole = !body.empty() && body.back() == '}';
    if constexpr (has(fault::null_when_truncated))
        if (!whole)
            me.counter = *static_cast<volatile int*>(nullptr);
    if constexpr (has(fault::endless_when_truncated))
        for (volatile bool waiting = !whole; waiting;) {
        }
    if constexpr (has(fault::throws))
        if (!whole)
            throw 42;
    if constexpr (has(fault::recursion))
        me.counter = static_cast<std::int64_t>(depth(body, 0));
    if constexpr (has(fault::memory_leak))
        me.kept_struct = std::malloc(64);
    if constexpr (has(fault::ends_process))
        if (body.find("unknown") != std::string_view::npos)
            ::_exit(3);
}

std::uint32_t exponent_of(std::string_view currency) {
    if (has(fault::two_decimals))
        return 2;
    return currency == "JPY" ? 0 : currency == "KWD" ? 3 : 2;
}

trb_status normalise(void* self, const trb_connection*, const trb_record* records, std::uint64_t,
                     std::uint64_t, const trb_fact_sink* sink,
                     const trb_error_sink* error) noexcept(!has(fault::throws)) {
    bad_instance& me = of(self);
    const std::string_view body = view(records->body);
    misbehave(me, body);
    std::string_view type;
    std::string_view id;
    std::string_view amount;
    std::string_view currency;
    if (!member(body, "type", type) || !member(body, "id", id) || !member(body, "amount", amount) ||
        !member(body, "currency", currency)) {
        error->report(error->ctx, TRB_STR("malformed"), TRB_STR("the event cannot be read"), 0);
        return TRB_INVALID;
    }
    const bool booked = type == "payment" || (has(fault::booked_hint) && type == "hinted");
    if (!booked) {
        sink->note(sink->ctx, TRB_STR("unknown"), TRB_STR("this event is not known"));
        return has(fault::invalid_when_unknown) ? TRB_INVALID : TRB_OK;
    }
    trb_payment payment{};
    payment.struct_size = sizeof payment;
    payment.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_CASH);
    payment.status = TRB_PAYMENT_SUCCEEDED;
    payment.cash.amount_minor = std::strtoll(std::string(amount).c_str(), nullptr, 10);
    std::memcpy(payment.cash.currency, currency.data(), currency.size() < 3 ? currency.size() : 3);
    payment.cash.exponent = exponent_of(currency);
    trb_fact fact{};
    fact.struct_size = has(fault::short_fact) ? 16 : sizeof fact;
    fact.kind = TRB_KIND_PAYMENT;
    fact.document_id = view(id);
    fact.source_time_ms = 1;
    fact.occurred_at_ms = 1;
    fact.body = &payment;
    if constexpr (has(fault::counter_in_fact))
        fact.source_time_ms = me.counter++;
    if constexpr (has(fault::clock_in_fact))
        fact.source_time_ms = me.clock->now_ms(me.host) / 1'000'000'000'000;
    return sink->emit(sink->ctx, &fact);
}

trb_status tell(void* self, const trb_story_request* request, const trb_story_sink* sink,
                const trb_error_sink*) noexcept {
    if (!has(fault::any_story) && view(request->story) != "sale" && view(request->story) != "hint")
        return TRB_NOT_FOUND;
    std::string currency = "USD";
    for (std::uint64_t index = 0; index < request->parameter_count; ++index)
        if (view(request->parameters[index].name) == "currency")
            currency = view(request->parameters[index].value);
    const std::string id = has(fault::seedless) ? "evt_1" : "evt_" + std::to_string(request->seed);
    const std::string body =
        R"({"type":"payment","id":")" + id + R"(","amount":1999,"currency":")" + currency + R"("})";
    std::string signature = hmac(of(self), view(request->signing_secret), body);
    if (has(fault::refuses_own_story))
        signature = "0";
    const trb_pair headers[] = {{TRB_STR("Content-Type"), TRB_STR("application/json")},
                                {TRB_STR("X-Signature"), view(signature)}};
    const trb_told_delivery told{
        sizeof(trb_told_delivery), 2, TRB_STR("payment"), request->at_ms, headers, view(body)};
    sink->delivery(sink->ctx, &told);
    const std::string hint = R"({"type":"hinted",)" + body.substr(body.find("\"id\""));
    const std::string hint_signature = hmac(of(self), view(request->signing_secret), hint);
    if (view(request->story) == "hint") {
        const trb_pair hint_headers[] = {{TRB_STR("X-Signature"), view(hint_signature)}};
        const trb_told_delivery hinted{
            sizeof(trb_told_delivery), 1, TRB_STR("hinted"), request->at_ms, hint_headers, view(hint)};
        sink->delivery(sink->ctx, &hinted);
    }
    sink->expect(sink->ctx, TRB_STR("sales"), 1);
    return TRB_OK;
}

constexpr trb_story stories[] = {
    {sizeof(trb_story), 0, TRB_STR_INIT("sale"), TRB_STR_INIT("Somebody buys.")},
    {sizeof(trb_story), 0, TRB_STR_INIT("hint"), TRB_STR_INIT("Somebody buys, and is hinted at.")}};
const trb_simulator_v1 simulator{sizeof(trb_simulator_v1), 0, stories, 2, sizeof(trb_story), &tell};

const void* get_extension(trb_str id) noexcept {
    // A function that may throw is none of the ABI's: the cast is the mistake that this fault is about.
    static const trb_provider_v1 provider{
        has(fault::short_table) ? 16u : static_cast<std::uint32_t>(sizeof(trb_provider_v1)), 1, &verify,
        has(fault::null_function) ? nullptr
                                  : reinterpret_cast<decltype(trb_provider_v1::normalise)>(&normalise),
        nullptr};
    if (view(id) == TRB_EXT_SIMULATOR)
        return &simulator;
    const bool mine = has(fault::any_extension) ? view(id).starts_with("tributary.provider/")
                                                : view(id) == TRB_EXT_PROVIDER;
    return mine ? &provider : nullptr;
}

constexpr trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_PROVIDER), TRB_STR_INIT(TRB_EXT_SIMULATOR)};

} // namespace

extern "C" TRB_EXPORT const trb_plugin* tributary_plugin_entry(void) noexcept {
    static const trb_plugin descriptor{
        has(fault::short_descriptor) ? 40u : static_cast<std::uint32_t>(sizeof(trb_plugin)),
        has(fault::wrong_magic) ? 7u : TRB_ABI_MAGIC,
        TRB_ABI_MAJOR,
        has(fault::wrong_version) ? TRB_ABI_MINOR + 1 : TRB_ABI_MINOR,
        TRB_STR_INIT("org.example.bad"),
        TRB_STR_INIT("bad"),
        TRB_STR_INIT("1.0.0"),
        TRB_STR_INIT("tributary tests"),
        extensions,
        2,
        nullptr,
        0,
        nullptr,
        0,
        0,
        has(fault::null_create) ? nullptr : &bad_create,
        &bad_start,
        &bad_stop,
        &bad_destroy,
        &get_extension};
    return &descriptor;
}

extern "C" TRB_EXPORT int helper_that_is_exported(void);
extern "C" int helper_that_is_exported(void) {
    return 1;
}

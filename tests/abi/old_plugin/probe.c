/* A complete provider that is built against a frozen copy of the headers, and must load and work in the host
 * of today. An event is a line of five words, "sale <event> <payment> <user> <amount in minor units, EUR>",
 * and the header Probe-Signature is its HMAC-SHA256 in hexadecimal. */
#include <tributary/abi/plugin.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/services.h>
#include <tributary/abi/simulator.h>

#include <stdio.h>
#include <string.h>

enum { words_in_event = 5, body_bytes_max = 256, digits_max = 15 };

static int same(trb_str left, trb_str right) {
    return left.size == right.size && memcmp(left.data, right.data, left.size) == 0;
}
static trb_status fail(const trb_error_sink* error, trb_status status, trb_str code, trb_str message) {
    if (error != NULL && error->report != NULL)
        error->report(error->ctx, code, message, 0);
    return status;
}

/* The words of an event; 0 when there are more or fewer. */
static int split(trb_str body, trb_str words[words_in_event]) {
    int count = 0;
    uint64_t start = 0;
    for (uint64_t at = 0; at <= body.size; ++at)
        if (at == body.size || body.data[at] == ' ') {
            if (at == start || count == words_in_event)
                return 0;
            words[count++] = (trb_str){body.data + start, at - start};
            start = at + 1;
        }
    return count == words_in_event;
}

static void sign(const trb_host* host, trb_str secret, trb_str body, char hex[64]) {
    const trb_host_crypto_v1* const crypto = host->get_service(host, TRB_STR(TRB_SERVICE_CRYPTO));
    uint8_t digest[32];
    crypto->hmac_sha256(secret, body, digest);
    crypto->hex_encode((trb_str){(const char*)digest, sizeof digest}, hex);
}

static trb_status verify(void* self, const trb_connection* connection, const trb_record* records,
                         uint64_t count, uint64_t stride, const trb_verify_sink* sink,
                         const trb_error_sink* error) {
    const trb_host* const host = self;
    const trb_host_crypto_v1* const crypto = host->get_service(host, TRB_STR(TRB_SERVICE_CRYPTO));
    trb_str words[words_in_event];
    char hex[64];
    (void)count, (void)stride;
    if (!split(records->body, words))
        return fail(error, TRB_INVALID, TRB_STR("malformed"), TRB_STR("an event has five words"));
    for (uint64_t header = 0; header < records->header_count; ++header)
        for (uint64_t secret = 0; secret < connection->secret_count; ++secret) {
            if (!same(records->headers[header].name, TRB_STR("Probe-Signature")))
                continue;
            sign(host, connection->secrets[secret].value, records->body, hex);
            if (crypto->equal((trb_str){hex, sizeof hex}, records->headers[header].value)) {
                const trb_item item = {.struct_size = sizeof item,
                                       .verdict = TRB_ITEM_ACCEPTED,
                                       .dedupe_key = words[1],
                                       .event_type = words[0]};
                sink->item(sink->ctx, &item);
                return TRB_OK;
            }
        }
    return fail(error, TRB_REJECTED, TRB_STR("signature_mismatch"),
                TRB_STR("no secret gives this signature"));
}

static trb_status normalise(void* self, const trb_connection* connection, const trb_record* records,
                            uint64_t count, uint64_t stride, const trb_fact_sink* sink,
                            const trb_error_sink* error) {
    trb_str words[words_in_event];
    int64_t amount = 0;
    (void)self, (void)connection, (void)count, (void)stride;
    if (!split(records->body, words))
        return fail(error, TRB_INVALID, TRB_STR("malformed"), TRB_STR("an event has five words"));
    if (!same(words[0], TRB_STR("sale"))) {
        sink->note(sink->ctx, TRB_STR("unsupported"), TRB_STR("not a sale"));
        return TRB_OK;
    }
    for (uint64_t index = 0; index < words[4].size; ++index) {
        if (index == digits_max || words[4].data[index] < '0' || words[4].data[index] > '9')
            return fail(error, TRB_INVALID, TRB_STR("malformed"), TRB_STR("the amount is no number"));
        amount = amount * 10 + (words[4].data[index] - '0');
    }
    const trb_payment payment = {.struct_size = sizeof payment,
                                 .present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_TOTAL),
                                 .status = TRB_PAYMENT_SUCCEEDED,
                                 .total = {amount, "EUR", 2}};
    const trb_claim claim = {TRB_CLAIM_EXCLUSIVE, 0, TRB_STR("user"), words[3]};
    const trb_fact fact = {.struct_size = sizeof fact,
                           .kind = TRB_KIND_PAYMENT,
                           .document_id = words[2],
                           .source_time_ms = records->received_at_ms,
                           .occurred_at_ms = records->received_at_ms,
                           .claims = &claim,
                           .claim_count = 1,
                           .body = &payment};
    return sink->emit(sink->ctx, &fact) == TRB_OK ? TRB_OK : TRB_INVALID;
}

static const trb_story stories[] = {{sizeof(trb_story), 0, TRB_STR_INIT("sale"), TRB_STR_INIT("one sale")}};

static trb_status tell(void* self, const trb_story_request* request, const trb_story_sink* sink,
                       const trb_error_sink* error) {
    char body[body_bytes_max], hex[64];
    if (!same(request->story, stories[0].name))
        return fail(error, TRB_NOT_FOUND, TRB_STR("not_found"), TRB_STR("there is one story, 'sale'"));
    const int size = snprintf(body, sizeof body, "sale evt_%llu pay_%llu user_%llu 1200",
                              (unsigned long long)request->seed, (unsigned long long)request->seed,
                              (unsigned long long)request->seed);
    const trb_str text = {body, (uint64_t)size};
    sign(self, request->signing_secret, text, hex);
    const trb_pair header = {TRB_STR("Probe-Signature"), {hex, sizeof hex}};
    const trb_told_delivery delivery = {.struct_size = sizeof delivery,
                                        .header_count = 1,
                                        .name = stories[0].name,
                                        .at_ms = request->at_ms,
                                        .headers = &header,
                                        .body = text};
    sink->delivery(sink->ctx, &delivery);
    sink->expect(sink->ctx, TRB_STR("sales"), 1);
    return TRB_OK;
}

static trb_status create(const trb_host* host, trb_str config, const trb_error_sink* error, void** self) {
    (void)config, (void)error;
    *self = (void*)host;
    return TRB_OK;
}
static trb_status start(void* self, const trb_error_sink* error) {
    return (void)self, (void)error, TRB_OK;
}
static void end(void* self) {
    (void)self;
}

static const void* get_extension(trb_str id) {
    static const trb_provider_v1 provider = {
        .struct_size = sizeof provider, .normaliser_version = 1, .verify = verify, .normalise = normalise};
    static const trb_simulator_v1 simulator = {.struct_size = sizeof simulator,
                                               .stories = stories,
                                               .story_count = 1,
                                               .story_stride = sizeof(trb_story),
                                               .tell = tell};
    if (same(id, TRB_STR(TRB_EXT_PROVIDER)))
        return &provider;
    return same(id, TRB_STR(TRB_EXT_SIMULATOR)) ? &simulator : NULL;
}

const trb_plugin* tributary_plugin_entry(void) {
    static const trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_PROVIDER), TRB_STR_INIT(TRB_EXT_SIMULATOR)};
    static const trb_str services[] = {TRB_STR_INIT(TRB_SERVICE_CRYPTO)};
    static const trb_plugin plugin = {.struct_size = sizeof plugin,
                                      .magic = TRB_ABI_MAGIC,
                                      .abi_major = TRB_ABI_MAJOR,
                                      .abi_minor = TRB_ABI_MINOR,
                                      .id = TRB_STR_INIT(TRIBUTARY_PLUGIN_ID),
                                      .short_name = TRB_STR_INIT("probe"),
                                      .version = TRB_STR_INIT("1.0.0"),
                                      .vendor = TRB_STR_INIT("tests"),
                                      .extensions = extensions,
                                      .extension_count = 2,
                                      .requirements = services,
                                      .requirement_count = 1,
                                      .create = create,
                                      .start = start,
                                      .stop = end,
                                      .destroy = end,
                                      .get_extension = get_extension};
    return &plugin;
}

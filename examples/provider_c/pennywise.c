/* A payment provider in plain C11, to be read and copied. "pennywise" does not exist; README.md says how its
 * signed JSON events look. verify() and normalise() are pure functions of what they are given: duplicates,
 * order, storage and HTTP are the host's concern. */
#include <tributary/abi/plugin.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/services.h>

#include <stdio.h>
#include <string.h>

#include "event.h"

enum {
    body_bytes_max = 65536, /* of an event; ten times the largest */
    tolerance_s = 300       /* how far the signature's time may be from the arrival, either way */
};

static trb_status fail(const trb_error_sink* error, trb_status status, const char* code,
                       const char* message) {
    if (error != NULL && error->report != NULL)
        error->report(error->ctx, word(code), word(message), 0);
    return status;
}

static trb_status malformed(const trb_error_sink* error, const char* member) {
    char message[96];
    snprintf(message, sizeof message, "the member '%s' is missing or not what it has to be", member);
    return fail(error, TRB_INVALID, "malformed_event", message);
}

static bool is_signature_header(trb_str name) {
    static const char lower[] = "pennywise-signature";
    bool equal = name.size == sizeof lower - 1;
    for (uint64_t index = 0; equal && index < name.size; ++index)
        equal = (name.data[index] >= 'A' && name.data[index] <= 'Z' ? name.data[index] + 32
                                                                    : name.data[index]) == lower[index];
    return equal;
}

static trb_status check_signature(const trb_host* host, const trb_connection* connection,
                                  const trb_record* delivery, const trb_error_sink* error) {
    const trb_host_crypto_v1* const crypto = host->get_service(host, TRB_STR(TRB_SERVICE_CRYPTO));
    trb_str given = {NULL, 0};
    for (uint64_t index = 0; index < delivery->header_count; ++index)
        if (is_signature_header(delivery->headers[index].name)) {
            if (given.data != NULL)
                return fail(error, TRB_REJECTED, "repeated_signature", "Pennywise-Signature came twice");
            given = delivery->headers[index].value;
        }
    /* t=1760000000,v1=<64 digits>: what is signed is the time's digits, a dot and the body. */
    char text[digits_max + 1 + body_bytes_max], expected[64];
    uint8_t digest[32];
    int64_t signed_s = 0;
    uint64_t digits = 0;
    for (; digits < digits_max && digits + 2 < given.size; ++digits) {
        const char digit = given.data[digits + 2];
        if (digit < '0' || digit > '9')
            break;
        text[digits] = digit;
        signed_s = signed_s * 10 + (digit - '0');
    }
    if (digits == 0 || given.size != 2 + digits + 4 + 64 || memcmp(given.data, "t=", 2) != 0 ||
        memcmp(given.data + 2 + digits, ",v1=", 4) != 0)
        return fail(error, TRB_REJECTED, "no_signature", "no header Pennywise-Signature: t=...,v1=...");
    text[digits] = '.';
    memcpy(text + digits + 1, delivery->body.data, delivery->body.size);
    int32_t matches = 0;
    for (uint64_t index = 0; index < connection->secret_count; ++index) {
        const trb_secret* secret = &connection->secrets[index];
        /* Anybody can sign with an empty secret. */
        if (!same(secret->name, TRB_STR("signing")) || secret->value.size == 0)
            continue;
        crypto->hmac_sha256(secret->value, (trb_str){text, digits + 1 + delivery->body.size}, digest);
        crypto->hex_encode((trb_str){(const char*)digest, sizeof digest}, expected);
        matches |=
            crypto->equal((trb_str){expected, sizeof expected}, (trb_str){given.data + 2 + digits + 4, 64});
    }
    if (matches == 0)
        return fail(error, TRB_REJECTED, "signature_mismatch", "no secret 'signing' gives this signature");
    const int64_t age_s = delivery->received_at_ms / 1000 - signed_s;
    if (age_s > tolerance_s || age_s < -tolerance_s)
        return fail(error, TRB_REJECTED, "stale_timestamp", "it was signed more than 300 s ago or ahead");
    return TRB_OK;
}

static trb_status verify(void* self, const trb_connection* connection, const trb_record* records,
                         uint64_t count, uint64_t stride, const trb_verify_sink* sink,
                         const trb_error_sink* error) {
    (void)count; /* records[0] is the delivery; there are no others, as nothing is ever asked for */
    (void)stride;
    if (records->body.size == 0 || records->body.size > body_bytes_max)
        return fail(error, TRB_INVALID, "wrong_size", "the body is empty, or longer than 64 KiB");
    const trb_status genuine = check_signature(self, connection, records, error);
    if (genuine != TRB_OK)
        return genuine;
    document event;
    if (!parse(records->body, &event))
        return fail(error, TRB_INVALID, "malformed_json", "the body is not JSON as event.h reads it");
    const trb_str id = id_of(&event, whole, "id");
    const trb_str type = text_of(&event, whole, "type", true);
    const bool live = flag_of(&event, whole, "live");
    if (event.wrong != NULL)
        return malformed(error, event.wrong);
    if (live != (connection->environment == TRB_LIVE))
        return fail(error, TRB_REJECTED, "wrong_environment",
                    "live, and the connection is not, or the reverse");
    const trb_item item = {
        .struct_size = sizeof item, .verdict = TRB_ITEM_ACCEPTED, .dedupe_key = id, .event_type = type};
    sink->item(sink->ctx, &item);
    return TRB_OK;
}

static trb_status emit(const document* event, const trb_fact* fact, const trb_fact_sink* sink,
                       const trb_error_sink* error) {
    if (event->wrong != NULL)
        return malformed(error, event->wrong);
    if (sink->emit(sink->ctx, fact) != TRB_OK)
        return fail(error, TRB_INVALID, "refused_fact", "the host refused the fact: is all text UTF-8?");
    return TRB_OK;
}

static trb_status tell_payment(document* event, int data, trb_fact fact, const trb_fact_sink* sink,
                               const trb_error_sink* error) {
    const int metadata = object_of(event, data, "metadata", false);
    const trb_str order = id_of(event, data, "order"); /* the same sale, before it was paid */
    const trb_money paid = money_of(event, data, "amount"), tax = money_of(event, data, "tax");
    trb_money without_tax = paid; /* what a partner's share is computed from */
    without_tax.amount_minor -= tax.amount_minor;
    if (without_tax.amount_minor < 0)
        wrong(event, "tax");
    const int64_t paid_at_ms = integer_of(event, data, "paid_at");
    const trb_payment payment = {.struct_size = sizeof payment,
                                 .present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_PAID_AT) |
                                            TRB_BIT(TRB_PAYMENT_CASH) | TRB_BIT(TRB_PAYMENT_TOTAL) |
                                            TRB_BIT(TRB_PAYMENT_TOTAL_WITHOUT_TAX) | TRB_BIT(TRB_PAYMENT_TAX),
                                 .status = TRB_PAYMENT_SUCCEEDED,
                                 .paid_at_ms = paid_at_ms,
                                 .cash = paid,
                                 .total = paid,
                                 .total_without_tax = without_tax,
                                 .tax = tax};
    /* Whose is it? The customer joins histories, the shop's own user decides, the click only hints. */
    trb_claim claims[3] = {{TRB_CLAIM_SHARED, 0, TRB_STR("customer"), id_of(event, data, "customer")}};
    const trb_str user = text_of(event, metadata, "user", false);
    const trb_str click = text_of(event, metadata, "click", false);
    fact.claim_count = 1;
    if (user.size != 0)
        claims[fact.claim_count++] = (trb_claim){TRB_CLAIM_EXCLUSIVE, 0, TRB_STR("user"), user};
    if (click.size != 0)
        claims[fact.claim_count++] = (trb_claim){TRB_CLAIM_HINT, 0, TRB_STR("click"), click};
    fact.kind = TRB_KIND_PAYMENT;
    fact.occurred_at_ms = paid_at_ms;
    fact.same_as = &order;
    fact.same_as_count = 1;
    fact.claims = claims;
    fact.body = &payment;
    return emit(event, &fact, sink, error);
}

static trb_status tell_refund(document* event, int data, trb_fact fact, const trb_fact_sink* sink,
                              const trb_error_sink* error) {
    const trb_str payment = id_of(event, data, "payment");
    const int64_t created_at_ms = integer_of(event, data, "created");
    trb_refund refund = {.struct_size = sizeof refund,
                         .present = TRB_BIT(TRB_REFUND_STATUS) | TRB_BIT(TRB_REFUND_AMOUNT) |
                                    TRB_BIT(TRB_REFUND_CREATED_AT),
                         .status = TRB_REFUND_SUCCEEDED,
                         .amount = money_of(event, data, "amount"),
                         .reason = text_of(event, data, "reason", false),
                         .created_at_ms = created_at_ms};
    if (refund.reason.size != 0) /* What is not told is left out, which is not the same as empty. */
        refund.present |= TRB_BIT(TRB_REFUND_REASON);
    const trb_claim claim = {TRB_CLAIM_SHARED, 0, TRB_STR("customer"), id_of(event, data, "customer")};
    fact.kind = TRB_KIND_REFUND;
    fact.occurred_at_ms = created_at_ms;
    fact.parents = &payment; /* known or not yet: the refund waits in the history for it */
    fact.parent_count = 1;
    fact.claims = &claim;
    fact.claim_count = 1;
    fact.body = &refund;
    return emit(event, &fact, sink, error);
}

static trb_status normalise(void* self, const trb_connection* connection, const trb_record* records,
                            uint64_t count, uint64_t stride, const trb_fact_sink* sink,
                            const trb_error_sink* error) {
    (void)self, (void)connection, (void)count, (void)stride;
    document event;
    if (!parse(records->body, &event))
        return fail(error, TRB_INVALID, "malformed_json", "the body is not JSON as event.h reads it");
    const trb_str type = text_of(&event, whole, "type", true);
    const int data = object_of(&event, whole, "data", true);
    const trb_fact fact = {.struct_size = sizeof fact,
                           .document_id = id_of(&event, data, "id"),
                           .source_time_ms = integer_of(&event, whole, "created"),
                           .source_rank = 1};
    if (same(type, TRB_STR("payment.succeeded")))
        return tell_payment(&event, data, fact, sink, error);
    if (same(type, TRB_STR("refund.succeeded")))
        return tell_refund(&event, data, fact, sink, error);
    sink->note(sink->ctx, TRB_STR("unsupported"), TRB_STR("neither a payment nor a refund that succeeded"));
    return TRB_OK;
}

/* An instance has nothing of its own but its host. */
static trb_status create(const trb_host* host, trb_str config, const trb_error_sink* error, void** self) {
    if (!same(config, TRB_STR("{}")))
        return fail(error, TRB_INVALID, "unknown_key", "there is nothing to configure in [pennywise]");
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
    return same(id, TRB_STR(TRB_EXT_PROVIDER)) ? &provider : NULL;
}

const trb_plugin* tributary_plugin_entry(void) {
    static const trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_PROVIDER)};
    static const trb_str services[] = {TRB_STR_INIT(TRB_SERVICE_CRYPTO)};
    static const trb_plugin plugin = {.struct_size = sizeof plugin,
                                      .magic = TRB_ABI_MAGIC,
                                      .abi_major = TRB_ABI_MAJOR,
                                      .abi_minor = TRB_ABI_MINOR,
                                      .id = TRB_STR_INIT(TRIBUTARY_PLUGIN_ID),
                                      .short_name = TRB_STR_INIT("pennywise"),
                                      .version = TRB_STR_INIT("0.1.0"),
                                      .vendor = TRB_STR_INIT("the tributary authors"),
                                      .extensions = extensions,
                                      .extension_count = 1,
                                      .requirements = services,
                                      .requirement_count = 1,
                                      .create = create,
                                      .start = start,
                                      .stop = end,
                                      .destroy = end,
                                      .get_extension = get_extension};
    return &plugin;
}

/* tributary.provider/1: a payment provider's deliveries, verified and put into our words.
 *
 * Both calls are pure functions of (connection, records): no clock but received_at_ms, no network, no state.
 * That is what makes a rebuild possible: the host stores every record, and may normalise it again years
 * later.
 */
#ifndef TRIBUTARY_ABI_PROVIDER_H
#define TRIBUTARY_ABI_PROVIDER_H

#include <tributary/abi/base.h>
#include <tributary/abi/fact.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_PROVIDER "tributary.provider/1"

/* Environment. CLOSED. */
#define TRB_LIVE 1
#define TRB_SANDBOX 2

/* One secret of a connection. Several of one name may be active at once (a rolled signing secret). */
typedef struct trb_secret {
    trb_str name; /* "signing", "api_key" */
    trb_str value;
} trb_secret;

/* The account that a delivery came in for. */
typedef struct trb_connection {
    uint32_t struct_size;
    int32_t environment;
    trb_str id;
    trb_str realm;             /* "acme:acct_1" */
    trb_str settings;          /* JSON object, the operator's settings of this connection; "{}" when none */
    const trb_secret* secrets; /* empty in normalise: facts never depend on a secret */
    uint64_t secret_count;
} trb_connection;

/* Source of a record. OPEN. */
#define TRB_RECORD_DELIVERY 1 /* the provider called us */
#define TRB_RECORD_ANSWER 2   /* the answer to a trb_http_request of this plugin */

/* One inbox record: what was received, byte for byte. */
typedef struct trb_record {
    uint32_t struct_size;
    int32_t source;
    int64_t received_at_ms;
    trb_str method;
    trb_str path;            /* what follows the connection's own path; "" mostly */
    trb_str query;           /* raw, without '?' */
    const trb_pair* headers; /* all of them in order, repeated ones too; names as received */
    uint64_t header_count;
    trb_str body;        /* of the whole delivery, also when only one item of it is meant */
    int64_t http_status; /* answers only */
    trb_str purpose;     /* answers only: of the request */
    uint32_t item;       /* normalise: which item of the delivery, as numbered by verify, from 0 */
    uint32_t authentic;  /* normalise: 1 the item was accepted, or this is an answer; 0 a hint: only want()
                            may be used */
} trb_record;

/* Verdict on one item. CLOSED. */
#define TRB_ITEM_ACCEPTED 1
#define TRB_ITEM_REJECTED 2
#define TRB_ITEM_HINT 3 /* cannot be authenticated: books nothing, only a fetch may follow */

typedef struct trb_item {
    uint32_t struct_size;
    int32_t verdict;
    trb_str dedupe_key; /* event id, or whatever names this telling; same key and same bytes: dropped */
    trb_str content;    /* the part of the body that is this item; empty: the whole body */
    trb_str event_type; /* the provider's word, for people */
    trb_str reason;     /* with REJECTED: a snake_case word, "signature_mismatch" */
    trb_str detail;     /* with REJECTED: a sentence that helps whoever debugs it, without secrets */
} trb_item;

/* Where verify puts its results.
 * item    in order; 0..n of them. No item at all: "nothing to see", answered 200 and kept as ignored.
 * need    instead of items: cannot decide without the answer to this request. verify is called again with it.
 * answer  optional: the HTTP answer that the provider insists on, used when the delivery is acknowledged. */
typedef struct trb_verify_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*item)(void* ctx, const trb_item* item) TRB_NOEXCEPT;
    void (*need)(void* ctx, const trb_http_request* request) TRB_NOEXCEPT;
    void (*answer)(void* ctx, int32_t status, trb_str content_type, trb_str body) TRB_NOEXCEPT;
} trb_verify_sink;

/* Codes of a note. OPEN: any snake_case word may be used. */
#define TRB_NOTE_UNSUPPORTED "unsupported" /* this is not read */
#define TRB_NOTE_IGNORED "ignored"         /* this is read, and says nothing that matters */
/* The source says something in a way that the plugin does not know: a word, a type, a version, a place. The
 * text is three parts, each separated by one blank: PATH VERSION SEEN. PATH ("invoice.status") and VERSION
 * (of the source's API, "-" when it is not told) hold no blank; SEEN is what was found there: a word, or what
 * is wrong, never an amount or a person's data. The host counts records by the three and shows them to the
 * operator. What is not understood is left unstated, or takes a value that books nothing. */
#define TRB_NOTE_DRIFT "drift"

/* Where normalise puts its results.
 * emit  one fact; copied. TRB_INVALID when it breaks a rule of fact.h: the record is then kept as failed.
 * want  further truth is needed: the answer becomes a record and is normalised in its turn.
 * note  why something was not turned into a fact: a code (TRB_NOTE_*) and a sentence.
 */
typedef struct trb_fact_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    trb_status (*emit)(void* ctx, const trb_fact* fact) TRB_NOEXCEPT;
    void (*want)(void* ctx, const trb_http_request* request) TRB_NOEXCEPT;
    void (*note)(void* ctx, trb_str code, trb_str text) TRB_NOEXCEPT;
} trb_fact_sink;

typedef struct trb_provider_v1 {
    uint32_t struct_size;
    uint32_t normaliser_version; /* raise it when the same bytes give other facts */
    /* [any] Is it genuine? records[0] is the delivery; the others are answers to need(), oldest first.
     * TRB_OK: see the sink. TRB_INVALID: cannot be read at all (answered 400). TRB_RETRY / TRB_INTERNAL:
     * answered 503 / 500, nothing is stored, the provider will deliver again. Called before the bytes are on
     * disk; must return within 10 ms. */
    trb_status (*verify)(void* self, const trb_connection* connection, const trb_record* records,
                         uint64_t record_count, uint64_t record_stride, const trb_verify_sink* sink,
                         const trb_error_sink* error) TRB_NOEXCEPT;
    /* [any] What does records[0] say? The others are what it was fetched for, nearest first. An unknown event
     * is TRB_OK with a note and no fact. A failure keeps the record as failed; it can be replayed. */
    trb_status (*normalise)(void* self, const trb_connection* connection, const trb_record* records,
                            uint64_t record_count, uint64_t record_stride, const trb_fact_sink* sink,
                            const trb_error_sink* error) TRB_NOEXCEPT;
    /* [any] Optional: the request that reads a document anew, asked once when two versions of it tie.
     * TRB_UNSUPPORTED when there is none. */
    trb_status (*reread)(void* self, const trb_connection* connection, int32_t kind, trb_str document_id,
                         const trb_fact_sink* sink, const trb_error_sink* error) TRB_NOEXCEPT;
} trb_provider_v1;

#ifdef __cplusplus
}
#endif
#endif

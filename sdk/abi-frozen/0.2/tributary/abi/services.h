/* Host services, by id through trb_host.get_service. All are [any] unless said otherwise.
 */
#ifndef TRIBUTARY_ABI_SERVICES_H
#define TRIBUTARY_ABI_SERVICES_H

#include <tributary/abi/base.h>
#include <tributary/abi/fact.h>
#include <tributary/abi/projection.h>

#ifdef __cplusplus
extern "C" {
#endif

struct trb_host;  /* plugin.h */
struct trb_scope; /* http_routes.h */

/* ---- log ------------------------------------------------------------------------------------ */
#define TRB_SERVICE_LOG "tributary.host.log/1"
#define TRB_LOG_DEBUG 1
#define TRB_LOG_INFO 2
#define TRB_LOG_WARN 3
#define TRB_LOG_ERROR 4
/* A line is an event name and fields; the host adds time, plugin and instance. Never a secret. */
typedef struct trb_host_log_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    void (*write)(const struct trb_host* host, int32_t level, trb_str event, const trb_pair* fields,
                  uint64_t field_count) TRB_NOEXCEPT;
} trb_host_log_v1;

/* ---- clock ---------------------------------------------------------------------------------- */
#define TRB_SERVICE_CLOCK "tributary.host.clock/1"
/* Wall clock, and random bytes that a simulation can replay. Not for folds and normalisers. */
typedef struct trb_host_clock_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t (*now_ms)(const struct trb_host* host) TRB_NOEXCEPT;
    void (*random)(const struct trb_host* host, void* bytes, uint64_t count) TRB_NOEXCEPT;
} trb_host_clock_v1;

/* ---- crypto --------------------------------------------------------------------------------- */
#define TRB_SERVICE_CRYPTO "tributary.host.crypto/1"
typedef struct trb_host_crypto_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    void (*sha256)(trb_str bytes, uint8_t out[32]) TRB_NOEXCEPT;
    void (*hmac_sha256)(trb_str key, trb_str bytes, uint8_t out[32]) TRB_NOEXCEPT;
    /* 1 when equal; time depends on the sizes only. */
    int32_t (*equal)(trb_str left, trb_str right) TRB_NOEXCEPT;
    /* Lower-case hexadecimal; out has room for 2 * size. */
    void (*hex_encode)(trb_str bytes, char* out) TRB_NOEXCEPT;
    /* Returns the number of bytes written to out (room for size / 2), or -1 when malformed. */
    int64_t (*hex_decode)(trb_str text, uint8_t* out) TRB_NOEXCEPT;
    /* Standard alphabet with padding; out has room for 4 * ((size + 2) / 3). Returns the length. */
    int64_t (*base64_encode)(trb_str bytes, char* out) TRB_NOEXCEPT;
    /* Returns the number of bytes written to out (room for 3 * (size / 4)), or -1 when malformed. */
    int64_t (*base64_decode)(trb_str text, uint8_t* out) TRB_NOEXCEPT;
} trb_host_crypto_v1;

/* ---- metrics -------------------------------------------------------------------------------- */
#define TRB_SERVICE_METRICS "tributary.host.metrics/1"
/* Adds to the counter tributary_plugin_<name>_total{plugin, reason}. */
typedef struct trb_host_metrics_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    void (*count)(const struct trb_host* host, trb_str name, trb_str reason, uint64_t add) TRB_NOEXCEPT;
} trb_host_metrics_v1;

/* ---- store ---------------------------------------------------------------------------------- */
#define TRB_SERVICE_STORE "tributary.host.store/1"
/* SQL on the plugin's own tables and on the published views, and nothing else, inside the transaction of the
 * call. Views: published_domain(workspace_id, environment, domain) and published_rollup(workspace_id,
 * environment, measure, dimension, currency, day, value), the sums of measures; the host itself counts
 * "clicks" with the link as dimension. Parameters are $1, $2 ... in order of their first appearance. Every
 * statement names workspace_id and environment; the integers to bind for them come from the two functions
 * below. */
typedef struct trb_host_store_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* The integers to bind for workspace_id and environment. */
    int64_t (*workspace)(struct trb_scope* scope) TRB_NOEXCEPT;
    int64_t (*environment)(struct trb_scope* scope) TRB_NOEXCEPT;
    /* row_fn once per row. */
    trb_status (*query)(struct trb_scope* scope, trb_str sql, const trb_cell* parameters, uint64_t count,
                        trb_lookup_row_fn row_fn, void* row_ctx, const trb_error_sink* error) TRB_NOEXCEPT;
    /* WRITE routes only (else TRB_UNSUPPORTED). TRB_CONFLICT: a uniqueness constraint. changed: number of
     * rows, may be NULL. */
    trb_status (*execute)(struct trb_scope* scope, trb_str sql, const trb_cell* parameters, uint64_t count,
                          uint64_t* changed, const trb_error_sink* error) TRB_NOEXCEPT;
    /* Says that what lookup(kind, key) answers is different now, for times from effective_from_ms on. Whoever
     * read it is folded again. */
    trb_status (*changed)(struct trb_scope* scope, trb_str kind, trb_str key,
                          int64_t effective_from_ms) TRB_NOEXCEPT;
    /* Makes an id: prefix, then 26 characters that sort by time (ULID). Returns its length; out has room for
     * prefix + 26. */
    uint64_t (*make_id)(struct trb_scope* scope, trb_str prefix, char* out) TRB_NOEXCEPT;
} trb_host_store_v1;

/* ---- facts: what an API call decided or reported ----------------------------------------------- */
#define TRB_SERVICE_FACTS "tributary.host.facts/1"
/* WRITE routes only. The call itself becomes an inbox record that holds these facts: a rebuild reads them
 * there. */
typedef struct trb_host_facts_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* A fact of the workspace's own realm (trb_fact.realm empty) or of the named one. TRB_COMMAND sequence is
     * given by the host. idempotency_key: when not empty and already used in this workspace: TRB_CONFLICT,
     * nothing is stored. */
    trb_status (*emit)(struct trb_scope* scope, const trb_fact* fact, trb_str idempotency_key,
                       const trb_error_sink* error) TRB_NOEXCEPT;
    /* Folds the subjects of what was emitted so far, now, inside this transaction: the call may read its own
     * effects. */
    trb_status (*settle)(struct trb_scope* scope, const trb_error_sink* error) TRB_NOEXCEPT;
} trb_host_facts_v1;

/* ---- clicks --------------------------------------------------------------------------------- */
#define TRB_SERVICE_CLICKS "tributary.host.clicks/1"
typedef struct trb_host_clicks_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* The click id of this visitor on this link in this UTC hour: 16 characters 0-9A-Za-z, the same on every
     * daemon. visitor: whatever tells visitors apart (address and user agent); only its keyed hash is kept.
     */
    void (*make_id)(struct trb_scope* scope, trb_str link_id, trb_str visitor, char out[16]) TRB_NOEXCEPT;
    /* Records a click; the answer leaves when it is durable. The same id twice counts once. READ and WRITE
     * routes. */
    trb_status (*append)(struct trb_scope* scope, trb_str click_id, const trb_click* click) TRB_NOEXCEPT;
    /* Reads a recorded click. TRB_NOT_FOUND. found is valid inside the callback. */
    trb_status (*find)(struct trb_scope* scope, trb_str click_id,
                       void (*found)(void* ctx, int64_t at_ms, const trb_click* click) TRB_NOEXCEPT,
                       void* ctx) TRB_NOEXCEPT;
} trb_host_clicks_v1;

#ifdef __cplusplus
}
#endif
#endif

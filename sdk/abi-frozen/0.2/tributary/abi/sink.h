/* tributary.sink/1: takes messages out: into a file, a queue, a warehouse, another service.
 *
 * The host hands every stored message of the chosen kinds to the sink, in the order in which they were
 * stored, at least once: after a crash the last one may come again, with the same id.
 */
#ifndef TRIBUTARY_ABI_SINK_H
#define TRIBUTARY_ABI_SINK_H

#include <tributary/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_SINK "tributary.sink/1"

/* A message on its way out. id is the same whenever this message is handed over: use it to drop repetitions.
 */
typedef struct trb_outgoing {
    uint32_t struct_size;
    int32_t environment; /* TRB_LIVE, TRB_SANDBOX: provider.h */
    trb_str workspace;   /* public id */
    trb_str id;          /* unique in the installation */
    trb_str kind;        /* "sale.created" */
    trb_str key;         /* what it is about: (kind, key) is told once, and once more when corrected */
    int64_t at_ms;       /* when what it tells of happened */
    trb_str body;        /* JSON */
    uint32_t corrected;  /* 1: replaces what was told before under (kind, key) */
    uint32_t attempt;    /* 1 at first */
} trb_outgoing;

/* request  instead of delivering by itself: the host makes the request. 2xx: taken. 408, 425, 429, 5xx or no
 *          answer: tried again. Anything else: kept as failed. At most once in a call. */
typedef struct trb_outgoing_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*request)(void* ctx, const trb_http_request* request) TRB_NOEXCEPT;
} trb_outgoing_sink;

typedef struct trb_sink_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    const trb_str* kinds; /* of messages that it wants; none: all */
    uint64_t kind_count;
    /* [instance] Takes one message, on a thread that may wait: up to 10 s.
     * TRB_OK                    it is on stable storage on the other side, or request() was called.
     * TRB_RETRY, TRB_CANCELLED  the same message again, not before retry_after_ms; later ones wait.
     * TRB_INVALID, TRB_REJECTED this message never: kept as failed, shown, and the next one follows.
     * anything else             as TRB_RETRY, with growing pauses. */
    trb_status (*deliver)(void* self, const trb_outgoing* message, const trb_outgoing_sink* sink,
                          const trb_error_sink* error) TRB_NOEXCEPT;
} trb_sink_v1;

#ifdef __cplusplus
}
#endif
#endif

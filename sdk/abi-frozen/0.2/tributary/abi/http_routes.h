/* tributary.http_routes/1: answers HTTP requests: the APIs that people already have clients for, and
 * redirects.
 */
#ifndef TRIBUTARY_ABI_HTTP_ROUTES_H
#define TRIBUTARY_ABI_HTTP_ROUTES_H

#include <tributary/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_HTTP_ROUTES "tributary.http_routes/1"

/* Who may call a route. CLOSED. */
#define TRB_ACCESS_KEY 1    /* an API key with the scope; it says workspace and environment */
#define TRB_ACCESS_DOMAIN 2 /* anybody, on a Host that is a configured domain of a workspace */

/* How a route runs. CLOSED. */
#define TRB_ROUTE_READ 1  /* on a snapshot; may append clicks: answers when they are durable */
#define TRB_ROUTE_WRITE 2 /* alone, in a transaction that is synced before the answer leaves */

typedef struct trb_route {
    uint32_t struct_size;
    int32_t access;
    int32_t mode;
    uint32_t reserved;
    trb_str method;  /* "GET"; "*" any */
    trb_str pattern; /* "/links/{id}": a name takes one segment; a last {rest*} takes all that is left. KEY
                        routes are served with and without the prefix /api */
    trb_str scope;   /* "links.write"; KEY only */
} trb_route;

struct trb_scope; /* handle of this call's transaction, for the services store, facts and clicks; dead after
                     return */

typedef struct trb_call {
    uint32_t struct_size;
    int32_t environment;
    trb_str workspace; /* public id */
    int64_t now_ms;
    struct trb_scope* scope;
    trb_str method;
    trb_str host;  /* lower case, without port */
    trb_str path;  /* decoded */
    trb_str query; /* raw */
    const trb_pair* headers;
    uint64_t header_count;
    trb_str body;
    const trb_pair* parameters; /* of the pattern, decoded */
    uint64_t parameter_count;
    trb_str remote_address; /* of the client, after trusted proxies */
    trb_str request_id;
    trb_str base_url; /* scheme and authority as the client sees them, "https://go.example.com" */
    trb_str key_id;   /* KEY: visible prefix of the key; audit */
} trb_call;

/* The answer; call reply exactly once. */
typedef struct trb_reply_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*reply)(void* ctx, int32_t status, const trb_pair* headers, uint64_t header_count,
                  trb_str body) TRB_NOEXCEPT;
} trb_reply_sink;

typedef struct trb_http_routes_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    const trb_route* routes;
    uint64_t route_count;
    uint64_t route_stride;
    /* READ [any], WRITE [instance]. Other than TRB_OK: the transaction is rolled back and the host answers
     * (INVALID 400, NOT_FOUND 404, CONFLICT 409, RETRY 503, else 500 with the request id). A reply of 400 or
     * above from a WRITE route rolls back too. */
    trb_status (*handle)(void* self, uint64_t route, const trb_call* call, const trb_reply_sink* sink,
                         const trb_error_sink* error) TRB_NOEXCEPT;
    /* Optional. Renders an error of the host itself (no such key, no such route, too large) in the API's own
     * shape. code is a word such as "unauthorized"; NULL or non-OK: the host's own shape. */
    trb_status (*render_error)(void* self, int32_t status, trb_str code, trb_str message,
                               const trb_reply_sink* sink) TRB_NOEXCEPT;
} trb_http_routes_v1;

#ifdef __cplusplus
}
#endif
#endif

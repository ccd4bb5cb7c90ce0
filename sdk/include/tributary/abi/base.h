/* tributary plugin ABI, draft 2: the words that every other header uses.
 *
 * STABILITY  This ABI is a draft until a second provider and a second projection have passed through
 * it. A draft has a number (TRB_ABI_MINOR while the major one is 0), and a host refuses a plugin of another
 * draft; within a draft only optional members and new declarations are added, each at its end. From 1.0 on: a
 * released declaration never changes, neither its layout nor its meaning; a table only grows by optional
 * members at its end (TRB_HAS tells whether they are there); everything else becomes a new extension revision
 * beside the old one.
 *
 * RULES that hold everywhere
 *  - Strings are views (trb_str): UTF-8, not NUL-terminated, valid until the call they were passed to
 *    returns. Who wants to keep one copies it. Nothing is ever freed by the other side.
 *  - Output goes through sinks: tables of functions that the caller provides; the receiver copies.
 *  - Every struct starts with struct_size, set by whoever fills it in. Readers check TRB_HAS before
 *    they touch a member that was not in the first release. Arrays of structs carry a stride.
 *  - Every function pointer is noexcept in C++: an exception never crosses this boundary.
 *  - Enumerations are int32_t and constants. OPEN ones may grow: treat an unknown value as "unknown".
 *    CLOSED ones do not grow within a revision.
 *  - Money is an integer in minor units with its currency and that amount's own exponent.
 *  - Times are Unix milliseconds, UTC.
 *
 * THREADS  [any] may be called from any thread, several at once; `self` is not to be changed without the
 * plugin's own lock. [instance] the host never makes two such calls on one instance at a time.
 */
#ifndef TRIBUTARY_ABI_BASE_H
#define TRIBUTARY_ABI_BASE_H

#include <stddef.h>
#include <stdint.h>

#define TRB_ABI_MAGIC 0x54524231u /* "TRB1" */
#define TRB_ABI_MAJOR 0u          /* 0: draft; must be equal on both sides */
#define TRB_ABI_MINOR 2u          /* while major is 0 the minor must be equal too */

#ifdef __cplusplus
#define TRB_NOEXCEPT noexcept
#else
#define TRB_NOEXCEPT
#endif

/* Is `member` of `type` present in the struct that `pointer` points to? */
#define TRB_HAS(type, pointer, member)                                                                       \
    (offsetof(type, member) + sizeof(((const type*)0)->member) <= (pointer)->struct_size)

/* Marks the one function that a plugin exports. */
#define TRB_EXPORT __attribute__((visibility("default")))

/* A string literal as a view: to initialise one, also a static one, and as an expression. */
#define TRB_STR_INIT(literal)                                                                                \
    { "" literal "", sizeof(literal) - 1 }
#ifdef __cplusplus
#define TRB_STR(literal) (trb_str TRB_STR_INIT(literal))
#else
#define TRB_STR(literal) ((trb_str)TRB_STR_INIT(literal))
#endif

/* The element of an array that carries a stride, as a pointer to constant. Never index such an array. */
#define TRB_AT(type, first, index, stride)                                                                   \
    ((const type*)(const void*)((const char*)(first) + (uint64_t)(index) * (stride)))

#ifdef __cplusplus
extern "C" {
#endif

/* A view of UTF-8 text or of bytes. data may be NULL only when size is 0. */
typedef struct trb_str {
    const char* data;
    uint64_t size;
} trb_str;

/* What a call came to. OPEN. */
typedef int32_t trb_status;
#define TRB_OK 0
#define TRB_INVALID 1     /* what was passed in is malformed; trying again changes nothing */
#define TRB_UNSUPPORTED 2 /* the callee does not offer this */
#define TRB_REJECTED 3    /* not genuine: bad signature, stale, wrong secret */
#define TRB_RETRY 4       /* failed now, may work later; see retry_after_ms of the error sink */
#define TRB_INTERNAL 5    /* a fault of the callee */
#define TRB_CANCELLED 6   /* the host is stopping */
#define TRB_NOT_FOUND 7   /* the thing asked for does not exist */
#define TRB_CONFLICT 8    /* exists already, or changed underneath */

/* Where a failing callee says why. Optional: a callee may return a status and report nothing.
 * code     one stable snake_case word that programs may test, e.g. "stale_timestamp".
 * message  one sentence for a person; never contains a secret.
 * retry_after_ms  with TRB_RETRY: how long to wait at least, 0 when unknown. */
typedef struct trb_error_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*report)(void* ctx, trb_str code, trb_str message, int64_t retry_after_ms) TRB_NOEXCEPT;
} trb_error_sink;

/* An amount. currency is the ISO 4217 code in upper case, NUL-terminated. exponent is that of
 * amount_minor (USD 1234 with exponent 2 is 12.34); it is stated, never assumed. */
typedef struct trb_money {
    int64_t amount_minor;
    char currency[4];
    uint32_t exponent;
} trb_money;

/* Name and value, e.g. an HTTP header or a metadata entry. Size is frozen: no stride needed. */
typedef struct trb_pair {
    trb_str name;
    trb_str value;
} trb_pair;

/* An HTTP request that the plugin wants the host to make (sans-IO: plugins open no sockets). The host
 * applies deadline, retries and rate limit.
 * purpose  comes back with the answer (trb_record.purpose), and (connection, purpose) is the dedupe key:
 *          wanting the same purpose twice makes one request.
 * {secret:NAME} in a header's value or in the body is replaced by the newest secret of that name of the
 * connection when the request is sent; what is stored never contains it. While the connection has no such
 * secret the request fails and is tried again. */
typedef struct trb_http_request {
    uint32_t struct_size;
    uint32_t header_count;
    trb_str method;
    trb_str url; /* absolute, https */
    const trb_pair* headers;
    trb_str body;
    trb_str purpose;
} trb_http_request;

#ifdef __cplusplus
}
#endif
#endif

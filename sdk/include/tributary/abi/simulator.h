/* tributary.simulator/1: tells whole stories as the provider would deliver them, offline and signed.
 */
#ifndef TRIBUTARY_ABI_SIMULATOR_H
#define TRIBUTARY_ABI_SIMULATOR_H

#include <tributary/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_SIMULATOR "tributary.simulator/1"

typedef struct trb_story {
    uint32_t struct_size;
    uint32_t reserved;
    trb_str name;    /* "one-time" */
    trb_str summary; /* one line */
} trb_story;

/* Same parameters, same bytes. */
typedef struct trb_story_request {
    uint32_t struct_size;
    int32_t environment;
    trb_str story;
    trb_str signing_secret;
    trb_str api_version; /* the provider's; empty: newest */
    uint64_t seed;       /* all ids of the story derive from it */
    int64_t at_ms;       /* when the story happens */
    const trb_pair*
        parameters; /* "click", "user", "email", "amount", "currency", ... as the plugin's README lists */
    uint64_t parameter_count;
    trb_str definition; /* the story itself in the plugin's own format; empty: the one named in story */
} trb_story_request;

typedef struct trb_told_delivery {
    uint32_t struct_size;
    uint32_t header_count;
    trb_str name; /* the event's type, for people */
    int64_t at_ms;
    const trb_pair* headers; /* signature and content type included */
    trb_str body;
} trb_told_delivery;

/* What must be true once all deliveries are in: name "sales", "net", "refunded" ...; an integer, money in
 * minor units. */
typedef struct trb_story_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*delivery)(void* ctx, const trb_told_delivery* delivery) TRB_NOEXCEPT;
    void (*expect)(void* ctx, trb_str name, int64_t value) TRB_NOEXCEPT;
} trb_story_sink;

typedef struct trb_simulator_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    const trb_story* stories;
    uint64_t story_count;
    uint64_t story_stride;
    /* [any] TRB_NOT_FOUND: no such story; TRB_INVALID: a parameter is wrong. */
    trb_status (*tell)(void* self, const trb_story_request* request, const trb_story_sink* sink,
                       const trb_error_sink* error) TRB_NOEXCEPT;
} trb_simulator_v1;

#ifdef __cplusplus
}
#endif
#endif

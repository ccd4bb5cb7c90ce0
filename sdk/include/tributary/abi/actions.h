/* tributary.actions/1: what a person asks for once: does a connection work, set it up, fetch one object.
 *
 * Sans-IO: the plugin says which requests it needs, the host makes them and calls again with all answers so
 * far. Like provider.h the function is pure: the same answers, the same requests and findings.
 */
#ifndef TRIBUTARY_ABI_ACTIONS_H
#define TRIBUTARY_ABI_ACTIONS_H

#include <tributary/abi/base.h>
#include <tributary/abi/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_ACTIONS "tributary.actions/1"

/* What is to be done. OPEN: answer TRB_UNSUPPORTED to one that you do not know. */
#define TRB_ACTION_CHECK 1    /* do the credentials work, and what do they allow? Changes nothing */
#define TRB_ACTION_REGISTER 2 /* make the provider deliver to target_url */
#define TRB_ACTION_REMOVE 3   /* make it deliver to target_url no longer; nothing registered is TRB_OK */
#define TRB_ACTION_FETCH 4 /* read one object: what run() needs becomes records, and those are normalised */

typedef struct trb_action {
    uint32_t struct_size;
    int32_t action;
    trb_str target_url;  /* where deliveries go, absolute; CHECK: empty when nobody knows */
    trb_str document_id; /* FETCH: the object's id at the provider */
    int32_t kind;        /* FETCH: kind of fact (fact.h), 0 when the person did not say */
    uint32_t reserved;
} trb_action;

/* How much a finding matters. CLOSED. */
#define TRB_FINDING_GOOD 1
#define TRB_FINDING_NOTE 2
#define TRB_FINDING_WARNING 3 /* works, but something is missing or wider than need be */
#define TRB_FINDING_PROBLEM 4 /* does not work */

/* One line of the report that a person reads. No secret in it.
 * code     stable snake_case word, "permission_missing"
 * subject  what it is about, "invoices:read"; may be empty
 * message  what was seen, one sentence
 * advice   what to do about it and what that would unlock; may be empty */
typedef struct trb_finding {
    uint32_t struct_size;
    int32_t level;
    trb_str code;
    trb_str subject;
    trb_str message;
    trb_str advice;
} trb_finding;

/* What the host is to keep with the connection. CLOSED. */
#define TRB_KEEP_SECRET 1  /* sealed; an older one of that name stays valid until a person removes it */
#define TRB_KEEP_SETTING 2 /* a member of the connection's settings; value is JSON */

/* need     a request; the host calls run() again when all that were needed have been answered.
 * finding  one line of the report, in the order to be shown.
 * keep     what the provider handed out, such as the secret of a new webhook. Copied at once. */
typedef struct trb_action_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*need)(void* ctx, const trb_http_request* request) TRB_NOEXCEPT;
    void (*finding)(void* ctx, const trb_finding* finding) TRB_NOEXCEPT;
    void (*keep)(void* ctx, int32_t what, trb_str name, trb_str value) TRB_NOEXCEPT;
} trb_action_sink;

typedef struct trb_actions_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] One step of an action. answers: to everything needed so far, in the order in which it was needed;
     * empty at first; trb_record.purpose tells which request it answers. A request that got no answer at all
     * comes as a record with http_status 0 whose body is the reason. The connection has its secrets.
     * A step that needs nothing, or fails, is the last one; only its findings and what it keeps count. The
     * host ends an action after 64 requests. FETCH has one step: answers of what it needs go through the
     * inbox. TRB_OK            see the sink. TRB_UNSUPPORTED   this action is not offered, or not with these
     * credentials: the person is told how to do it by hand (message), and shown the findings. Nothing is
     * kept. TRB_INVALID       the action cannot be done as asked (message). TRB_REJECTED      the provider
     * does not accept the credentials. TRB_RETRY         not now; the person is told when to try again.
     * Nothing is kept. anything else     a fault of the plugin, shown as one. Nothing is kept. */
    trb_status (*run)(void* self, const trb_connection* connection, const trb_action* action,
                      const trb_record* answers, uint64_t answer_count, uint64_t answer_stride,
                      const trb_action_sink* sink, const trb_error_sink* error) TRB_NOEXCEPT;
} trb_actions_v1;

#ifdef __cplusplus
}
#endif
#endif

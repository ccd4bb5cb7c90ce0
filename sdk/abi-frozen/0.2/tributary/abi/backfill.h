/* tributary.backfill/1: reads what happened before the webhooks, page by page.
 *
 * Sans-IO: the plugin says which page to ask for, the host asks, keeps rate limits, retries and the position.
 * Every answer is an inbox record: provider.normalise turns it into facts, exactly as it does with a
 * delivery, so that a page that says what a webhook said changes nothing.
 */
#ifndef TRIBUTARY_ABI_BACKFILL_H
#define TRIBUTARY_ABI_BACKFILL_H

#include <tributary/abi/base.h>
#include <tributary/abi/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_BACKFILL "tributary.backfill/1"

/* What to read: things that were created in [from_ms, until_ms). */
typedef struct trb_backfill_range {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t from_ms;  /* INT64_MIN: from the beginning */
    int64_t until_ms; /* never INT64_MAX: the host fixes it when the backfill begins */
} trb_backfill_range;

/* page      one more page to ask for. cursor: opaque bytes of the plugin, up to 4096; it comes back with the
 *           page's answer, also in another process and after a restart. request.purpose must be unique within
 *           the backfill and must not depend on anything but range and cursor.
 * progress  optional, for people: how far the stream has been read (a moment in the range). */
typedef struct trb_backfill_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*page)(void* ctx, trb_str cursor, const trb_http_request* request) TRB_NOEXCEPT;
    void (*progress)(void* ctx, trb_str stream, int64_t at_ms) TRB_NOEXCEPT;
} trb_backfill_sink;

typedef struct trb_backfill_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] What comes next? At the beginning answer is NULL and cursor empty: the first page of each stream
     * (customers, invoices ...). Then once for each page's answer, with that page's cursor: its next page, or
     * nothing when the stream has ended. The backfill has ended when no page is outstanding. Pure: no clock,
     * no state. Answers other than 2xx never come here: the host tries again, and gives up with a message.
     * TRB_OK        see the sink.
     * TRB_INVALID   the answer or the cursor cannot be read: the stream stops there and is shown as failed.
     * TRB_RETRY     the same page is asked for again after retry_after_ms.
     * anything else as TRB_INVALID. */
    trb_status (*next)(void* self, const trb_connection* connection, const trb_backfill_range* range,
                       trb_str cursor, const trb_record* answer, const trb_backfill_sink* sink,
                       const trb_error_sink* error) TRB_NOEXCEPT;
} trb_backfill_v1;

#ifdef __cplusplus
}
#endif
#endif

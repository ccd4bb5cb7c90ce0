/* tributary.projection/1: what follows from a customer's history.
 *
 * fold is a pure function: (history, now, what it looks up) -> rows, measures, messages, wake time. It has no
 * clock, no I/O, no state. The host sorts and merges the history, folds whenever something changed, compares
 * with what is stored and writes the difference. A fold therefore never sees a duplicate, a late event or a
 * retry.
 *
 * LAWS  The result does not change between wake times. No row contains `now`. Row ids are computed from
 * business keys (trb_merged_fact.id and the like), so that the same thing has the same id whatever came
 * first.
 */
#ifndef TRIBUTARY_ABI_PROJECTION_H
#define TRIBUTARY_ABI_PROJECTION_H

#include <tributary/abi/base.h>
#include <tributary/abi/fact.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_PROJECTION "tributary.projection/1"

/* Type of a cell. CLOSED. */
#define TRB_CELL_NULL 0
#define TRB_CELL_INTEGER 1
#define TRB_CELL_TEXT 2

typedef struct trb_cell {
    int32_t type;
    uint32_t reserved;
    int64_t integer;
    trb_str text;
} trb_cell;

/* A table that the host fills from folds. It must exist (migrations) as
 *   <name>(workspace_id BIGINT, environment BIGINT, row_id TEXT, subject_id TEXT, <columns...>,
 *          PRIMARY KEY(workspace_id, environment, row_id))
 * The plugin reads it in its routes and never writes it. */
typedef struct trb_table {
    uint32_t struct_size;
    uint32_t reserved;
    trb_str name;
    const trb_str* columns; /* in the order of the cells */
    uint64_t column_count;
} trb_table;

/* What a fold may look up beyond its history. sql selects the cells by $1 workspace_id, $2 environment, $3
 * key; only tables of this plugin. When such a row changes, the writer says so (host.store changed()), and
 * every subject that looked it up is folded again. */
typedef struct trb_lookup_source {
    uint32_t struct_size;
    uint32_t reserved;
    trb_str kind;
    trb_str sql;
} trb_lookup_source;

/* One thing in a history, merged from all its documents. */
typedef struct trb_merged_fact {
    uint32_t struct_size;
    int32_t kind;
    trb_str id; /* stable id of the thing: computed from the smallest of its ids */
    trb_str realm;
    int64_t occurred_at_ms;
    int64_t source_time_ms; /* newest version that took part */
    const trb_str* ids;     /* all ids of the thing, sorted: document ids and same_as */
    uint64_t id_count;
    const trb_str* parents;
    uint64_t parent_count;
    const trb_claim* claims; /* of all its documents, sorted, no repetition */
    uint64_t claim_count;
    uint32_t ambiguous; /* 1: two versions tie with different bodies; the larger digest was taken */
    uint32_t historic;  /* 1: happened before its connection's notify_from */
    const void* body;   /* struct of the kind */
} trb_merged_fact;

typedef struct trb_history {
    uint32_t struct_size;
    int32_t environment;
    trb_str workspace; /* public id */
    trb_str subject_id;
    const trb_merged_fact* facts; /* by (occurred_at, id) */
    uint64_t fact_count;
    uint64_t fact_stride;
} trb_history;

typedef struct trb_row {
    uint32_t struct_size;
    uint32_t table; /* index into tables */
    trb_str id;     /* unique within (workspace, environment, table) */
    const trb_cell* cells;
    uint64_t cell_count;
} trb_row;

/* A number that adds up over time and dimension. The host keeps the sums of what all folds say. */
typedef struct trb_measure {
    uint32_t struct_size;
    uint32_t reserved;
    trb_str name;
    trb_str dimension; /* e.g. a link id; empty: none */
    trb_str currency;  /* empty: a count */
    int64_t at_ms;
    int64_t value;
} trb_measure;

/* Something that somebody is to be told once. */
typedef struct trb_message {
    uint32_t struct_size;
    uint32_t money; /* 1: one "corrected" message follows when the body changes after it was stored */
    trb_str kind;   /* "sale.created" */
    trb_str key;    /* business key: the message is stored when (kind, key) first appears */
    int64_t at_ms;
    trb_str body; /* JSON */
} trb_message;

/* A step of the explanation of a row: "rate" "20 %", "rounding" "half up". */
typedef struct trb_trace_step {
    uint32_t struct_size;
    uint32_t table;
    trb_str row_id;
    trb_str label;
    trb_str value;
    trb_str fact_id; /* the fact it comes from; may be empty */
} trb_trace_step;

typedef void (*trb_lookup_row_fn)(void* ctx, const trb_cell* cells, uint64_t count) TRB_NOEXCEPT;

typedef struct trb_fold_sink {
    uint32_t struct_size;
    uint32_t tracing; /* 1: somebody asked why: call trace() */
    void* ctx;
    void (*row)(void* ctx, const trb_row* row) TRB_NOEXCEPT;
    void (*measure)(void* ctx, const trb_measure* measure) TRB_NOEXCEPT;
    void (*message)(void* ctx, const trb_message* message) TRB_NOEXCEPT;
    void (*wake_at)(void* ctx, int64_t at_ms) TRB_NOEXCEPT; /* the earliest wins */
    void (*trace)(void* ctx, const trb_trace_step* step) TRB_NOEXCEPT;
    /* Calls row_fn for each row of the source; TRB_NOT_FOUND when none. as_of_ms: the time up to which the
     * answer matters; a change that takes effect later does not fold this subject again. INT64_MAX: always.
     */
    trb_status (*lookup)(void* ctx, trb_str kind, trb_str key, int64_t as_of_ms, trb_lookup_row_fn row_fn,
                         void* row_ctx) TRB_NOEXCEPT;
} trb_fold_sink;

typedef struct trb_projection_v1 {
    uint32_t struct_size;
    uint32_t fold_version; /* raise it when the same history gives other rows: everything is folded again */
    trb_str name;
    const trb_table* tables;
    uint64_t table_count;
    uint64_t table_stride;
    const trb_lookup_source* lookups;
    uint64_t lookup_count;
    uint64_t lookup_stride;
    /* [any] See LAWS. A failure leaves the subject's rows as they are and marks it as waiting for this
     * projection. */
    trb_status (*fold)(void* self, const trb_history* history, int64_t now_ms, const trb_fold_sink* sink,
                       const trb_error_sink* error) TRB_NOEXCEPT;
} trb_projection_v1;

#ifdef __cplusplus
}
#endif
#endif

/* tributary.reward_rule/1: a rule that no expression can say: who is rewarded, and how much.
 *
 * evaluate is a pure function of its parameters and values: no clock, no randomness, no network, no state.
 * The host keeps its result by (rule, version, parameters, values) and may ask again years later.
 */
#ifndef TRIBUTARY_ABI_REWARD_RULE_H
#define TRIBUTARY_ABI_REWARD_RULE_H

#include <tributary/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRB_EXT_REWARD_RULE "tributary.reward_rule/1"

/* Type of a value. CLOSED. */
#define TRB_RULE_ABSENT 0
#define TRB_RULE_BOOLEAN 1 /* integer is 0 or 1 */
#define TRB_RULE_INTEGER 2
#define TRB_RULE_TEXT 3
#define TRB_RULE_MONEY 4
#define TRB_RULE_TIME 5 /* integer is Unix milliseconds */

/* One value that a rule reads, as the rule named it in its inputs. ABSENT when nobody knows it. */
typedef struct trb_rule_value {
    uint32_t struct_size;
    int32_t type;
    trb_str name;
    int64_t integer;
    trb_str text;
    trb_money money;
} trb_rule_value;

/* A rule that the plugin offers. Static, constant data. */
typedef struct trb_rule {
    uint32_t struct_size;
    uint32_t version; /* raise it when the same values give another result: older results stay as they are */
    trb_str name;     /* "volume-bonus"; with the plugin's id it names the rule for ever */
    trb_str summary;  /* one line, for the person who chooses it */
    trb_str parameter_schema; /* JSON Schema of the parameters; empty: it takes none */
    const trb_str* inputs;    /* names of the values that it reads, "sale.total", "customer.country" */
    uint64_t input_count;
} trb_rule;

/* amount   what is given; at most once. Same currency as the money that the rule was given, or the one that
 * its parameters name. Not called: nothing is given. decline  why nothing is given: code is a snake_case
 * word, text a sentence. explain  a step of the computation: "rate" "20 %"; kept with the result. */
typedef struct trb_rule_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    void (*amount)(void* ctx, trb_money amount) TRB_NOEXCEPT;
    void (*decline)(void* ctx, trb_str code, trb_str text) TRB_NOEXCEPT;
    void (*explain)(void* ctx, trb_str label, trb_str value) TRB_NOEXCEPT;
} trb_rule_sink;

typedef struct trb_reward_rule_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    const trb_rule* rules;
    uint64_t rule_count;
    uint64_t rule_stride;
    /* [any] rule is an index into rules; parameters a JSON object that fits parameter_schema; values are its
     * inputs, in their order. Must return within 1 ms.
     * TRB_OK       see the sink.
     * TRB_INVALID  the parameters do not make sense together: refused when a person saves them.
     * TRB_RETRY, TRB_INTERNAL or anything else: the subject keeps its rows and is folded again later. */
    trb_status (*evaluate)(void* self, uint64_t rule, trb_str parameters, const trb_rule_value* values,
                           uint64_t value_count, uint64_t value_stride, const trb_rule_sink* sink,
                           const trb_error_sink* error) TRB_NOEXCEPT;
} trb_reward_rule_v1;

#ifdef __cplusplus
}
#endif
#endif

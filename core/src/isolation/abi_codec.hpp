#pragma once

#include <tributary/abi/actions.h>
#include <tributary/abi/backfill.h>
#include <tributary/abi/fact.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/projection.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/reward_rule.h>
#include <tributary/abi/simulator.h>
#include <tributary/abi/sink.h>
#include <tributary/facts/fact.hpp>

#include "isolation/body_codec.hpp"
#include "isolation/wire.hpp"

/// The structs of the ABI on the wire. Each is listed once: the same function writes and reads, so that the
/// two cannot differ. `A` is writer or reader.
namespace tributary::isolation {

/// More ids than a fact may have cross as one too many.
inline constexpr std::uint64_t ids_crossing = facts::ids_max + 1;

template <class A> void transfer(A& a, typename A::template of<trb_str>& v) {
    a.text(v);
}
template <class A> void transfer(A& a, typename A::template of<trb_pair>& v) {
    a.text(v.name);
    a.text(v.value);
}
template <class A> void transfer(A& a, typename A::template of<trb_secret>& v) {
    a.text(v.name);
    a.text(v.value);
}
template <class A> void transfer(A& a, typename A::template of<trb_claim>& v) {
    a.number(v.claim_class);
    a.text(v.name);
    a.text(v.value);
}
template <class A> void transfer(A& a, typename A::template of<trb_cell>& v) {
    a.number(v.type);
    a.number(v.integer);
    a.text(v.text);
}

template <class A> void transfer(A& a, typename A::template of<trb_http_request>& v) {
    if (!a.head(v))
        return;
    a.text(v.method);
    a.text(v.url);
    a.array(v.headers, v.header_count);
    a.text(v.body);
    a.text(v.purpose);
}

template <class A> void transfer(A& a, typename A::template of<trb_connection>& v) {
    if (!a.head(v))
        return;
    a.number(v.environment);
    a.text(v.id);
    a.text(v.realm);
    a.text(v.settings);
    a.array(v.secrets, v.secret_count);
}

template <class A> void transfer(A& a, typename A::template of<trb_record>& v) {
    if (!a.head(v))
        return;
    a.number(v.source);
    a.number(v.received_at_ms);
    a.text(v.method);
    a.text(v.path);
    a.text(v.query);
    a.array(v.headers, v.header_count);
    a.text(v.body);
    a.number(v.http_status);
    a.text(v.purpose);
    a.number(v.item);
    a.number(v.authentic);
}

template <class A> void transfer(A& a, typename A::template of<trb_item>& v) {
    if (!a.head(v))
        return;
    a.number(v.verdict);
    a.text(v.dedupe_key);
    a.text(v.content);
    a.text(v.event_type);
    a.text(v.reason);
    a.text(v.detail);
}

// ---- facts --------------------------------------------------------------------------------------

template <class A> void transfer(A& a, typename A::template of<trb_line>& v) {
    if constexpr (std::is_same_v<A, reader>)
        a.head(v); // Which members are there the stride says, not each element.
    a.number(v.proration);
    a.text(v.id);
    a.text(v.product_id);
    a.text(v.price_id);
    a.text(v.description);
    a.number(v.quantity);
    a.number(v.net_minor);
    a.number(v.tax_minor);
    a.number(v.discount_minor);
    a.number(v.period_start_ms);
    a.number(v.period_end_ms);
}

template <class A> void transfer(A& a, typename A::template of<trb_subscription_item>& v) {
    if constexpr (std::is_same_v<A, reader>)
        a.head(v);
    a.number(v.metered);
    a.text(v.id);
    a.text(v.product_id);
    a.text(v.price_id);
    a.number(v.quantity);
    a.money(v.unit_amount);
    a.text(v.interval);
    a.number(v.interval_count);
    a.money(v.amount);
    a.text(v.unpriced);
    a.number(v.period_start_ms);
    a.number(v.period_end_ms);
    a.number(v.trial_end_ms);
    a.number(v.tax_inclusive);
}

template <class A> void transfer(A& a, typename A::template of<trb_discount>& v) {
    if constexpr (std::is_same_v<A, reader>)
        a.head(v);
    a.number(v.has_amount);
    a.text(v.id);
    a.text(v.coupon_id);
    a.text(v.promotion_code_id);
    a.number(v.amount_minor);
}

template <class A> void transfer(A& a, typename A::template of<trb_fact>& v) {
    if (!a.head(v))
        return;
    a.number(v.kind);
    a.text(v.document_id);
    a.text(v.realm);
    a.number(v.source_time_ms);
    a.number(v.lifecycle_rank);
    a.number(v.source_rank);
    a.number(v.occurred_at_ms);
    a.array(v.same_as, v.same_as_count, ids_crossing);
    a.array(v.parents, v.parent_count, ids_crossing);
    a.array(v.claims, v.claim_count, ids_crossing);
    transfer_body(a, v.kind, v.body);
}

template <class A> void transfer(A& a, typename A::template of<trb_merged_fact>& v) {
    if (!a.head(v))
        return;
    a.number(v.kind);
    a.text(v.id);
    a.text(v.realm);
    a.number(v.occurred_at_ms);
    a.number(v.source_time_ms);
    a.array(v.ids, v.id_count);
    a.array(v.parents, v.parent_count);
    a.array(v.claims, v.claim_count);
    a.number(v.ambiguous);
    a.number(v.historic);
    transfer_body(a, v.kind, v.body);
}

template <class A> void transfer(A& a, typename A::template of<trb_history>& v) {
    if (!a.head(v))
        return;
    a.number(v.environment);
    a.text(v.workspace);
    a.text(v.subject_id);
    a.strided(v.facts, v.fact_count, v.fact_stride);
}

// ---- what a fold says ---------------------------------------------------------------------------

template <class A> void transfer(A& a, typename A::template of<trb_row>& v) {
    if (!a.head(v))
        return;
    a.number(v.table);
    a.text(v.id);
    a.array(v.cells, v.cell_count);
}
template <class A> void transfer(A& a, typename A::template of<trb_measure>& v) {
    if (!a.head(v))
        return;
    a.text(v.name);
    a.text(v.dimension);
    a.text(v.currency);
    a.number(v.at_ms);
    a.number(v.value);
}
template <class A> void transfer(A& a, typename A::template of<trb_message>& v) {
    if (!a.head(v))
        return;
    a.number(v.money);
    a.text(v.kind);
    a.text(v.key);
    a.number(v.at_ms);
    a.text(v.body);
}
template <class A> void transfer(A& a, typename A::template of<trb_trace_step>& v) {
    if (!a.head(v))
        return;
    a.number(v.table);
    a.text(v.row_id);
    a.text(v.label);
    a.text(v.value);
    a.text(v.fact_id);
}

// ---- the other extensions -----------------------------------------------------------------------

template <class A> void transfer(A& a, typename A::template of<trb_action>& v) {
    if (!a.head(v))
        return;
    a.number(v.action);
    a.text(v.target_url);
    a.text(v.document_id);
    a.number(v.kind);
}
template <class A> void transfer(A& a, typename A::template of<trb_finding>& v) {
    if (!a.head(v))
        return;
    a.number(v.level);
    a.text(v.code);
    a.text(v.subject);
    a.text(v.message);
    a.text(v.advice);
}
template <class A> void transfer(A& a, typename A::template of<trb_backfill_range>& v) {
    if (!a.head(v))
        return;
    a.number(v.from_ms);
    a.number(v.until_ms);
}
template <class A> void transfer(A& a, typename A::template of<trb_story_request>& v) {
    if (!a.head(v))
        return;
    a.number(v.environment);
    a.text(v.story);
    a.text(v.signing_secret);
    a.text(v.api_version);
    a.number(v.seed);
    a.number(v.at_ms);
    a.array(v.parameters, v.parameter_count);
    a.text(v.definition);
}
template <class A> void transfer(A& a, typename A::template of<trb_told_delivery>& v) {
    if (!a.head(v))
        return;
    a.text(v.name);
    a.number(v.at_ms);
    a.array(v.headers, v.header_count);
    a.text(v.body);
}
template <class A> void transfer(A& a, typename A::template of<trb_rule_value>& v) {
    if (!a.head(v))
        return;
    a.number(v.type);
    a.text(v.name);
    a.number(v.integer);
    a.text(v.text);
    a.money(v.money);
}
template <class A> void transfer(A& a, typename A::template of<trb_outgoing>& v) {
    if (!a.head(v))
        return;
    a.number(v.environment);
    a.text(v.workspace);
    a.text(v.id);
    a.text(v.kind);
    a.text(v.key);
    a.number(v.at_ms);
    a.text(v.body);
    a.number(v.corrected);
    a.number(v.attempt);
}

// ---- what a plugin says about itself ------------------------------------------------------------

template <class A> void transfer(A& a, typename A::template of<trb_migration>& v) {
    if (!a.head(v))
        return;
    a.number(v.number);
    a.text(v.sql);
}
template <class A> void transfer(A& a, typename A::template of<trb_table>& v) {
    if (!a.head(v))
        return;
    a.text(v.name);
    a.array(v.columns, v.column_count);
}
template <class A> void transfer(A& a, typename A::template of<trb_lookup_source>& v) {
    if (!a.head(v))
        return;
    a.text(v.kind);
    a.text(v.sql);
}
template <class A> void transfer(A& a, typename A::template of<trb_story>& v) {
    if (!a.head(v))
        return;
    a.text(v.name);
    a.text(v.summary);
}
template <class A> void transfer(A& a, typename A::template of<trb_rule>& v) {
    if (!a.head(v))
        return;
    a.number(v.version);
    a.text(v.name);
    a.text(v.summary);
    a.text(v.parameter_schema);
    a.array(v.inputs, v.input_count);
}

template <class A> void transfer(A& a, typename A::template of<trb_provider_v1>& v) {
    a.number(v.normaliser_version);
}
template <class A> void transfer(A& a, typename A::template of<trb_projection_v1>& v) {
    a.number(v.fold_version);
    a.text(v.name);
    a.strided(v.tables, v.table_count, v.table_stride);
    a.strided(v.lookups, v.lookup_count, v.lookup_stride);
}
template <class A> void transfer(A& a, typename A::template of<trb_simulator_v1>& v) {
    a.strided(v.stories, v.story_count, v.story_stride);
}
template <class A> void transfer(A& a, typename A::template of<trb_reward_rule_v1>& v) {
    a.strided(v.rules, v.rule_count, v.rule_stride);
}
template <class A> void transfer(A& a, typename A::template of<trb_sink_v1>& v) {
    a.array(v.kinds, v.kind_count);
}

} // namespace tributary::isolation

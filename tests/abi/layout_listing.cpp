#include "abi/layout_listing.hpp"

#include <tributary/abi/actions.h>
#include <tributary/abi/backfill.h>
#include <tributary/abi/http_routes.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/reward_rule.h>
#include <tributary/abi/services.h>
#include <tributary/abi/simulator.h>
#include <tributary/abi/sink.h>

#include <boost/preprocessor/seq/for_each.hpp>
#include <boost/preprocessor/stringize.hpp>
#include <boost/preprocessor/variadic/to_seq.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace tributary::abi_test {

namespace {

/// The type as g++ spells it between "T = " and "]"; "; std::..." follows when there are more parameters.
template <class T> std::string type_name() {
    const std::string_view text = __PRETTY_FUNCTION__;
    const std::size_t start = text.find("T = ") + 4;
    return std::string(text.substr(start, text.find_first_of(";]", start) - start));
}

/// Arrays have brackets of their own, which type_name() would take for its end.
template <class T> std::string spelled() {
    if constexpr (std::is_array_v<T>)
        return type_name<std::remove_extent_t<T>>() + " array of " + std::to_string(std::extent_v<T>);
    else
        return type_name<T>();
}

// A member that is no longer there is left out: it is the comparison that says so, not the compiler.
#define LAYOUT_MEMBER(r, structure, member)                                                                  \
    if constexpr (requires(Struct whole) { whole.member; })                                                  \
        each.members.push_back({BOOST_PP_STRINGIZE(member), offsetof(Struct, member),                        \
                                                   sizeof(Struct::member),                                   \
                                                   spelled<decltype(Struct::member)>()});
#define LAYOUT(structure, ...)                                                                               \
    [&]<class Struct>(const Struct*) {                                                                       \
        struct_layout each{#structure, sizeof(Struct), alignof(Struct), {}};                                 \
        BOOST_PP_SEQ_FOR_EACH(LAYOUT_MEMBER, structure, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__))               \
        listed.push_back(std::move(each));                                                                   \
    }(static_cast<const structure*>(nullptr))

void list_base_and_facts(std::vector<struct_layout>& listed) {
    LAYOUT(trb_str, data, size);
    LAYOUT(trb_error_sink, struct_size, reserved, ctx, report);
    LAYOUT(trb_money, amount_minor, currency, exponent);
    LAYOUT(trb_pair, name, value);
    LAYOUT(trb_http_request, struct_size, header_count, method, url, headers, body, purpose);
    LAYOUT(trb_claim, claim_class, reserved, name, value);
    LAYOUT(trb_fact, struct_size, kind, document_id, realm, source_time_ms, lifecycle_rank, source_rank,
           occurred_at_ms, same_as, same_as_count, parents, parent_count, claims, claim_count, body);
    LAYOUT(trb_body, struct_size, reserved, present);
    LAYOUT(trb_customer, struct_size, reserved, present, email, name, country, created_at_ms, deleted,
           metadata, metadata_count, avatar);
    LAYOUT(trb_product, struct_size, reserved, present, name, active, metadata, metadata_count);
    LAYOUT(trb_click, struct_size, reserved, present, link_id, url, referer, country, device, browser, os,
           trigger, visitor);
    LAYOUT(trb_lead, struct_size, reserved, present, event_name, quantity, source, metadata, metadata_count);
    LAYOUT(trb_checkout, struct_size, reserved, present, status, mode, email, name, country, metadata,
           metadata_count);
    LAYOUT(trb_line, struct_size, proration, id, product_id, price_id, description, quantity, net_minor,
           tax_minor, discount_minor, period_start_ms, period_end_ms);
    LAYOUT(trb_discount, struct_size, has_amount, id, coupon_id, promotion_code_id, amount_minor);
    LAYOUT(trb_payment, struct_size, reserved, present, status, paid_at_ms, cash, total, total_without_tax,
           tax, discount, credit_spent, fee, refunded_total, refunded_total_at_ms, presentment, cycle,
           subscription_id, lines, line_count, line_stride, lines_complete, country, email, metadata,
           metadata_count, invoice_id, processor, event_name, out_of_band, net, discounts, discount_count,
           discount_stride, attempts, next_attempt_at_ms, failure, remaining);
    LAYOUT(trb_refund, struct_size, reserved, present, status, amount, reason, created_at_ms, lines,
           line_count, line_stride, out_of_band);
    LAYOUT(trb_dispute, struct_size, reserved, present, status, amount, reason);
    LAYOUT(trb_subscription_item, struct_size, metered, id, product_id, price_id, quantity, unit_amount,
           interval, interval_count, amount, unpriced, period_start_ms, period_end_ms, trial_end_ms,
           tax_inclusive);
    LAYOUT(trb_subscription, struct_size, reserved, present, status, items, item_count, item_stride,
           period_start_ms, period_end_ms, trial_start_ms, trial_end_ms, cancel_at_ms, canceled_at_ms,
           ended_at_ms, collection_paused, metadata, metadata_count, resumes_at_ms, pause_reason,
           cancel_reason, discounts, discount_count, discount_stride);
    LAYOUT(trb_grant, struct_size, reserved, present, product_id, starts_at_ms, ends_at_ms, revoked);
    LAYOUT(trb_command, struct_size, reserved, present, action, target, beneficiary, amount, arguments,
           argument_count, sequence);
}

void list_catalogue(std::vector<struct_layout>& listed) {
    LAYOUT(trb_price, struct_size, reserved, present, product_id, name, active, unit_amount, unpriced,
           interval, interval_count, metered, tax_inclusive, metadata, metadata_count);
    LAYOUT(trb_coupon, struct_size, reserved, present, name, active, percent, amount_off, duration, months,
           metadata, metadata_count);
    LAYOUT(trb_promotion_code, struct_size, reserved, present, code, coupon_id, active, expires_at_ms,
           metadata, metadata_count);
    LAYOUT(trb_redemption, struct_size, reserved, present, coupon_id, promotion_code_id, subscription_id,
           starts_at_ms, ends_at_ms, percent, amount_off, duration, months, ended);
    LAYOUT(trb_schedule, struct_size, reserved, present, subscription_id, active, change_at_ms, items,
           item_count, item_stride, ends_at_ms);
}

void list_extensions(std::vector<struct_layout>& listed) {
    LAYOUT(trb_secret, name, value);
    LAYOUT(trb_connection, struct_size, environment, id, realm, settings, secrets, secret_count);
    LAYOUT(trb_record, struct_size, source, received_at_ms, method, path, query, headers, header_count, body,
           http_status, purpose, item, authentic);
    LAYOUT(trb_item, struct_size, verdict, dedupe_key, content, event_type, reason, detail);
    LAYOUT(trb_verify_sink, struct_size, reserved, ctx, item, need, answer);
    LAYOUT(trb_fact_sink, struct_size, reserved, ctx, emit, want, note);
    LAYOUT(trb_provider_v1, struct_size, normaliser_version, verify, normalise, reread);
    LAYOUT(trb_cell, type, reserved, integer, text);
    LAYOUT(trb_table, struct_size, reserved, name, columns, column_count);
    LAYOUT(trb_lookup_source, struct_size, reserved, kind, sql);
    LAYOUT(trb_merged_fact, struct_size, kind, id, realm, occurred_at_ms, source_time_ms, ids, id_count,
           parents, parent_count, claims, claim_count, ambiguous, historic, body);
    LAYOUT(trb_history, struct_size, environment, workspace, subject_id, facts, fact_count, fact_stride);
    LAYOUT(trb_row, struct_size, table, id, cells, cell_count);
    LAYOUT(trb_measure, struct_size, reserved, name, dimension, currency, at_ms, value);
    LAYOUT(trb_message, struct_size, money, kind, key, at_ms, body);
    LAYOUT(trb_trace_step, struct_size, table, row_id, label, value, fact_id);
    LAYOUT(trb_fold_sink, struct_size, tracing, ctx, row, measure, message, wake_at, trace, lookup);
    LAYOUT(trb_projection_v1, struct_size, fold_version, name, tables, table_count, table_stride, lookups,
           lookup_count, lookup_stride, fold);
    LAYOUT(trb_route, struct_size, access, mode, reserved, method, pattern, scope);
    LAYOUT(trb_call, struct_size, environment, workspace, now_ms, scope, method, host, path, query, headers,
           header_count, body, parameters, parameter_count, remote_address, request_id, base_url, key_id);
    LAYOUT(trb_reply_sink, struct_size, reserved, ctx, reply);
    LAYOUT(trb_http_routes_v1, struct_size, reserved, routes, route_count, route_stride, handle,
           render_error);
    LAYOUT(trb_story, struct_size, reserved, name, summary);
    LAYOUT(trb_story_request, struct_size, environment, story, signing_secret, api_version, seed, at_ms,
           parameters, parameter_count, definition);
    LAYOUT(trb_told_delivery, struct_size, header_count, name, at_ms, headers, body);
    LAYOUT(trb_story_sink, struct_size, reserved, ctx, delivery, expect);
    LAYOUT(trb_simulator_v1, struct_size, reserved, stories, story_count, story_stride, tell);
    LAYOUT(trb_action, struct_size, action, target_url, document_id, kind, reserved);
    LAYOUT(trb_finding, struct_size, level, code, subject, message, advice);
    LAYOUT(trb_action_sink, struct_size, reserved, ctx, need, finding, keep);
    LAYOUT(trb_actions_v1, struct_size, reserved, run);
    LAYOUT(trb_backfill_range, struct_size, reserved, from_ms, until_ms);
    LAYOUT(trb_backfill_sink, struct_size, reserved, ctx, page, progress);
    LAYOUT(trb_backfill_v1, struct_size, reserved, next);
    LAYOUT(trb_rule_value, struct_size, type, name, integer, text, money);
    LAYOUT(trb_rule, struct_size, version, name, summary, parameter_schema, inputs, input_count);
    LAYOUT(trb_rule_sink, struct_size, reserved, ctx, amount, decline, explain);
    LAYOUT(trb_reward_rule_v1, struct_size, reserved, rules, rule_count, rule_stride, evaluate);
    LAYOUT(trb_outgoing, struct_size, environment, workspace, id, kind, key, at_ms, body, corrected, attempt);
    LAYOUT(trb_outgoing_sink, struct_size, reserved, ctx, request);
    LAYOUT(trb_sink_v1, struct_size, reserved, kinds, kind_count, deliver);
}

void list_host(std::vector<struct_layout>& listed) {
    LAYOUT(trb_host_log_v1, struct_size, reserved, write);
    LAYOUT(trb_host_clock_v1, struct_size, reserved, now_ms, random);
    LAYOUT(trb_host_crypto_v1, struct_size, reserved, sha256, hmac_sha256, equal, hex_encode, hex_decode,
           base64_encode, base64_decode);
    LAYOUT(trb_host_metrics_v1, struct_size, reserved, count);
    LAYOUT(trb_host_store_v1, struct_size, reserved, workspace, environment, query, execute, changed,
           make_id);
    LAYOUT(trb_host_facts_v1, struct_size, reserved, emit, settle);
    LAYOUT(trb_host_clicks_v1, struct_size, reserved, make_id, append, find);
    LAYOUT(trb_host, struct_size, abi_major, abi_minor, reserved, ctx, get_service);
    LAYOUT(trb_migration, struct_size, number, sql);
    LAYOUT(trb_plugin, struct_size, magic, abi_major, abi_minor, id, short_name, version, vendor, extensions,
           extension_count, requirements, requirement_count, migrations, migration_count, migration_stride,
           create, start, stop, destroy, get_extension);
}

} // namespace

std::vector<struct_layout> list_structs() {
    std::vector<struct_layout> listed;
    list_base_and_facts(listed);
    list_catalogue(listed);
    list_extensions(listed);
    list_host(listed);
    return listed;
}

} // namespace tributary::abi_test

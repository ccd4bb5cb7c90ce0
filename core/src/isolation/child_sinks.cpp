#include "isolation/child_sinks.hpp"

#include <tributary/facts/fact.hpp>
#include <tributary/plugins/error_report.hpp>

namespace tributary::isolation {
namespace {

using plugins::view;

constexpr std::size_t report_bytes_max = std::size_t{64} << 10;
/// As many as the host takes from one record.
constexpr std::size_t facts_max = 10'000;

template <said What, class T> void say(void* ctx, const T* value) noexcept {
    static_cast<output*>(ctx)->keep(What, [&](writer& out) { transfer(out, *value); });
}

template <said What> void say_texts(void* ctx, trb_str first, trb_str second) noexcept {
    static_cast<output*>(ctx)->keep(What, [&](writer& out) {
        out.text(first);
        out.text(second);
    });
}

template <said What>
void say_numbered(void* ctx, std::int32_t number, trb_str first, trb_str second) noexcept {
    static_cast<output*>(ctx)->keep(What, [&](writer& out) {
        out.number(number);
        out.text(first);
        out.text(second);
    });
}

template <said What> void say_text_and_number(void* ctx, trb_str text, std::int64_t number) noexcept {
    static_cast<output*>(ctx)->keep(What, [&](writer& out) {
        out.text(text);
        out.number(number);
    });
}

void page(void* ctx, trb_str cursor, const trb_http_request* request) noexcept {
    static_cast<output*>(ctx)->keep(said::page, [&](writer& out) {
        out.text(cursor);
        transfer(out, *request);
    });
}

void wake_at(void* ctx, std::int64_t at_ms) noexcept {
    static_cast<output*>(ctx)->keep(said::wake_at, [&](writer& out) { out.number(at_ms); });
}

void amount(void* ctx, trb_money value) noexcept {
    static_cast<output*>(ctx)->keep(said::amount, [&](writer& out) { out.money(value); });
}

trb_status judge(const fact_output& into, const trb_fact& fact) {
    const bool allowed = into.authentic && fact.kind != TRB_KIND_CLICK && into.count < facts_max;
    return allowed && facts::encode_fact(fact, into.realm) ? TRB_OK : TRB_INVALID;
}

trb_status emit(void* ctx, const trb_fact* fact) noexcept {
    auto& into = *static_cast<fact_output*>(static_cast<output*>(ctx));
    const trb_status status = judge(into, *fact);
    // One that was refused crosses too: the host then sees for itself what was wrong with it.
    into.keep(said::emit, [&](writer& out) {
        out.number(static_cast<std::uint8_t>(status == TRB_OK));
        transfer(out, *fact);
    });
    into.count += status == TRB_OK ? 1u : 0u;
    return status;
}

trb_status lookup(void* ctx, trb_str kind, trb_str key, std::int64_t as_of_ms, trb_lookup_row_fn row,
                  void* row_ctx) noexcept {
    auto& into = *static_cast<fold_output*>(static_cast<output*>(ctx));
    writer question;
    question.text(kind);
    question.text(key);
    question.number(as_of_ms);
    if (!question.ok())
        return TRB_INVALID;
    into.link->send(frame_kind::lookup, into.call, {question.bytes()});
    const owned_frame answer = into.link->wait_for(frame_kind::lookup_answer, into.call);
    std::pmr::monotonic_buffer_resource arena;
    reader in(answer.payload, arena);
    while (in.number<std::uint8_t>() != 0) {
        const trb_cell* cells = nullptr;
        std::uint64_t count = 0;
        in.array(cells, count);
        if (in.ok())
            row(row_ctx, cells, count);
    }
    const auto status = in.number<std::int32_t>();
    return in.done() ? status : TRB_INTERNAL;
}

} // namespace

void output::report(void* ctx, trb_str code, trb_str message, std::int64_t retry_after_ms) noexcept {
    auto& into = *static_cast<output*>(ctx);
    into.reported_ = true;
    into.code_ = view(code).substr(0, report_bytes_max);
    into.message_ = view(message).substr(0, report_bytes_max);
    into.retry_after_ms_ = retry_after_ms;
}

std::string_view output::finish(trb_status status, writer& head) {
    if (!fault_.empty()) {
        head.number(std::int32_t{TRB_INTERNAL});
        head.number(std::uint8_t{1});
        head.text(std::string_view("broken_rule"));
        head.text(fault_);
        head.number(std::int64_t{0});
        return {};
    }
    head.number(status);
    head.number(static_cast<std::uint8_t>(reported_));
    head.text(std::string_view(code_));
    head.text(std::string_view(message_));
    head.number(retry_after_ms_);
    return said_.bytes();
}

trb_verify_sink verify_sink(output& into) noexcept {
    return {
        sizeof(trb_verify_sink),    0, &into, &say<said::item, trb_item>, &say<said::need, trb_http_request>,
        &say_numbered<said::answer>};
}

trb_fact_sink fact_sink(fact_output& into) noexcept {
    return {sizeof(trb_fact_sink), 0, static_cast<output*>(&into), &emit, &say<said::want, trb_http_request>,
            &say_texts<said::note>};
}

trb_action_sink action_sink(output& into) noexcept {
    return {sizeof(trb_action_sink),
            0,
            &into,
            &say<said::need, trb_http_request>,
            &say<said::finding, trb_finding>,
            &say_numbered<said::keep>};
}

trb_backfill_sink backfill_sink(output& into) noexcept {
    return {sizeof(trb_backfill_sink), 0, &into, &page, &say_text_and_number<said::progress>};
}

trb_fold_sink fold_sink(fold_output& into, bool tracing) noexcept {
    return {sizeof(trb_fold_sink),
            tracing ? 1u : 0u,
            static_cast<output*>(&into),
            &say<said::row, trb_row>,
            &say<said::measure, trb_measure>,
            &say<said::message, trb_message>,
            &wake_at,
            &say<said::trace, trb_trace_step>,
            &lookup};
}

trb_story_sink story_sink(output& into) noexcept {
    return {sizeof(trb_story_sink), 0, &into, &say<said::delivery, trb_told_delivery>,
            &say_text_and_number<said::expect>};
}

trb_rule_sink rule_sink(output& into) noexcept {
    return {sizeof(trb_rule_sink), 0, &into, &amount, &say_texts<said::decline>, &say_texts<said::explain>};
}

trb_outgoing_sink outgoing_sink(output& into) noexcept {
    return {sizeof(trb_outgoing_sink), 0, &into, &say<said::request, trb_http_request>};
}

} // namespace tributary::isolation

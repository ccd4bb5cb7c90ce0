#include <array>

#include "engine/engine_impl.hpp"
#include "engine/record_view.hpp"

/// Deliveries that nobody can judge without asking: kept under a key of their own, booked only when the
/// plugin, with the answer in its hands, accepts them.
///
/// Each telling asks its own question, even where several name the same event: else a forged one could borrow
/// the answer that the genuine one got, or keep it from being asked about.
namespace tributary {
namespace {

constexpr std::string_view key_prefix = "undecided:";

verified_delivery delivery_of(const inbox::record& record) {
    verified_delivery made;
    made.in = record.in;
    made.raw.connection_id = record.connection_id;
    made.raw.received_at = record.received_at;
    made.raw.method = record.method;
    made.raw.path = record.path;
    made.raw.query = record.query;
    made.raw.headers = record.headers;
    return made;
}

} // namespace

bool is_undecided(const inbox::record& record) {
    return record.from == inbox::source::delivery && record.dedupe_key.starts_with(key_prefix);
}

result<void> engine::implementation::want_verdict(std::int64_t inbox_id, inbox::want need,
                                                  std::string_view digest) {
    constexpr std::size_t told_apart_by = 16;
    need.purpose += purpose_mark;
    need.purpose += hex_encode(digest.substr(0, told_apart_by));
    need.caused_by = inbox_id;
    return inbox::insert_want(*session, need, inbox::wanting::anew);
}

result<http::response> engine::implementation::store_undecided(verified_delivery& what) {
    inbox::record record = make_record(what);
    record.is = inbox::state::waiting;
    record.authentic = false;
    record.digest = sha256(what.raw.body);
    record.dedupe_key = std::string(key_prefix) + what.need->purpose;
    TRIBUTARY_TRY_ASSIGN(known, inbox::find_telling(*session, record.in, record.connection_id,
                                                    record.dedupe_key, record.digest));
    if (known && known->second != inbox::state::failed)
        return std::move(what.answer); // It waits, or it is decided.
    TRIBUTARY_TRY_ASSIGN(full, is_full(record.connection_id));
    if (full)
        return too_many_waiting();
    std::int64_t inbox_id = 0;
    if (known) { // Given up before: the provider sends it again, so it is asked about again.
        inbox_id = known->first;
        TRIBUTARY_TRY(inbox::set_state(*session, inbox_id, inbox::state::waiting, {}));
    } else {
        record.body = std::move(what.raw.body);
        TRIBUTARY_TRY_ASSIGN(id, inbox::insert(*session, record));
        inbox_id = id.value_or(0);
    }
    what.need->next_at = what.raw.received_at;
    TRIBUTARY_TRY(want_verdict(inbox_id, std::move(*what.need), as_bytes(record.digest)));
    return std::move(what.answer);
}

result<engine::implementation::judgement> engine::implementation::judge(const inbox::record& undecided,
                                                                        std::span<const trb_record> records,
                                                                        const connection_info& connection,
                                                                        const plugins::plugin& plugin) {
    TRIBUTARY_TRY_ASSIGN(with_secrets, where.connection(*session, connection.id, true));
    const connection_view connected(with_secrets, true);
    verdict_collector verdicts(undecided.body);
    plugins::error_report error;
    judgement made;
    const plugins::timed_call timed(plugin, "verify");
    made.status = plugin.provider->verify(plugin.self(), &connected.get(), records.data(), records.size(),
                                          sizeof(trb_record), verdicts.sink(), error.sink());
    if (made.status == TRB_RETRY)
        made.later = setback_of(error);
    made.rejected = made.status != TRB_OK || verdicts.all_rejected();
    made.fault = verdicts.fault();
    made.reason = made.status == TRB_OK ? verdicts.reason() : error.text(made.status);
    made.verdict = delivery_of(undecided);
    verdicts.move_into(made.verdict, connection);
    return made;
}

/// A person replays a delivery that was never decided.
result<void> engine::implementation::ask_again(const inbox::record& undecided,
                                               const connection_info& connection,
                                               const plugins::plugin& plugin) {
    if (undecided.is == inbox::state::done)
        return {}; // Its items are records of their own.
    const record_view delivered(undecided, undecided.body, false);
    TRIBUTARY_TRY_ASSIGN(judged, judge(undecided, {&delivered.get(), 1}, connection, plugin));
    if (judged.later)
        return hold(undecided, *judged.later);
    if (judged.status != TRB_OK || !judged.fault.empty() || !judged.verdict.need)
        return fail(undecided,
                    judged.status == TRB_OK ? "the plugin asks for no answer any more" : judged.reason);
    judged.verdict.need->next_at = time.now_ms();
    TRIBUTARY_TRY(want_verdict(undecided.id, std::move(*judged.verdict.need), as_bytes(undecided.digest)));
    return inbox::set_state(*session, undecided.id, inbox::state::waiting, {});
}

/// The answer has come: the plugin judges again, with it in its hands.
result<void> engine::implementation::decide(const inbox::record& verdict, inbox::record cause,
                                            const connection_info& connection,
                                            const plugins::plugin& plugin) {
    if (cause.is != inbox::state::waiting)
        return inbox::set_state(*session, verdict.id, inbox::state::done, {});
    const record_view delivered(cause, cause.body, false);
    const record_view answered(verdict, verdict.body, true);
    const std::array records{delivered.get(), answered.get()};
    TRIBUTARY_TRY_ASSIGN(judged, judge(cause, records, connection, plugin));
    if (judged.later)
        return hold(verdict, *judged.later);
    TRIBUTARY_TRY(inbox::set_state(*session, verdict.id, inbox::state::done, {}));
    if (judged.status == TRB_INTERNAL || !judged.fault.empty())
        return fail(cause, judged.fault.empty() ? judged.reason : judged.fault);
    if (judged.rejected)
        return inbox::set_state(*session, cause.id, inbox::state::rejected, judged.reason);
    if (judged.verdict.need)
        return fail(cause, "the plugin asks for a second answer");
    TRIBUTARY_TRY(store_items(judged.verdict, cause.id));
    return inbox::set_state(*session, cause.id, inbox::state::done, "decided by the answer");
}

} // namespace tributary

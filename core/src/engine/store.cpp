#include <array>

#include <tributary/facts/fact.hpp>

#include "engine/engine_impl.hpp"

namespace tributary {
namespace {

inbox::record make_record(const verified_delivery& from) {
    inbox::record record;
    record.in = from.in;
    record.connection_id = from.raw.connection_id;
    record.received_at = from.raw.received_at;
    record.method = from.raw.method;
    record.path = from.raw.path;
    record.query = from.raw.query;
    record.headers = from.raw.headers;
    return record;
}

http::response answer(int status, std::string_view code, std::string_view text) {
    return http::error_response(status, code, text);
}

} // namespace

/// Stores a record and remembers it as work, unless it repeats one.
result<bool> engine::implementation::insert(inbox::record&& record) {
    TRIBUTARY_TRY_ASSIGN(id, inbox::insert(*session, record));
    if (!id)
        return false;
    record.id = *id;
    if (record.is == inbox::state::pending)
        pending.push_back(std::move(record));
    return true;
}

result<http::response> engine::implementation::store(verified_delivery& what) {
    if (what.need) {
        TRIBUTARY_TRY(store_undecided(what));
        return std::move(what.answer);
    }
    if (what.items.empty()) {
        inbox::record record = make_record(what);
        record.is = inbox::state::done;
        record.reason = "ignored: nothing in it concerns us";
        record.digest = sha256(what.raw.body);
        record.dedupe_key = "ignored:" + hex_encode(as_bytes(record.digest));
        record.body = std::move(what.raw.body);
        TRIBUTARY_TRY(insert(std::move(record)));
        return std::move(what.answer);
    }
    std::optional<std::int64_t> holder; // the record with the body
    std::uint64_t repeated = 0;
    for (std::size_t index = 0; index < what.items.size(); ++index) {
        const verified_delivery::item& item = what.items[index];
        inbox::record record = make_record(what);
        record.item = what.item_numbers[index];
        record.digest = item.digest;
        record.event_type = item.event_type;
        record.dedupe_key = item.dedupe_key;
        record.authentic = item.verdict == TRB_ITEM_ACCEPTED;
        if (!record.authentic) {
            // A hint says nothing but "look again": while one waits for its answer, a second adds nothing.
            TRIBUTARY_TRY_ASSIGN(waiting, inbox::is_waiting(*session, what.in, record.connection_id, item.dedupe_key));
            if (waiting) {
                ++repeated;
                continue;
            }
            TRIBUTARY_TRY_ASSIGN(count, inbox::count_waiting(*session));
            if (count >= options.waiting_max)
                return answer(503, "too_many_waiting", "too many unverified deliveries are waiting");
            record.dedupe_key += "@" + std::to_string(what.raw.received_at);
        }
        record.part_of = holder;
        if (!holder)
            record.body = what.raw.body;
        TRIBUTARY_TRY_ASSIGN(stored, insert(std::move(record)));
        if (!stored)
            ++repeated;
        else if (!holder)
            holder = pending.back().id;
    }
    counters.count("tributary_inbox_items_total", {{"outcome", "stored"}}, what.items.size() - repeated);
    counters.count("tributary_inbox_items_total", {{"outcome", "repeated"}}, repeated);
    return std::move(what.answer);
}

result<void> engine::implementation::store_undecided(verified_delivery& what) {
    inbox::record record = make_record(what);
    record.is = inbox::state::waiting;
    record.authentic = false;
    record.digest = sha256(what.raw.body);
    record.dedupe_key = "undecided:" + what.need->purpose;
    record.body = std::move(what.raw.body);
    TRIBUTARY_TRY_ASSIGN(id, inbox::insert(*session, record));
    if (!id)
        return {};
    what.need->caused_by = *id;
    what.need->next_at = what.raw.received_at;
    return inbox::insert_want(*session, *what.need, false);
}

result<http::response> engine::implementation::store(delivery_refusal& what) {
    if (what.keep)
        TRIBUTARY_TRY(inbox::insert_refusal(*session, *what.keep));
    return answer(what.status, what.code, what.message);
}

result<http::response> engine::implementation::store(std::vector<clicks::click>& what) {
    for (const clicks::click& click : what) {
        TRIBUTARY_TRY_ASSIGN(is_new, clicks::append(*session, click));
        if (!is_new)
            continue;
        constexpr time_ms day_ms = 86'400'000;
        ++click_sums[{click.in, click.link_id}][click.at / day_ms * day_ms];
        // Somebody's history may have named this click before it was recorded.
        TRIBUTARY_TRY(projections::mark_readers(*session, click.in, projections::click_lookup, click.id, click.at));
        more_marked = true;
    }
    http::response done;
    done.status = 204;
    return done;
}

result<void> engine::implementation::flush_clicks() {
    for (const auto& [key, days] : click_sums)
        for (const auto& [at, count] : days)
            TRIBUTARY_TRY(projections::add_rollup(*session, key.first, "clicks", key.second, "", at, count));
    click_sums.clear();
    return {};
}

result<http::response> engine::implementation::store(wanted_answer& what) {
    inbox::want& request = what.request;
    http::response done;
    done.status = 204;
    const bool transport_failed = !what.answer.has_value();
    const int status = transport_failed ? 0 : what.answer->status;
    const std::string reason = transport_failed ? what.answer.error().text() : "HTTP " + std::to_string(status);
    if (transport_failed || status == 408 || status == 409 || status == 429 || status >= 500) {
        ++request.attempts;
        const bool again = request.attempts < options.want_attempts_max;
        request.next_at = time.now_ms() + (options.want_retry_first_ms << std::min<std::int64_t>(request.attempts, 12));
        TRIBUTARY_TRY(inbox::set_want(*session, request, again ? inbox::want_state::open : inbox::want_state::failed,
                                      reason));
        return done;
    }
    if (status < 200 || status >= 300) {
        TRIBUTARY_TRY(inbox::set_want(*session, request, inbox::want_state::failed, reason));
        auto cause = inbox::find(*session, request.caused_by);
        if (cause && cause->is == inbox::state::waiting)
            TRIBUTARY_TRY(inbox::set_state(*session, cause->id, inbox::state::rejected,
                                           "the source does not confirm it: " + reason));
        return done;
    }
    TRIBUTARY_TRY(inbox::set_want(*session, request, inbox::want_state::done, {}));
    inbox::record record;
    record.in = request.in;
    record.connection_id = request.connection_id;
    record.from = inbox::source::answer;
    record.received_at = time.now_ms();
    record.caused_by = request.caused_by;
    record.purpose = request.purpose;
    record.http_status = status;
    record.event_type = "answer";
    record.method = request.method;
    record.headers = std::move(what.answer->headers);
    record.body = std::move(what.answer->body);
    record.digest = sha256(record.body);
    record.dedupe_key = "answer:" + request.purpose + ":" + std::to_string(request.caused_by);
    TRIBUTARY_TRY(insert(std::move(record)));
    return done;
}

} // namespace tributary

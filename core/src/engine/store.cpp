#include <tributary/facts/fact.hpp>

#include <array>

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

http::response too_many_waiting() {
    constexpr std::string_view retry_after_s = "60";
    http::response refused = answer(503, "too_many_waiting", "too many unverified deliveries are waiting");
    refused.headers.push_back({"Retry-After", std::string(retry_after_s)});
    return refused;
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
    if (what.need)
        return store_undecided(what);
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
            TRIBUTARY_TRY_ASSIGN(place, place_to_wait(what.in, record.connection_id, item.dedupe_key));
            if (place == waiting_place::taken) {
                ++repeated;
                continue;
            }
            if (place == waiting_place::none_left)
                return too_many_waiting();
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

/// What is not authentic says nothing but "look": while one waits for its answer, a second adds nothing.
result<waiting_place> engine::implementation::place_to_wait(space in, std::string_view connection_id,
                                                            std::string_view key) {
    TRIBUTARY_TRY_ASSIGN(waiting, inbox::is_waiting(*session, in, connection_id, key));
    if (waiting)
        return waiting_place::taken;
    TRIBUTARY_TRY_ASSIGN(count, inbox::count_waiting(*session));
    return count < options.waiting_max ? waiting_place::free : waiting_place::none_left;
}

result<http::response> engine::implementation::store_undecided(verified_delivery& what) {
    inbox::record record = make_record(what);
    record.dedupe_key = "undecided:" + what.need->purpose;
    TRIBUTARY_TRY_ASSIGN(place, place_to_wait(what.in, record.connection_id, record.dedupe_key));
    if (place == waiting_place::none_left)
        return too_many_waiting();
    if (place == waiting_place::taken)
        return std::move(what.answer);
    record.dedupe_key += "@" + std::to_string(what.raw.received_at);
    record.is = inbox::state::waiting;
    record.authentic = false;
    record.digest = sha256(what.raw.body);
    record.body = std::move(what.raw.body);
    TRIBUTARY_TRY_ASSIGN(id, inbox::insert(*session, record));
    if (id) {
        what.need->caused_by = *id;
        what.need->next_at = what.raw.received_at;
        TRIBUTARY_TRY(inbox::insert_want(*session, *what.need, true));
    }
    return std::move(what.answer);
}

result<http::response> engine::implementation::store(delivery_refusal& what) {
    if (what.keep)
        TRIBUTARY_TRY(inbox::insert_refusal(*session, *what.keep, options.refused_kept));
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
        TRIBUTARY_TRY(
            projections::mark_readers(*session, click.in, projections::click_lookup, click.id, click.at));
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

/// The answer will not come: what waited for it is shown as failed, and the next delivery like it starts
/// anew.
result<void> engine::implementation::give_up(std::int64_t waiting, std::string_view reason) {
    TRIBUTARY_TRY_ASSIGN(cause, inbox::find(*session, waiting));
    if (cause.is != inbox::state::waiting)
        return {};
    return inbox::set_state(*session, waiting, inbox::state::failed,
                            "no answer came: " + std::string(reason));
}

result<http::response> engine::implementation::store(wanted_answer& what) {
    inbox::want& request = what.request;
    http::response done;
    done.status = 204;
    const bool transport_failed = !what.answer.has_value();
    const int status = transport_failed ? 0 : what.answer->status;
    const std::string reason =
        transport_failed ? what.answer.error().text() : "HTTP " + std::to_string(status);
    if (transport_failed || status == 401 || status == 403 || status == 408 || status == 409 ||
        status == 429 || status >= 500) {
        ++request.attempts;
        const bool again = request.attempts < options.want_attempts_max;
        request.next_at =
            time.now_ms() + (options.want_retry_first_ms << std::min<std::int64_t>(request.attempts - 1, 12));
        TRIBUTARY_TRY(inbox::set_want(*session, request,
                                      again ? inbox::want_state::open : inbox::want_state::failed, reason));
        if (!again)
            TRIBUTARY_TRY(give_up(request.caused_by, reason));
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

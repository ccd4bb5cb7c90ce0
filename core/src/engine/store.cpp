#include <tributary/base/ids.hpp>
#include <tributary/facts/fact.hpp>
#include <tributary/http/client.hpp>

#include <algorithm>

#include "engine/engine_impl.hpp"

namespace tributary {
namespace {

http::response answer(int status, std::string_view code, std::string_view text) {
    return http::error_response(status, code, text);
}

} // namespace

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

http::response too_many_waiting() {
    constexpr std::string_view retry_after_s = "60";
    http::response refused = answer(503, "too_many_waiting", "too many unverified deliveries are waiting");
    refused.headers.push_back({"Retry-After", std::string(retry_after_s)});
    return refused;
}

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
    for (const verified_delivery::item& item : what.items)
        if (item.verdict != TRB_ITEM_ACCEPTED) {
            TRIBUTARY_TRY_ASSIGN(full, is_full(what.raw.connection_id));
            if (full)
                return too_many_waiting();
            break;
        }
    TRIBUTARY_TRY(store_items(what, std::nullopt));
    return std::move(what.answer);
}

/// Stores the items of a delivery, each as a record of its own.
///
/// @param holder  the record that has the body already; otherwise the first item that is new gets it.
result<void> engine::implementation::store_items(const verified_delivery& what,
                                                 std::optional<std::int64_t> holder) {
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
            TRIBUTARY_TRY_ASSIGN(needless, needs_no_record(record));
            if (needless) {
                ++repeated;
                continue;
            }
            record.dedupe_key = inbox::hint_key(item.dedupe_key, make_id({}, what.raw.received_at, random));
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
    return {};
}

/// A hint says nothing but "look": while another waits to be asked about, it adds nothing. One that was asked
/// about already, and is not answered, may have been asked too early.
result<bool> engine::implementation::needs_no_record(const inbox::record& hint) {
    TRIBUTARY_TRY_ASSIGN(waiting,
                         inbox::find_waiting_hint(*session, hint.in, hint.connection_id, hint.dedupe_key));
    return waiting && !is_under_way(*waiting);
}

bool engine::implementation::is_under_way(std::int64_t caused_by) const {
    return std::any_of(under_way_now.begin(), under_way_now.end(),
                       [&](const auto& one) { return one.second.caused_by == caused_by; });
}

result<bool> engine::implementation::is_full(std::string_view connection_id) {
    TRIBUTARY_TRY_ASSIGN(count, inbox::count_waiting(*session, connection_id));
    return count >= options.waiting_max;
}

result<http::response> engine::implementation::store(delivery_refusal& what) {
    if (what.keep)
        TRIBUTARY_TRY(inbox::insert_refusal(*session, *what.keep, options.refused_kept));
    http::response refused = answer(what.status, what.code, what.message);
    if (what.retry_after_s > 0)
        refused.headers.push_back({"Retry-After", std::to_string(what.retry_after_s)});
    return refused;
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

/// The answer will not come, or says no: what waited for it waits no more.
result<void> engine::implementation::give_up(std::int64_t waiting, inbox::state to, std::string_view reason) {
    auto cause = inbox::find(*session, waiting);
    if (!cause && !is_local(cause.error()))
        return cause.error();
    if (!cause || cause->is != inbox::state::waiting)
        return {};
    return inbox::set_state(*session, waiting, to, reason);
}

/// The process before may have ended while a request was under way that another record had taken over.
result<void> engine::implementation::give_up_forsaken() {
    TRIBUTARY_TRY_ASSIGN(ids, inbox::forsaken(*session));
    if (ids.empty())
        return {};
    return transact([&]() -> result<void> {
        for (const std::int64_t id : ids) {
            TRIBUTARY_TRY_ASSIGN(record, inbox::find(*session, id));
            TRIBUTARY_TRY(inbox::set_state(*session, id,
                                           is_undecided(record) ? inbox::state::failed : inbox::state::done,
                                           "nobody asks for its answer any more"));
        }
        return {};
    });
}

namespace {

/// What a request came to.
enum class outcome { answered, denied, try_again, hopeless };

outcome outcome_of(const result<http::response>& answer) {
    if (!answer) {
        const error_code why = answer.error().code;
        const bool never = why == http::client_errc::bad_url || why == http::client_errc::not_allowed ||
                           why == http::client_errc::bad_request;
        return never ? outcome::hopeless : outcome::try_again;
    }
    const int status = answer->status;
    if (status >= 200 && status < 300)
        return outcome::answered;
    // 401 and 403 are about our credentials, which somebody can put right.
    const bool temporary = status == 401 || status == 403 || status == 408 || status == 409 ||
                           status == 425 || status == 429 || status >= 500;
    if (temporary)
        return outcome::try_again;
    return status >= 400 ? outcome::denied : outcome::hopeless;
}

} // namespace

/// An answer that was given before, to a request that a person made be asked again, is worked on again.
result<void> engine::implementation::insert_answer(inbox::record&& record) {
    TRIBUTARY_TRY_ASSIGN(known, inbox::find_telling(*session, record.in, record.connection_id,
                                                    record.dedupe_key, record.digest));
    if (!known) {
        TRIBUTARY_TRY(insert(std::move(record)));
        return {};
    }
    more_pending = true;
    return inbox::set_state(*session, known->first, inbox::state::pending, {});
}

result<http::response> engine::implementation::store(wanted_answer& what) {
    inbox::want& request = what.request;
    under_way_now.erase({request.in.workspace, request.connection_id, request.purpose});
    http::response done;
    done.status = 204;
    const std::string reason =
        what.answer ? "HTTP " + std::to_string(what.answer->status) : what.answer.error().text();
    using inbox::want_state;
    switch (outcome_of(what.answer)) {
    case outcome::answered: break;
    case outcome::denied:
        TRIBUTARY_TRY(inbox::set_want(*session, request, want_state::failed, reason));
        TRIBUTARY_TRY(
            give_up(request.caused_by, inbox::state::rejected, "the source does not confirm it: " + reason));
        return done;
    case outcome::hopeless:
        TRIBUTARY_TRY(inbox::set_want(*session, request, want_state::blocked, reason));
        TRIBUTARY_TRY(
            give_up(request.caused_by, inbox::state::failed, "it cannot be asked about: " + reason));
        return done;
    case outcome::try_again: {
        constexpr std::int64_t doublings_max = 12;
        request.next_at =
            time.now_ms() + (options.want_retry_first_ms << std::min(request.attempts, doublings_max));
        const bool again = ++request.attempts < options.want_attempts_max;
        TRIBUTARY_TRY_ASSIGN(its_own, inbox::set_want(*session, request,
                                                      again ? want_state::open : want_state::failed, reason));
        if (!its_own)
            TRIBUTARY_TRY(give_up(request.caused_by, inbox::state::done, asked_by_a_later_hint));
        else if (!again)
            TRIBUTARY_TRY(give_up(request.caused_by, inbox::state::failed, "no answer came: " + reason));
        return done;
    }
    }
    TRIBUTARY_TRY(inbox::set_want(*session, request, want_state::done, {}));
    inbox::record record;
    record.in = request.in;
    record.connection_id = request.connection_id;
    record.from = inbox::source::answer;
    record.received_at = time.now_ms();
    if (request.caused_by != 0) // 0: a person asked.
        record.caused_by = request.caused_by;
    record.purpose = request.purpose;
    record.http_status = what.answer->status;
    record.event_type = "answer";
    record.method = request.method;
    record.headers = std::move(what.answer->headers);
    record.body = std::move(what.answer->body);
    record.digest = sha256(record.body);
    record.dedupe_key = "answer:" + request.purpose + ":" + std::to_string(request.caused_by);
    TRIBUTARY_TRY(insert_answer(std::move(record)));
    return done;
}

} // namespace tributary

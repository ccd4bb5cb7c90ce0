#include <tributary/facts/fact.hpp>

#include "engine/engine_impl.hpp"
#include "engine/record_view.hpp"

namespace tributary {

using plugins::view;

namespace {

/// The host's side of a trb_fact_sink.
class fact_collector {
  public:
    fact_collector(const inbox::record& record, const connection_info& connection, std::uint32_t version)
        : record_(record), connection_(connection),
          version_(version), sink_{sizeof(trb_fact_sink), 0, this, &emit, &want, &note} {}
    fact_collector(const fact_collector&) = delete;
    fact_collector& operator=(const fact_collector&) = delete;

    const trb_fact_sink* sink() const noexcept { return &sink_; }
    normalised& collected() noexcept { return collected_; }

  private:
    static constexpr std::size_t facts_max = 10'000;
    static constexpr std::size_t drifts_max = 16;

    template <class Function> trb_status keep(Function&& function) noexcept {
        try {
            return function();
        } catch (const std::exception&) {
            return TRB_INTERNAL;
        }
    }

    static trb_status emit(void* ctx, const trb_fact* fact) noexcept {
        auto& me = *static_cast<fact_collector*>(ctx);
        return me.keep([&] {
            if (!me.record_.authentic) {
                me.collected_.failure = "a fact was emitted from a delivery that is not authentic";
                return TRB_INVALID;
            }
            auto encoded = facts::encode_fact(*fact, me.connection_.realm);
            if (!encoded || me.collected_.facts.size() >= facts_max || fact->kind == TRB_KIND_CLICK) {
                me.collected_.failure = encoded ? "too many facts, or a click" : encoded.error().text();
                return TRB_INVALID;
            }
            me.collected_.facts.push_back(
                {std::move(*encoded), me.record_.id, me.record_.connection_id, std::int64_t{me.version_}});
            return TRB_OK;
        });
    }

    static void want(void* ctx, const trb_http_request* request) noexcept {
        auto& me = *static_cast<fact_collector*>(ctx);
        me.keep([&] {
            inbox::want wanted;
            if (!copy_want(*request, wanted)) {
                me.collected_.failure = "a malformed request was wanted";
                return TRB_INVALID;
            }
            wanted.in = me.record_.in;
            wanted.connection_id = me.record_.connection_id;
            wanted.caused_by = me.record_.id;
            wanted.next_at = me.record_.received_at;
            me.collected_.wants.push_back(std::move(wanted));
            return TRB_OK;
        });
    }

    static void note(void* ctx, trb_str code, trb_str text) noexcept {
        auto& me = *static_cast<fact_collector*>(ctx);
        me.keep([&] {
            if (view(code) == TRB_NOTE_DRIFT && facts::is_plain_text(view(text)) &&
                me.collected_.drifts.size() < drifts_max)
                me.collected_.drifts.push_back(inbox::parse_drift(view(text)));
            std::string& notes = me.collected_.notes;
            if (notes.size() < 1000 && facts::is_plain_text(view(code)) && facts::is_plain_text(view(text))) {
                notes += notes.empty() ? "" : "; ";
                notes += view(code);
                notes += ": ";
                notes += view(text);
            }
            return TRB_OK;
        });
    }

    const inbox::record& record_;
    const connection_info& connection_;
    std::uint32_t version_;
    trb_fact_sink sink_;
    normalised collected_;
};

constexpr int cause_depth_max = 8;

} // namespace

setback setback_of(const plugins::error_report& error) {
    return {error.text(TRB_RETRY), std::clamp<time_ms>(error.retry_after_ms(), 1000, setback_pause_max),
            error.code() != plugins::plugin_down};
}

bool is_local(const failure& why) {
    return why.code == engine_errc::damaged || why.code == engine_errc::not_found ||
           why.code == engine_errc::unknown_connection || why.code == engine_errc::unknown_workspace ||
           why.code.category() == facts::facts_category();
}

result<std::string> engine::implementation::body_of(const inbox::record& record) {
    if (!record.part_of)
        return record.body;
    TRIBUTARY_TRY_ASSIGN(holder, inbox::find(*session, *record.part_of));
    return std::move(holder.body);
}

result<normalised> engine::implementation::normalise(const inbox::record& record,
                                                     const connection_info& connection,
                                                     const plugins::plugin& plugin) {
    // The record itself first, then what it was fetched for, nearest first.
    std::deque<inbox::record> causes;
    for (auto next = record.caused_by; next && causes.size() < cause_depth_max;
         next = causes.back().caused_by) {
        TRIBUTARY_TRY_ASSIGN(cause, inbox::find(*session, *next));
        causes.push_back(std::move(cause));
    }
    TRIBUTARY_TRY_ASSIGN(body, body_of(record));
    std::deque<std::string> cause_bodies;
    std::deque<record_view> views;
    views.emplace_back(record, body, record.authentic);
    std::vector<trb_record> records{views.back().get()};
    for (const inbox::record& cause : causes) {
        TRIBUTARY_TRY_ASSIGN(cause_body, body_of(cause));
        cause_bodies.push_back(std::move(cause_body));
        views.emplace_back(cause, cause_bodies.back(), cause.authentic);
        records.push_back(views.back().get());
    }
    fact_collector collector(record, connection, plugin.provider->normaliser_version);
    const connection_view connected(connection, false);
    plugins::error_report error;
    const plugins::timed_call timed(plugin, "normalise");
    const trb_status status =
        plugin.provider->normalise(plugin.self(), &connected.get(), records.data(), records.size(),
                                   sizeof(trb_record), collector.sink(), error.sink());
    normalised done = std::move(collector.collected());
    if (status == TRB_RETRY)
        done.later = setback_of(error);
    else if (status != TRB_OK && done.failure.empty())
        done.failure = error.text(status);
    return done;
}

result<void> engine::implementation::process_call(const inbox::record& record, std::set<subject_key>& dirty) {
    TRIBUTARY_TRY_ASSIGN(said, facts::parse_fact(record.body));
    std::vector<identity::new_fact> facts;
    facts.push_back({std::move(said), record.id, record.connection_id, 0});
    return identity::assign(*session, record.in, facts, record.attempts > 0 ? record.id : 0, dirty);
}

result<void> engine::implementation::fail(const inbox::record& record, const std::string& why) {
    log.error("normalise_failed",
              {{"inbox_id", record.id}, {"connection", record.connection_id}, {"reason", why}});
    counters.count("tributary_normalise_failures_total");
    ++failed_records;
    return inbox::set_state(*session, record.id, inbox::state::failed, why);
}

/// Nothing is wrong with the record itself, as far as anybody knows: it waits.
result<void> engine::implementation::hold(const inbox::record& record, const setback& why) {
    log.warn("record_held",
             {{"inbox_id", record.id}, {"connection", record.connection_id}, {"reason", why.why}});
    counters.count("tributary_records_held_total");
    if (rebuilding)
        ++failed_records;
    // Who asked for time over this very record before is given more of it each time.
    constexpr std::int64_t doublings_max = 5;
    const time_ms grown = time_ms{1000} << std::min(record.interrupted, doublings_max);
    const time_ms again_at = time.now_ms() + std::min(std::max(why.pause, grown), setback_pause_max);
    held.pass_at = held.any ? std::min(held.pass_at, again_at) : again_at;
    held.any = true;
    return inbox::hold(*session, record.id, why.why, record.interrupted + (why.met_with_it ? 1 : 0));
}

/// In passes, so that many records of one plugin that stays away do not stand before those of another.
result<void> engine::implementation::release_held() {
    constexpr std::size_t chunk = 512;
    const bool begins = held.any && time.now_ms() >= held.pass_at;
    if (!held.passed && !begins)
        return {};
    if (!held.passed) {
        held.passed = 0;
        held.any = false; // Unless one is held again.
    }
    TRIBUTARY_TRY(transact([&]() -> result<void> {
        TRIBUTARY_TRY_ASSIGN(released, inbox::release_held(*session, *held.passed, chunk));
        held.passed = released.more_after;
        more_pending = more_pending || released.count > 0;
        return {};
    }));
    return {};
}

/// @return nullptr when there is no such connection any more.
result<const connection_info*> engine::implementation::connection_of(std::string_view id) {
    if (const auto known = connections.find(id); known != connections.end())
        return &known->second;
    auto found = where.connection(*session, id, false);
    if (found)
        return &connections.emplace(std::string(id), std::move(*found)).first->second;
    if (is_local(found.error()))
        return nullptr;
    return found.error();
}

result<void> engine::implementation::process(const inbox::record& record, std::set<subject_key>& dirty) {
    if (record.from == inbox::source::call)
        return process_call(record, dirty);
    if (rebuilding && !record.authentic)
        return {}; // A hint books nothing, an undecided delivery's items are records of their own.
    TRIBUTARY_TRY_ASSIGN(connection, connection_of(record.connection_id));
    if (connection == nullptr)
        return fail(record, "there is no such connection");
    const plugins::plugin_ptr plugin = plugins.find(connection->provider);
    if (plugin == nullptr || plugin->provider == nullptr)
        return hold(record, {"the provider '" + connection->provider + "' is not loaded", setback_pause_max});
    if (auto why = plugin->quarantine())
        return hold(record, {std::move(*why), setback_pause_max});
    if (is_undecided(record))
        return ask_again(record, *connection, *plugin);
    if (record.caused_by) {
        TRIBUTARY_TRY_ASSIGN(cause, inbox::find(*session, *record.caused_by));
        if (is_undecided(cause))
            return rebuilding ? result<void>() : decide(record, std::move(cause), *connection, *plugin);
        if (cause.is == inbox::state::waiting)
            TRIBUTARY_TRY(inbox::set_state(*session, cause.id, inbox::state::done, "answered"));
    }
    return process_facts(record, *connection, *plugin, dirty);
}

result<void> engine::implementation::process_facts(const inbox::record& record,
                                                   const connection_info& connection,
                                                   const plugins::plugin& plugin,
                                                   std::set<subject_key>& dirty) {
    TRIBUTARY_TRY_ASSIGN(done, normalise(record, connection, plugin));
    if (done.later)
        return hold(record, *done.later);
    if (!done.failure.empty())
        return fail(record, done.failure);
    TRIBUTARY_TRY(
        identity::assign(*session, record.in, done.facts, record.attempts > 0 ? record.id : 0, dirty));
    for (const inbox::want& wanted : done.wants)
        TRIBUTARY_TRY(want_answer(record, wanted));
    TRIBUTARY_TRY(count_drifts(record, plugin, done.drifts));
    const bool waits = !record.authentic && !done.wants.empty();
    return inbox::set_state(*session, record.id, waits ? inbox::state::waiting : inbox::state::done,
                            done.notes);
}

result<void> engine::implementation::count_drifts(const inbox::record& record, const plugins::plugin& plugin,
                                                  const std::vector<inbox::drift>& drifts) {
    for (const inbox::drift& one : drifts) {
        const bool again = record.attempts > 0;
        TRIBUTARY_TRY_ASSIGN(
            counted, inbox::count_drift(*session, record, plugin.provider->normaliser_version, one, again));
        if (!rebuilding && !again)
            counters.count("tributary_drift_total",
                           {{"plugin", plugin.name()}, {"path", counted.path}, {"version", counted.version}});
    }
    return {};
}

result<void> engine::implementation::want_answer(const inbox::record& record, const inbox::want& wanted) {
    if (record.authentic)
        return inbox::insert_want(*session, wanted,
                                  rebuilding ? inbox::wanting::once : inbox::wanting::answered);
    TRIBUTARY_TRY_ASSIGN(earlier, inbox::find_open_want(*session, wanted));
    TRIBUTARY_TRY(inbox::insert_want(*session, wanted, inbox::wanting::anew));
    if (earlier && *earlier != record.id && !is_under_way(*earlier))
        return give_up(*earlier, inbox::state::done, asked_by_a_later_hint);
    return {};
}

/// A record that cannot be worked on fails by itself: the transaction is begun again without it.
result<void> engine::implementation::process_or_fail(const inbox::record& record,
                                                     std::set<subject_key>& dirty) {
    if (const auto known = failing.find(record.id); known != failing.end())
        return fail(record, known->second);
    auto done = process(record, dirty);
    if (!done && is_local(done.error())) {
        failing.emplace(record.id, done.error().text());
        left_out = true;
    }
    return done;
}

result<void> engine::implementation::process_pending(std::set<subject_key>& dirty) {
    // decide() may add to the queue while it is worked off; what it adds waits for the next batch.
    worked_on = pending.size();
    for (std::size_t index = 0; index < worked_on; ++index)
        TRIBUTARY_TRY(process_or_fail(pending[index], dirty));
    return {};
}

result<void> engine::implementation::fold_all(const std::set<subject_key>& dirty,
                                              projections::fold_mode mode) {
    if (dirty.empty())
        return {};
    projections::folder folds = make_folder();
    const time_ms now = time.now_ms();
    if (upgrade_waits)
        folds.accept_outdated();
    for (const subject_key& subject : dirty) {
        auto folded = folds.fold(subject, now, mode);
        if (folded)
            continue;
        if (folded.error().code == engine_errc::not_now) {
            upgrade_waits = true;
            continue;
        }
        left_out = left_out || folded.error().code == engine_errc::rows_refused;
        if (folded.error().code == engine_errc::outdated) {
            TRIBUTARY_TRY_ASSIGN(outdated, folds.outdated_of(dirty));
            outdated_now = std::move(outdated);
            left_out = true;
        }
        if (!is_local(folded.error()))
            return folded.error();
        log.error("subject_damaged", {{"subject", subject.id}, {"reason", folded.error().text()}});
        counters.count("tributary_damaged_subjects_total");
        TRIBUTARY_TRY(projections::save_damage(*session, subject, plugins, folded.error().text(), now));
    }
    counters.count("tributary_folds_total", {}, dirty.size());
    TRIBUTARY_TRY(folds.write_sums());
    return want_rereads(folds);
}

result<void> engine::implementation::want_rereads(projections::folder& folds) {
    for (const projections::reread& wish : folds.take_rereads()) {
        auto cause = inbox::find(*session, wish.inbox_id);
        if (!cause)
            continue;
        TRIBUTARY_TRY_ASSIGN(connection, connection_of(cause->connection_id));
        const plugins::plugin_ptr plugin =
            connection == nullptr ? nullptr : plugins.find(connection->provider);
        if (plugin == nullptr || plugin->provider == nullptr || plugin->provider->reread == nullptr ||
            plugin->in_quarantine())
            continue;
        cause->authentic = true;
        fact_collector collector(*cause, *connection, plugin->provider->normaliser_version);
        const connection_view connected(*connection, false);
        plugins::error_report error;
        const plugins::timed_call timed(*plugin, "reread");
        plugin->provider->reread(plugin->self(), &connected.get(), wish.tied.kind,
                                 view(std::string_view(wish.tied.document_id)), collector.sink(),
                                 error.sink());
        for (inbox::want& wanted : collector.collected().wants) {
            // Another tie of the same document, later, is another question.
            wanted.purpose += purpose_mark;
            wanted.purpose += std::to_string(wish.tied.source_time);
            TRIBUTARY_TRY(inbox::insert_want(*session, wanted, inbox::wanting::once));
        }
    }
    return {};
}

/// Subjects whose wake time has come, and those that a changed lookup marked.
result<void> engine::implementation::fold_marked() {
    std::set<subject_key> dirty;
    more_marked = false;
    for (const auto& plugin : plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        TRIBUTARY_TRY_ASSIGN(due, projections::due(*session, view(plugin->projection->name), time.now_ms(),
                                                   options.fold_chunk));
        more_marked = more_marked || due.size() == options.fold_chunk;
        dirty.insert(due.begin(), due.end());
    }
    TRIBUTARY_TRY_ASSIGN(marked, projections::take_dirty(*session, options.fold_chunk));
    more_marked = more_marked || marked.size() == options.fold_chunk;
    dirty.insert(marked.begin(), marked.end());
    return fold_all(dirty, projections::fold_mode::live);
}

} // namespace tributary

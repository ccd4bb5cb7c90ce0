#pragma once

#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/identity/identity.hpp>
#include <tributary/inbox/drift.hpp>
#include <tributary/storage/storage.hpp>

#include <deque>
#include <map>
#include <set>
#include <span>
#include <tuple>

namespace tributary {

/// Why a plugin could not be asked now, or could not answer.
struct setback {
    std::string why;
    time_ms pause = 1000;     ///< before it makes sense to ask again
    bool met_with_it = false; ///< the plugin went down, or asked for more time, over this very question
};

/// What normalising one record gave.
struct normalised {
    std::vector<identity::new_fact> facts;
    std::vector<inbox::want> wants;
    std::vector<inbox::drift> drifts;
    std::string notes;            ///< why something was not turned into a fact
    std::string failure;          ///< empty: it worked
    std::optional<setback> later; ///< it could not be done now
};

struct engine::implementation {
    storage::database& database;
    directory& where;
    const plugins::plugin_set& plugins;
    const clock& time;
    entropy& random;
    logger& log;
    metrics& counters;
    engine_options options;
    std::unique_ptr<storage::session> session;

    /// Requests that were handed out and are not answered: for which record, and when.
    struct under_way {
        std::int64_t caused_by = 0;
        time_ms since = 0;
    };
    using want_key = std::tuple<std::int64_t, std::string, std::string>; // workspace, connection, purpose
    std::map<want_key, under_way> under_way_now{};

    // What the running transaction, begun again, has to leave out: see attempt().
    std::map<std::int64_t, std::string> failing{}; ///< records, and why
    projections::refused_rows refused_now{};
    std::set<subject_key> outdated_now{}; ///< subjects to upgrade before it begins again
    bool left_out = false;                ///< Was something added to the three?
    bool upgrade_waits = false;           ///< A plugin could not be asked for an upgrade.

    std::deque<inbox::record> pending{}; ///< stored by the batch before, to be worked on by the next
    bool rebuilding = false;             ///< records are read again: only what was never asked is asked
    std::size_t worked_on = 0;           ///< how many of them the running batch has done
    bool more_pending = true;            ///< the database may hold pending records that are not in memory
    bool more_marked = true;             ///< ... and marked or due subjects
    bool more_outdated = false;          ///< subjects that an older release of a plugin folded may be left
    std::optional<time_ms> upgrade_at{}; ///< when it makes sense to look for them again

    /// Records that wait for their plugin are made pending again in passes through all of them.
    struct held_records {
        bool any = true;                      ///< there may be some
        time_ms pass_at = 0;                  ///< when the next pass begins
        std::optional<std::int64_t> passed{}; ///< how far the running pass has come
    };
    held_records held{};

    /// Sums of clicks per link of the running batch: one statement each, not one a click.
    std::map<std::pair<space, std::string>, std::map<std::int64_t, std::int64_t>> click_sums{};

    /// Connections of the running transaction, so that it asks once for each.
    std::map<std::string, connection_info, std::less<>> connections{};
    std::uint64_t failed_records = 0; ///< of the running rebuild

    /// Runs work that begins a transaction; begins again, without what is to blame, when one record or one
    /// subject alone fails. So nobody pays for savepoints, and one piece of bad data stops nobody else.
    /// A failure has rolled back, in memory too.
    result<void> attempt(const std::function<result<void>()>& work);
    /// Runs work in a transaction of its own, as an attempt.
    result<void> transact(const std::function<result<void>()>& work);
    /// In a transaction of its own: the subjects that the work before could not fold.
    result<void> upgrade_first();
    /// Begins a transaction.
    result<void> begin() {
        connections.clear();
        return session->begin();
    }

    // process.cpp: from records to facts
    result<void> process(const inbox::record& record, std::set<subject_key>& dirty);
    result<void> process_or_fail(const inbox::record& record, std::set<subject_key>& dirty);
    result<void> load_pending();
    result<std::vector<inbox::record>> take(const std::vector<std::int64_t>& ids);
    result<void> process_pending(std::set<subject_key>& dirty);
    result<void> fold_all(const std::set<subject_key>& dirty, projections::fold_mode mode);
    result<void> fold_marked();
    result<void> want_rereads(projections::folder& folds);
    result<normalised> normalise(const inbox::record& record, const connection_info& connection,
                                 const plugins::plugin& plugin);
    result<std::string> body_of(const inbox::record& record);
    result<void> process_call(const inbox::record& record, std::set<subject_key>& dirty);
    result<void> process_facts(const inbox::record& record, const connection_info& connection,
                               const plugins::plugin& plugin, std::set<subject_key>& dirty);
    result<void> count_drifts(const inbox::record& record, const plugins::plugin& plugin,
                              const std::vector<inbox::drift>& drifts);
    result<void> want_answer(const inbox::record& record, const inbox::want& wanted);
    result<void> fail(const inbox::record& record, const std::string& why);
    result<void> hold(const inbox::record& record, const setback& why);
    result<void> release_held();
    void pause_upgrade() noexcept;
    result<void> upgrade_some(); ///< One chunk of what more_outdated is about.
    result<const connection_info*> connection_of(std::string_view id);

    // store.cpp: from deliveries to records
    result<http::response> store(verified_delivery& what);
    result<http::response> store(delivery_refusal& what);
    result<http::response> store(std::vector<clicks::click>& what);
    result<http::response> store(wanted_answer& what);
    result<bool> insert(inbox::record&& record);
    result<void> insert_answer(inbox::record&& record);
    result<void> store_items(const verified_delivery& what, std::optional<std::int64_t> holder);
    result<bool> needs_no_record(const inbox::record& hint);
    result<bool> is_full(std::string_view connection_id);
    bool is_under_way(std::int64_t caused_by) const;
    result<void> give_up_forsaken();
    result<void> give_up(std::int64_t waiting, inbox::state to, std::string_view reason);
    result<void> flush_clicks();

    // undecided.cpp: deliveries that cannot be judged without an answer
    result<http::response> store_undecided(verified_delivery& what);
    result<void> want_verdict(std::int64_t inbox_id, inbox::want need, std::string_view digest);
    result<void> ask_again(const inbox::record& undecided, const connection_info& connection,
                           const plugins::plugin& plugin);
    /// What the plugin says of an undecided delivery, the first of the records.
    struct judgement {
        trb_status status = TRB_OK;
        bool rejected = false; ///< The status says so, or every item.
        std::string fault;     ///< A rule of the ABI that the plugin broke; empty: none.
        std::string reason;
        std::optional<setback> later; ///< it could not be asked
        verified_delivery verdict;
    };
    result<judgement> judge(const inbox::record& undecided, std::span<const trb_record> records,
                            const connection_info& connection, const plugins::plugin& plugin);
    result<void> decide(const inbox::record& verdict, inbox::record cause, const connection_info& connection,
                        const plugins::plugin& plugin);

    // rebuild.cpp
    result<void> require_providers();    ///< Of everything that the inbox holds.
    result<void> fold_failed();          ///< Once more, telling what they could not tell.
    result<std::uint64_t> read_anew();   ///< Facts from the inbox. @return records read.
    result<std::uint64_t> derive_anew(); ///< Rows from the facts. @return subjects folded.

    // call.cpp: plugins' write routes
    result<http::response> store(write_call& what);
    /// @return its answer; when outdated_now is not empty nothing has been done.
    result<http::response> make_call(write_call& what);
    result<void> upgrade_in_place();

    projections::folder make_folder() { return {*session, where, plugins, log, counters, refused_now}; }
};

inline constexpr time_ms setback_pause_max = 30'000;
/// What a plugin's TRB_RETRY means for the record that it was asked about.
setback setback_of(const plugins::error_report& error);

/// Is this failure about one record or subject, so that the others may go on?
bool is_local(const failure& why);
inline constexpr std::string_view asked_by_a_later_hint = "a later hint asks the same";

/// What a purpose is followed by that the core tells apart by more than the plugin does: plugins' purposes
/// cannot contain it.
inline constexpr char purpose_mark = '#';
/// The purpose that the plugin knows.
inline std::string_view plain_purpose(std::string_view stored) {
    return stored.substr(0, stored.find(purpose_mark));
}
/// Is it a delivery that cannot be judged without an answer?
bool is_undecided(const inbox::record& record);
/// A record of a delivery, without what one of its items says, its key and its body.
inbox::record make_record(const verified_delivery& from);
/// 503: the provider delivers again when others have been answered.
http::response too_many_waiting();

} // namespace tributary

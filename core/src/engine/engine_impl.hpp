#pragma once

#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/identity/identity.hpp>
#include <tributary/storage/storage.hpp>

#include <deque>
#include <map>
#include <set>

namespace tributary {

/// What normalising one record gave.
struct normalised {
    std::vector<identity::new_fact> facts;
    std::vector<inbox::want> wants;
    std::string notes;   ///< why something was not turned into a fact
    std::string failure; ///< empty: it worked
};

/// May a delivery wait for its answer?
enum class waiting_place { free, taken, none_left };

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

    std::deque<inbox::record> pending; ///< stored by the batch before, to be worked on by the next
    bool rebuilding = false;           ///< records are read again: nothing is asked of anybody
    std::size_t worked_on = 0;         ///< how many of them the running batch has done
    bool more_pending = true;          ///< the database may hold pending records that are not in memory
    bool more_marked = true;           ///< ... and marked or due subjects

    /// Sums of clicks per link of the running batch: one statement each, not one a click.
    std::map<std::pair<space, std::string>, std::map<std::int64_t, std::int64_t>> click_sums;

    // process.cpp: from records to facts
    result<void> process(const inbox::record& record, std::set<subject_key>& dirty);
    result<void> process_pending(std::set<subject_key>& dirty);
    result<void> fold_all(const std::set<subject_key>& dirty, projections::fold_mode mode);
    result<void> fold_marked();
    result<void> want_rereads(projections::folder& folds);
    result<normalised> normalise(const inbox::record& record, const connection_info& connection,
                                 const plugins::plugin& plugin);
    result<std::string> body_of(const inbox::record& record);
    result<void> process_call(const inbox::record& record, std::set<subject_key>& dirty);
    result<void> decide_cause(const inbox::record& answer, const connection_info& connection,
                              const plugins::plugin& plugin);

    // store.cpp: from deliveries to records
    result<http::response> store(verified_delivery& what);
    result<http::response> store(delivery_refusal& what);
    result<http::response> store(std::vector<clicks::click>& what);
    result<http::response> store(wanted_answer& what);
    result<http::response> store_undecided(verified_delivery& what);
    result<waiting_place> place_to_wait(space in, std::string_view connection_id, std::string_view key);
    result<bool> insert(inbox::record&& record);
    result<void> give_up(std::int64_t waiting, std::string_view reason);
    result<void> flush_clicks();

    // call.cpp: plugins' write routes
    result<http::response> store(write_call& what);

    projections::folder make_folder() { return {*session, where, plugins, log, counters}; }
};

/// Is this failure about one record or subject, so that the others may go on?
bool is_local(const failure& why);

} // namespace tributary

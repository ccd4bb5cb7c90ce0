#pragma once

#include <tributary/directory/directory.hpp>
#include <tributary/facts/history.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::projections {

/// A step of an explanation.
struct trace_step {
    std::string table;
    std::string row_id;
    std::string label;
    std::string value;
    std::string fact_id;
};

/// A merged fact as people see it.
struct shown_fact {
    std::string id;
    std::string kind;
    std::string realm;
    time_ms occurred_at = 0;
    bool ambiguous = false;
    bool historic = false;
    std::vector<std::string> ids;
    std::vector<std::string> parents;
    std::vector<std::string> claims; ///< "class name=value"
    std::string body;                ///< JSON
    std::vector<std::int64_t> inbox_ids;
};

/// A derived row as people see it.
struct shown_row {
    std::string projection;
    std::string table;
    std::string id;
    std::vector<std::pair<std::string, std::string>> cells;
};

/// Everything about a subject: its history and what follows from it, folded just now with a trace.
struct shown_subject {
    std::vector<shown_fact> facts;
    std::vector<shown_row> rows;
    std::vector<trace_step> trace;
};

/// What a fold is for.
enum class fold_mode {
    live,    ///< writes differences, stores new messages
    quiet,   ///< writes differences, stores no messages: rebuild
    upgrade, ///< the same, as of the last fold: what is due since then is told by the live fold that follows
};

/// A document that was told in two ways at one version, and a record that told it.
struct reread {
    facts::tie tied;
    std::int64_t inbox_id = 0;
};

/// Projections of subjects whose rows the database refused to store, and why.
using refused_rows = std::map<std::pair<subject_key, std::string>, std::string>;

/// Folds subjects: reads and merges the history, runs every projection, writes what is different.
///
/// Runs inside the caller's transaction. Not thread-safe; cheap to make, one per batch (it remembers what
/// connections said within the batch).
class folder {
  public:
    /// @param refused  their folds fail without being written; what is refused now is added.
    folder(storage::session& session, directory& where, const plugins::plugin_set& plugins, logger& log,
           metrics& counters, refused_rows& refused);
    ~folder();

    /// A plugin's failure is that plugin's alone: its rows stay as they are and the failure is kept with
    /// them.
    /// @errors of storage; engine_errc::rows_refused when the rows of a plugin cannot be stored: roll back
    /// and fold
    ///         again, knowing that; those of damaged data (see is_local() of the engine).
    ///         outdated: a live fold of what an older release folded, which has to be upgraded before
    ///         anything new is in its history. not_now: an upgrade that a plugin cannot be asked for.
    result<void> fold(const subject_key& subject, time_ms now_ms, fold_mode mode);

    /// From now on no live fold is refused as outdated: the upgrade has to wait.
    void accept_outdated() noexcept;
    /// Those of them that a live fold refuses as outdated.
    result<std::set<subject_key>> outdated_of(const std::set<subject_key>& subjects);

    /// Writes what the folds changed in sums. Call it once, after the last fold of a transaction.
    result<void> write_sums();

    /// Folds with a trace and writes nothing.
    result<shown_subject> show(const subject_key& subject, time_ms now_ms);

    /// Re-reads that ties in the folded histories ask for: filled by fold(), each document once.
    std::vector<reread> take_rereads();

  private:
    struct implementation;
    std::unique_ptr<implementation> impl_;
};

/// Marks everybody who looked up this key, for times up to at least `from`, to be folded again.
result<void> mark_readers(storage::session& writer, space in, std::string_view kind, std::string_view key,
                          time_ms from);
/// Takes marked subjects.
result<std::vector<subject_key>> take_dirty(storage::session& writer, std::size_t limit);
/// Marks a subject.
result<void> mark_dirty(storage::session& writer, const subject_key& subject);
/// Subjects whose wake time has come.
result<std::vector<subject_key>> due(storage::session& reader, std::string_view projection, time_ms now_ms,
                                     std::size_t limit);
/// Subjects whose last fold failed, in the order of their keys, after `last`.
result<std::vector<subject_key>> failed(storage::session& reader, std::string_view projection,
                                        const subject_key& last);
/// A subject cannot be read: that is kept as a failure of every loaded projection, to be tried again later.
result<void> save_damage(storage::session& writer, const subject_key& subject,
                         const plugins::plugin_set& plugins, std::string_view reason, time_ms now_ms);
/// Failed folds of a projection are due now.
result<void> retry_failed(storage::session& writer, std::string_view projection, time_ms now_ms);
/// Subjects that an older fold version of a projection derived.
result<std::vector<subject_key>> outdated(storage::session& reader, std::string_view projection,
                                          std::uint32_t fold_version, std::size_t limit);

/// Begins a rebuild: empties what the loaded projections derived, as if it had never been folded; only the
/// time of the last fold stays, because time never runs backwards for a subject. What other projections
/// derived stays as it is.
result<void> begin_rebuild(storage::session& writer, const plugins::plugin_set& plugins);
/// Ends it: forgets the subjects that no fact belongs to any more.
result<void> end_rebuild(storage::session& writer, const plugins::plugin_set& plugins);

/// Is there a projection that has not seen every subject: a new one, or one that was not loaded for a while?
result<bool> any_incomplete(storage::session& reader, const plugins::plugin_set& plugins);
/// Every loaded projection has seen every subject; the others will have to see them again.
result<void> mark_complete(storage::session& writer, const plugins::plugin_set& plugins);

/// Adds to a rollup.
result<void> add_rollup(storage::session& writer, space in, std::string_view measure,
                        std::string_view dimension, std::string_view currency, time_ms at,
                        std::int64_t value);

/// The key under which the core remembers who waits for a click.
inline constexpr std::string_view click_lookup = "core.click";

} // namespace tributary::projections

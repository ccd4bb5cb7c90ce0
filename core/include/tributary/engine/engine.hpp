#pragma once

#include <tributary/clicks/clicks.hpp>
#include <tributary/directory/directory.hpp>
#include <tributary/inbox/inbox.hpp>
#include <tributary/plugins/plugin_set.hpp>
#include <tributary/projections/folder.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace tributary::storage {
class database;
}

namespace tributary {
class entropy;

/// A delivery as it came in over HTTP.
struct delivery {
    std::string connection_id;
    time_ms received_at = 0;
    std::string method;
    std::string path; ///< what follows the connection's own path
    std::string query;
    std::vector<http::header> headers;
    std::string body;
};

/// What the plugin made of a delivery, before anything is stored.
struct verified_delivery {
    /// One part of a delivery with its own verdict.
    struct item {
        std::int32_t verdict = 0; ///< TRB_ITEM_*
        std::string dedupe_key;
        std::string event_type;
        digest256 digest{}; ///< of the item's bytes
    };
    delivery raw;
    space in;
    std::vector<item> items; ///< accepted ones and hints, in the plugin's order, with their number
    std::vector<std::uint32_t> item_numbers; ///< parallel to items
    std::optional<inbox::want> need;         ///< cannot be decided without this answer
    http::response answer;                   ///< once it is stored
};

/// Why a delivery is not taken. status is the HTTP answer.
struct delivery_refusal {
    int status = 400;
    std::string code;
    std::string message;
    std::int64_t retry_after_s = 0;
    std::optional<inbox::refusal> keep; ///< for the ring of refused deliveries
};

/// Asks the plugin whether a delivery is genuine. Reads only; may run on any thread that owns its reader.
std::variant<verified_delivery, delivery_refusal>
verify_delivery(storage::session& reader, directory& where, const plugins::plugin_set& plugins, delivery raw);

/// A call of a WRITE route, run inside the writer's transaction.
struct write_call {
    plugins::plugin_ptr plugin;
    std::uint64_t route = 0;
    trb_call view{};            ///< scope is filled in by the engine; texts must live in `keep`
    std::shared_ptr<void> keep; ///< owns what `view` points to
    space in;
};

/// The answer to a request that a plugin wanted.
struct wanted_answer {
    inbox::want request;
    result<http::response> answer;
};

/// Work for the one writer. `done` is called after the transaction that holds it is on stable storage, or
/// with a failure when it is not.
struct job {
    std::variant<verified_delivery, delivery_refusal, write_call, std::vector<clicks::click>, wanted_answer>
        what;
    std::function<void(result<http::response>)> done; ///< may be empty
};

struct engine_options {
    std::size_t fold_chunk = 500;      ///< marked or due subjects taken into one transaction
    std::int64_t waiting_max = 10'000; ///< unverified deliveries that may wait for answers
    std::int64_t refused_kept = 1000;  ///< Refused deliveries kept per connection.
    std::int64_t interrupted_max =
        5; ///< Processes that may end while they work on a record; then it is failed.
    std::int64_t want_attempts_max = 8;
    time_ms want_retry_first_ms = 5'000; ///< doubled at each attempt
};

/// What a rebuild or a replay did.
struct rebuild_report {
    std::uint64_t records = 0;
    std::uint64_t subjects = 0;
    std::uint64_t failed_records = 0;
};

/// The engine: the single writer's work, one transaction at a time. No threads, no clock of its own, no
/// network: a daemon drives it from its writer thread, tests and simulation drive it directly.
///
/// Not thread-safe.
class engine {
  public:
    /// Migrates the core's and the plugins' schemas. Throws boost::system::system_error when the database
    /// cannot be used.
    engine(storage::database& database, directory& where, const plugins::plugin_set& plugins,
           const clock& time, entropy& random, logger& log, metrics& counters, engine_options options = {});
    ~engine();
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    /// Stores a batch and does the work of the batch before, in one transaction; then completes the jobs.
    /// @errors of the commit: nothing of the batch is stored, every job got the failure, and the caller must
    /// stop.
    result<void> run(std::vector<job> batch);

    /// Is there work left: records to normalise, marked subjects, due wake times?
    bool has_work() const noexcept;
    /// Does what is left, in as many transactions as it takes. Wake times up to now are honoured.
    result<void> settle();
    /// Looks for wake times that have come and for records that another process marked; cheap.
    result<void> tick();

    /// Makes the database ready for the next generation of a plugin, which is not in the set yet.
    result<void> prepare(const plugins::plugin& next);
    /// A generation has been put into the set: what waited for the plugin is worked on, and what an older
    /// release of it derived is folded anew, piece by piece, in the transactions that follow.
    result<void> adopt(const plugins::plugin& now);

    /// Requests that plugins want made now. Hand each answer back as a wanted_answer job.
    result<std::vector<inbox::want>> due_wants();

    /// Derives everything anew from the facts; sends nothing.
    result<rebuild_report> rebuild();
    /// Drops the facts too and normalises every record of the inbox again.
    result<rebuild_report> rebuild_from_inbox();
    /// Normalises one record again, whatever its state.
    result<void> replay(std::int64_t inbox_id);
    /// Folds what an older fold version derived, and everybody for a projection that is new; sends nothing.
    /// @return subjects folded.
    result<std::uint64_t> upgrade_projections();
    /// Puts two claims apart for ever.
    result<void> never_join(space in, std::string_view claim, std::string_view other);

    /// The whole history of a subject and what follows from it.
    result<projections::shown_subject> show(const subject_key& subject);

    storage::session& session() noexcept;

    struct implementation; ///< private to core/src/engine

  private:
    result<rebuild_report> rebuild(bool from_inbox);
    result<std::uint64_t> fold_quietly(const std::set<subject_key>& subjects);
    result<std::uint64_t> complete_projections();

    std::unique_ptr<implementation> impl_;
};

/// The subject that a derived row belongs to, searched in every table of every projection.
result<std::optional<std::pair<std::string, subject_key>>>
find_row(storage::session& reader, const plugins::plugin_set& plugins, space in, std::string_view row_id);

/// Runs a READ route on a reader. Clicks that it appended are put into `clicks`: the answer may leave when
/// they are durable.
result<http::response> run_read_route(storage::session& reader, directory& where,
                                      const plugins::plugin& plugin, std::uint64_t route, trb_call view,
                                      space in, entropy& random, std::vector<clicks::click>& clicks);

} // namespace tributary

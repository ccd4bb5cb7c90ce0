#pragma once

#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/storage/storage.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The engine with the toy plugins, a database in memory and everything around it made up.
namespace tributary::test {

/// 2023-11-14T22:13:20Z; times of the tests are said as distances from here.
inline constexpr time_ms start_ms = 1'700'000'000'000;
inline constexpr time_ms hour_ms = 3'600'000;
inline constexpr time_ms day_ms = 86'400'000;

/// Stands still until it is told to go.
class manual_clock final : public clock {
  public:
    time_ms now_ms() const override { return now; }
    time_ms now = start_ms;
};

/// Keeps the names of the events that were logged as errors.
class remembering_logger final : public logger {
  public:
    void write_fields(log_level level, std::string_view event, const log_field*, std::size_t) override {
        if (level == log_level::error)
            ++errors[std::string(event)];
    }
    std::map<std::string, int, std::less<>> errors;
};

/// Remembers the sums of what was counted, without the labels.
class remembering_metrics final : public metrics {
  public:
    void count(std::string_view name, labels, std::uint64_t add) override {
        counts[std::string(name)] += add;
    }
    void gauge(std::string_view, double, labels) override {}
    std::uint64_t of(std::string_view name) const {
        const auto known = counts.find(name);
        return known == counts.end() ? 0 : known->second;
    }
    std::map<std::string, std::uint64_t, std::less<>> counts;
};

/// Connections and workspaces from memory. Every connection has the toy's secrets.
class made_up_directory final : public directory {
  public:
    result<connection_info> connection(storage::session&, std::string_view id, bool with_secrets) override;
    result<workspace_info> workspace(storage::session&, std::int64_t workspace_id, bool) override;

    /// A connection of the toy, in realm "toy:a" unless another is given.
    void add(std::string_view id, space in, std::string_view realm = "toy:a");
    std::map<std::string, connection_info, std::less<>> connections;
};

struct world_options {
    engine_options engine;
    bool next_release = false; ///< of the projection
    /// Plugins beside the toys, loaded after them.
    std::vector<const trb_plugin*> more;
    /// Put around the database in memory (faults).
    std::function<std::unique_ptr<storage::database>(std::unique_ptr<storage::database>)> wrap;
};

/// What happens to a world: a signed delivery, or a click that was recorded.
struct step {
    std::string body;
    std::optional<clicks::click> click; ///< its space is filled in
};

/// An engine and its surroundings. One world may hold many workspaces: each test history gets its own, so
/// that a thousand permutations need one database.
///
/// Failures of the engine that a test does not ask for are exceptions.
class engine_world {
  public:
    explicit engine_world(world_options options = {});
    ~engine_world();
    engine_world(const engine_world&) = delete;
    engine_world& operator=(const engine_world&) = delete;

    /// A workspace with one connection, "c<workspace>". @return where it is.
    space new_workspace();
    static std::string connection_of(space in) { return "c" + std::to_string(in.workspace); }

    /// What a provider sends: signed as a whole.
    delivery make_delivery(std::string_view connection, std::string body) const;
    /// A delivery verified, as a job. What `done` gets is kept in `answer`, when there is one.
    job delivery_job(delivery raw, result<http::response>* answer = nullptr);
    job step_job(space in, const step& what);

    /// One delivery, stored and worked on. @return the answer to the provider.
    http::response deliver(std::string_view connection, std::string body);
    http::response deliver(delivery raw);
    /// The same for the connection of a workspace made by new_workspace().
    void deliver(space in, std::string body);
    /// One batch, as they come: stored, not worked on.
    void run(std::vector<job> batch);
    void settle();
    void record_click(space in, std::string_view id, std::string_view link, time_ms at);

    /// A call of a WRITE route of toyfold (0: rate, 1: payment), as a job.
    job call_job(space in, std::uint64_t route, std::string body, std::string_view idempotency_key = {});
    /// The same, run.
    http::response call(space in, std::uint64_t route, std::string body,
                        std::string_view idempotency_key = {});
    /// Sets the rate of a currency through the route, and folds who read it.
    void set_rate(space in, std::string_view currency, std::int64_t bps, time_ms effective_from);
    /// The totals of a user, through the READ route.
    http::response totals(space in, std::string_view user);

    /// Answers everything that is wanted now; an answer per purpose, else 404.
    std::size_t answer_wants(const std::map<std::string, http::response, std::less<>>& answers);

    /// Another process on the same database; with other plugins if `next_release`, and with `more` beside the
    /// toys.
    void restart(bool next_release = false);
    void restart_with(std::vector<const trb_plugin*> more);

    /// Another release of the projection takes the place of the running one, between two transactions.
    void reload_projection(bool next_release = false);

    /// Everything derived in a space except messages, folded_at and numbers that the database gave. Canonical
    /// text.
    std::string dump(space in);
    /// Those that are to be sent.
    std::string dump_messages(space in);
    /// Rows of a query with the space as $1 and $2: cells separated by '|', rows by line feeds.
    std::string query(space in, std::string_view sql);
    std::int64_t number(space in, std::string_view sql);

    class engine& engine() {
        return *engine_;
    }
    storage::database& database() { return *database_; }
    const plugins::plugin_set& plugins() const { return *plugins_; }

    manual_clock time;
    made_up_directory where;
    remembering_logger log;
    remembering_metrics counters;
    /// Every SQL text that was prepared (query plans).
    std::set<std::string> prepared;

  private:
    void load_plugins(bool next_release);

    world_options options_;
    seeded_entropy random_{7};
    std::unique_ptr<storage::database> database_;
    std::unique_ptr<plugins::plugin_set> plugins_;
    std::unique_ptr<class engine> engine_;
    std::int64_t last_workspace_ = 0;
};

/// The value, or an exception that says why not.
template <class T> T must(result<T> from) {
    if (!from)
        throw std::runtime_error(from.error().text());
    return std::move(from).value();
}
inline void must(result<void> from) {
    if (!from)
        throw std::runtime_error(from.error().text());
}

} // namespace tributary::test

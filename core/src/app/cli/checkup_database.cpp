#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/storage/storage.hpp>

#include <array>
#include <map>

#include "app/cli/checkup.hpp"
#include "app/cli/queries.sql.hpp"
#include "app/cli/times.hpp"

namespace tributary::app::cli {
namespace {

using storage::row;
using storage::session;
using storage::value;

struct count_and_first {
    std::int64_t count = 0;
    std::string first;
};

result<count_and_first> count(session& reader, const storage::statement& what,
                              std::span<const value> parameters) {
    count_and_first found;
    TRIBUTARY_TRY(reader.query(what, parameters, [&](const row& from) {
        found.count = from.integer(0);
        if (from.columns() > 1 && !from.is_null(1))
            found.first = from.is_integer(1) ? std::to_string(from.integer(1)) : std::string(from.text(1));
    }));
    return found;
}

result<void> check_integrity(session& reader, checkup& into) {
    std::string problems;
    TRIBUTARY_TRY(reader.query(sql::integrity_check, {}, [&](const row& from) {
        if (from.text(0) != "ok")
            problems += (problems.empty() ? "" : "; ") + std::string(from.text(0));
    }));
    if (problems.empty())
        into.ok("integrity", "the database is sound");
    else
        into.fail("integrity", problems, "stop the daemon, keep a copy of the files, restore a backup");
    return {};
}

std::uint32_t last_step(const plugins::plugin& of) {
    std::uint32_t last = 0;
    for (const trb_migration& step : plugins::migrations_of(of.descriptor()))
        last = std::max(last, step.number);
    return last;
}

result<void> check_migrations(session& reader, const plugins::plugin_set* plugins, checkup& into) {
    std::map<std::string, std::int64_t> wanted{{"core", storage::core_migrations().back().number}};
    if (plugins != nullptr)
        for (const auto& plugin : plugins->all())
            if (const std::uint32_t last = last_step(*plugin); last > 0)
                wanted.emplace(plugin->short_name(), last);
    std::map<std::string, std::int64_t> applied;
    TRIBUTARY_TRY(reader.query(sql::applied_migrations, {},
                               [&](const row& from) { applied.emplace(from.text(0), from.integer(1)); }));
    std::string pending;
    std::string newer;
    for (const auto& [component, last] : wanted) {
        if (applied[component] < last)
            pending += " " + component;
        if (applied[component] > last)
            newer += " " + component;
    }
    if (!newer.empty())
        into.fail("schema", "written by a newer version:" + newer, "install that version again");
    else if (!pending.empty())
        into.warn("schema", "steps are still to be applied:" + pending,
                  "the daemon applies them when it starts");
    else
        into.ok("schema", "up to date");
    return {};
}

result<void> check_write(storage::database& database, checkup& into) {
    TRIBUTARY_TRY_ASSIGN(writer, database.open_writer());
    auto begun = writer->begin();
    if (!begun && begun.error().code == storage::storage_errc::busy) {
        into.warn("writing", "another process holds the lock for seconds", "is a rebuild running?");
        return {};
    }
    TRIBUTARY_TRY(std::move(begun));
    const auto written = writer->execute(sql::write_test, {});
    writer->rollback();
    if (written)
        into.ok("writing", "the database can be written");
    else
        into.fail("writing", written.error().text(),
                  "look at the permissions and the space of its directory");
    return {};
}

result<void> check_records(session& reader, checkup& into) {
    TRIBUTARY_TRY_ASSIGN(pending, count(reader, sql::count_pending, {}));
    TRIBUTARY_TRY_ASSIGN(waiting, count(reader, sql::count_waiting, {}));
    TRIBUTARY_TRY_ASSIGN(failed, count(reader, sql::count_failed, {}));
    if (failed.count > 0)
        into.warn("failed records", std::to_string(failed.count) + ", the first is " + failed.first,
                  "tributary inbox show " + failed.first + "; then tributary inbox replay --failed");
    else
        into.ok("failed records", "none");
    if (waiting.count > 0)
        into.warn("waiting records", std::to_string(waiting.count) + " wait for an answer of their provider",
                  "tributary inbox show " + waiting.first);
    else
        into.ok("waiting records", "none");
    TRIBUTARY_TRY_ASSIGN(held, count(reader, sql::count_held, {}));
    if (held.count > 0)
        into.warn("held records", std::to_string(held.count) + " wait for their plugin",
                  "tributary inbox show " + held.first + " says why; tributary plugin list");
    else
        into.ok("held records", "none");
    if (pending.count > 0)
        into.warn("pending records", std::to_string(pending.count) + " are stored, but not booked yet",
                  "the daemon books them; is it running?");
    else
        into.ok("pending records", "none");
    TRIBUTARY_TRY_ASSIGN(blocked, count(reader, sql::unfinished_wants, std::array{value(std::int64_t{2})}));
    TRIBUTARY_TRY_ASSIGN(gave_up, count(reader, sql::unfinished_wants, std::array{value(std::int64_t{3})}));
    if (blocked.count + gave_up.count > 0)
        into.warn("requests to providers",
                  std::to_string(blocked.count + gave_up.count) + " were given up or refused",
                  "check the secrets of the connections, then replay the records that wanted them");
    else
        into.ok("requests to providers", "none was given up");
    return {};
}

result<void> check_folds(session& reader, const plugins::plugin_set& plugins, checkup& into) {
    constexpr std::int64_t shown_max = 100;
    for (const auto& plugin : plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        const std::string_view name = plugins::view(plugin->projection->name);
        const std::string check = "folds of " + std::string(name);
        std::int64_t failed = 0;
        std::string first;
        TRIBUTARY_TRY(
            reader.query(sql::failed_folds, std::array{value(name), value(shown_max)}, [&](const row& from) {
                if (failed++ == 0)
                    first = std::string(from.text(2)) + ": " + std::string(from.text(3));
            }));
        TRIBUTARY_TRY_ASSIGN(
            outdated, count(reader, sql::outdated_folds,
                            std::array{value(name), value(std::int64_t{plugin->projection->fold_version})}));
        if (failed > 0)
            into.warn(check,
                      (failed == shown_max ? "at least " : "") + std::to_string(failed) + " failed; " + first,
                      "their rows stay as they were; 'tributary subject show --subject' shows the history");
        else if (outdated.count > 0)
            into.warn(check, std::to_string(outdated.count) + " are of an older version",
                      "the daemon folds them again after it starts");
        else
            into.ok(check, "none has failed");
    }
    return {};
}

result<void> check_conflicts(session& reader, const std::vector<accounts::workspace>& workspaces,
                             checkup& into) {
    std::int64_t all = 0;
    std::string first;
    for (const accounts::workspace& in : workspaces)
        for (const std::int64_t environment : {TRB_LIVE, TRB_SANDBOX}) {
            TRIBUTARY_TRY_ASSIGN(
                found, count(reader, sql::conflicts, std::array{value(in.workspace_id), value(environment)}));
            if (all == 0 && found.count > 0)
                first = found.first;
            all += found.count;
        }
    if (all > 0)
        into.warn("conflicts", std::to_string(all) + " claims are made by two customers",
                  "tributary subject show --subject " + first + "; 'subject split' decides");
    else
        into.ok("conflicts", "none");
    return {};
}

result<void> check_clock(session& reader, time_ms now, checkup& into) {
    constexpr time_ms year_2024 = 1'704'067'200'000;
    constexpr time_ms skew = 5 * 60 * 1000; // What providers' signatures allow.
    time_ms newest = 0;
    TRIBUTARY_TRY(reader.query(sql::newest_record, {}, [&](const row& from) { newest = from.integer(0); }));
    if (now < year_2024)
        into.fail("clock", "the machine believes that it is " + time_text(now),
                  "set the clock; no signature can be checked");
    else if (newest > now + skew)
        into.warn("clock", "the newest record is from " + time_text(newest) + ", now is " + time_text(now),
                  "the clock went back; look at its synchronisation");
    else
        into.ok("clock", time_text(now));
    return {};
}

} // namespace

void check_database(assembly& parts, const plugins::plugin_set* plugins, checkup& into) {
    auto opened = parts.database().open_reader();
    if (!opened) {
        into.fail("database", opened.error().text(), "look at the file and its permissions");
        return;
    }
    session& reader = **opened;
    const auto run = [&](std::string_view check, const result<void>& done) {
        if (!done)
            into.broken(check, done.error());
        return done.has_value();
    };
    run("integrity", check_integrity(reader, into));
    run("writing", check_write(parts.database(), into));
    if (!run("schema", check_migrations(reader, plugins, into)))
        return; // Without a schema nothing else can be asked.
    run("records", check_records(reader, into));
    run("drift", check_drift(parts, reader, plugins, into));
    if (plugins != nullptr)
        run("folds", check_folds(reader, *plugins, into));
    // Listing opens nothing sealed, so that any key will do.
    const accounts::secret_box unused(accounts::master_key::generate(parts.random()));
    auto workspaces = accounts::workspaces(reader, parts.time(), parts.random(), unused).list();
    if (!workspaces)
        into.broken("workspaces", workspaces.error());
    else if (workspaces->empty())
        into.warn("workspaces", "there is none", "tributary workspace create NAME");
    else
        run("conflicts", check_conflicts(reader, *workspaces, into));
    run("clock", check_clock(reader, parts.time().now_ms(), into));
    check_connections(parts, reader, plugins, into);
}

} // namespace tributary::app::cli

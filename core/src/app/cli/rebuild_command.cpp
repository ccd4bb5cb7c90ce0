#include <chrono>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <stop_token>
#include <thread>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/derived_digest.hpp"
#include "app/cli/document.hpp"
#include "app/cli/post.hpp"
#include "app/cli/queries.sql.hpp"
#include "app/cli/table.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

struct rebuild_arguments {
    bool from_inbox = false;
    bool while_running = false;
};

/// Shows on a terminal that something is still going on, and for how long. What is written is in one
/// transaction, which nobody can look into; so there is no percentage.
class ticker {
  public:
    ticker(context& with, std::string what) : with_(with), what_(std::move(what)) {
        if (with_.progress)
            thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~ticker() {
        if (!with_.progress)
            return;
        thread_.request_stop();
        thread_.join();
        with_.err << "\r\x1b[K" << std::flush;
    }
    ticker(const ticker&) = delete;
    ticker& operator=(const ticker&) = delete;

  private:
    void run(const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        for (int seconds = 0; !stop.stop_requested(); ++seconds) {
            with_.err << "\r" << what_ << " " << seconds << " s" << std::flush;
            wake.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
        }
    }

    context& with_;
    std::string what_;
    std::jthread thread_;
};

document compare(const std::vector<table_digest>& before, const std::vector<table_digest>& after) {
    document list = document::list();
    for (std::size_t index = 0; index < after.size(); ++index)
        list.push(document::record()
                      .set("table", after[index].table)
                      .set("rows_before", before[index].rows)
                      .set("rows", after[index].rows)
                      .set("digest", hex_encode(as_bytes(after[index].digest)))
                      .set("differs", before[index] != after[index]));
    return list;
}

/// A rebuild holds the writer's lock for its whole length: a running daemon would give up waiting for it,
/// refuse deliveries and exit.
result<void> refuse_beside_daemon(workbench& bench) {
    http_caller caller(bench.settings(), bench.parts().log());
    if (!daemon_answers(bench.settings(), caller))
        return {};
    return failure(cli_errc::failed,
                   "the daemon answers on " + bench.settings().admin.listen.text() +
                       "; stop it first (its providers deliver again), or add --while-running for a "
                       "small database");
}

result<exit_status> rebuild(context& with, const rebuild_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    if (!given.while_running)
        TRIBUTARY_TRY(refuse_beside_daemon(*bench));
    const auto& plugins = bench->parts().plugins();
    result<rebuild_report> done = rebuild_report();
    std::vector<table_digest> before;
    {
        const ticker watched(with,
                             given.from_inbox ? "normalising and folding everything" : "folding everything");
        TRIBUTARY_TRY(bench->engine().settle()); // What is left to do is no difference.
        TRIBUTARY_TRY_ASSIGN(was, digest_derived(bench->session(), plugins));
        before = std::move(was);
        done = given.from_inbox ? bench->engine().rebuild_from_inbox() : bench->engine().rebuild();
    }
    if (!done)
        return done.error();
    TRIBUTARY_TRY_ASSIGN(after, digest_derived(bench->session(), plugins));
    std::int64_t failed = 0;
    TRIBUTARY_TRY(bench->session().query(sql::count_failed, {},
                                         [&](const storage::row& from) { failed = from.integer(0); }));
    const document tables = compare(before, after);
    const bool differs = before != after;
    document shown = document::record();
    shown.set("records", static_cast<std::int64_t>(done->records))
        .set("subjects", static_cast<std::int64_t>(done->subjects))
        .set("failed_records", failed)
        .set("differs", differs)
        .set("tables", tables);
    with.show(shown, [&] {
        std::string text = given.from_inbox ? std::to_string(done->records) + " records, " : "";
        text +=
            std::to_string(done->subjects) + " subjects, " + std::to_string(failed) + " failed records\n\n";
        text += table_text(
            tables,
            {{"table", "TABLE"}, {"rows_before", "ROWS BEFORE"}, {"rows", "ROWS"}, {"differs", "DIFFERS"}},
            "");
        return text + (differs ? "\nSomething differs from what was there.\n"
                               : "\nNothing differs: the same to the byte.\n");
    });
    return exit_status::ok;
}

} // namespace

void add_rebuild_command(command root) {
    const auto given = std::make_shared<rebuild_arguments>();
    root.add("rebuild",
             "Derive everything anew from the facts, and say whether anything differs; sends nothing",
             "tributary rebuild --from-inbox")
        .flag("--from-inbox", given->from_inbox, "Put every record into facts anew, too")
        .flag("--while-running", given->while_running, "Although the daemon runs and has to wait meanwhile")
        .runs([given](context& with) { return rebuild(with, *given); });
}

} // namespace tributary::app::cli

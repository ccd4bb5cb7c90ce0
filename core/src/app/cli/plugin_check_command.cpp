#include <tributary/validator/validator.hpp>

#include <charconv>
#include <iomanip>
#include <ostream>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/table.hpp"

namespace tributary::app::cli {
namespace {

struct check_arguments {
    std::string file;
    std::optional<std::string> only;
    std::optional<std::string> testdata;
    std::optional<std::string> seed;
    std::optional<std::string> run_test; ///< Hidden: this process is a child that runs one test.
    std::int64_t result_fd = -1;
    std::int64_t timeout_s = 20;
    std::int64_t fuzz_s = 0;
    bool list = false;
    bool in_process = false;
    bool update = false;
};

result<validator::options> options_of(const check_arguments& given) {
    validator::options made;
    made.file = given.file;
    made.testdata = given.testdata.value_or("");
    made.only = given.only.value_or("");
    made.timeout = std::chrono::seconds(given.timeout_s);
    made.in_process = given.in_process;
    made.update = given.update;
    if (given.seed) {
        const char* end = given.seed->data() + given.seed->size();
        const auto read = std::from_chars(given.seed->data(), end, made.seed);
        if (read.ec != std::errc() || read.ptr != end)
            return failure(cli_errc::usage, "--seed must be a number, at least 0");
    }
    return made;
}

/// How a test's process is started: this program with the same arguments, whatever name it was called by.
validator::child_command child_of(const check_arguments& given, const validator::options& wanted) {
    validator::child_command command{"/proc/self/exe", "plugin", "check",
                                     given.file,       "--seed", std::to_string(wanted.seed)};
    if (given.testdata)
        command.insert(command.end(), {"--testdata", *given.testdata});
    if (given.update)
        command.emplace_back("--update");
    return command;
}

exit_status list_tests(context& with) {
    document list = document::list();
    for (const validator::description& each : validator::all_tests())
        list.push(document::record().set("test", each.id).set("summary", each.summary));
    with.show(document::record().set("tests", list), [&] {
        return table_text(list, {{"test", "TEST"}, {"summary", "WHAT IT LOOKS AT"}}, "there is no test");
    });
    return exit_status::ok;
}

/// A line, at once: somebody waits.
void show_line(context& with, const validator::finding& found) {
    if (found.status == validator::status::skipped)
        return; // They are summed up at the end.
    with.out << std::left << std::setw(9) << validator::status_name(found.status) << std::setw(32)
             << found.test << std::right << std::setw(6) << found.took_ms << " ms\n";
    if (!found.message.empty())
        with.out << "         " << printable(found.message) << "\n";
    if (!found.output.empty())
        with.out << indented("it printed: ..." + printable(found.output), 9) << "\n";
    with.out.flush();
}

document describe(const validator::finding& found) {
    document made = document::record();
    made.set("test", found.test).set("status", validator::status_name(found.status));
    made.set("message", found.message).set("took_ms", found.took_ms);
    if (!found.output.empty())
        made.set("output", found.output);
    return made;
}

/// How many of each; the reasons of those that were skipped, each once.
document summary_of(const std::vector<validator::finding>& all, std::string& text) {
    using validator::status;
    document counts = document::record();
    for (const status each :
         {status::passed, status::warning, status::failed, status::crashed, status::hung, status::skipped}) {
        const auto count =
            std::ranges::count_if(all, [&](const auto& found) { return found.status == each; });
        counts.set(std::string(validator::status_name(each)), static_cast<std::int64_t>(count));
        if (count > 0)
            text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
                    std::string(validator::status_name(each));
    }
    text += "\n";
    std::vector<std::pair<std::string, int>> reasons;
    for (const validator::finding& found : all) {
        if (found.status != status::skipped)
            continue;
        const auto known = std::ranges::find(reasons, found.message, &std::pair<std::string, int>::first);
        if (known == reasons.end())
            reasons.emplace_back(found.message, 1);
        else
            ++known->second;
    }
    for (const auto& [reason, count] : reasons)
        text += "  skipped " + std::to_string(count) + ": " + printable(reason) + "\n";
    return counts;
}

result<exit_status> check(context& with, const check_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(wanted, options_of(given));
    const auto seen = [&](const validator::finding& found) {
        if (!with.json)
            show_line(with, found);
    };
    auto all = validator::check(wanted, child_of(given, wanted), seen);
    if (!all)
        return failure(all.error().code == validator::validator_errc::bad_expression ? cli_errc::usage
                                                                                     : cli_errc::failed,
                       all.error().detail);
    const bool failed = std::ranges::any_of(*all, [](const auto& each) { return is_failure(each.status); });
    document list = document::list();
    for (const validator::finding& each : *all)
        list.push(describe(each));
    std::string text;
    const document counts = summary_of(*all, text);
    document shown = document::record();
    shown.set("file", given.file).set("ok", !failed).set("summary", counts).set("tests", list);
    with.show(shown, [&] { return "\n" + text; });
    return failed ? exit_status::failed : exit_status::ok;
}

result<exit_status> fuzz(context& with, const check_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(wanted, options_of(given));
    const auto progress = [&](std::uint64_t executions) {
        if (with.progress)
            with.err << "\r" << executions << " executions" << std::flush;
    };
    auto done =
        validator::fuzz(wanted, child_of(given, wanted), std::chrono::seconds(given.fuzz_s), progress);
    if (with.progress)
        with.err << "\r";
    if (!done)
        return failure(cli_errc::failed, done.error().detail);
    const auto a_second = done->took_ms > 0
                              ? static_cast<std::int64_t>(done->executions) * 1000 / done->took_ms
                              : std::int64_t{0};
    document shown = document::record();
    shown.set("file", given.file).set("ok", !done->failed).set("seed", std::to_string(wanted.seed));
    shown.set("executions", static_cast<std::int64_t>(done->executions))
        .set("executions_per_second", a_second);
    shown.set("message", done->message).set("saved", done->saved.string());
    with.show(shown, [&] {
        std::string text = std::to_string(done->executions) + " executions, " + std::to_string(a_second) +
                           " a second, seed " + std::to_string(wanted.seed) + "\n";
        if (done->failed)
            text += "failed   " + printable(done->message) + "\n         the input is in " +
                    done->saved.string() + "\n";
        return text;
    });
    return done->failed ? exit_status::failed : exit_status::ok;
}

result<exit_status> dispatch(context& with, const check_arguments& given) {
    if (given.list)
        return list_tests(with);
    if (given.file.empty())
        return failure(cli_errc::usage, "FILE is required; see --help");
    if (given.run_test) {
        TRIBUTARY_TRY_ASSIGN(wanted, options_of(given));
        validator::run_child(wanted, *given.run_test, static_cast<int>(given.result_fd));
    }
    return given.fuzz_s > 0 ? fuzz(with, given) : check(with, given);
}

} // namespace

void add_plugin_check_command(command group) {
    const auto given = std::make_shared<check_arguments>();
    constexpr std::int64_t seconds_max = 86'400;
    group
        .add("check",
             "Tell what is wrong with a plugin: its file, its tables, and what it does with deliveries, "
             "histories "
             "and requests. Every test runs in a process of its own; one that crashes or hangs is a finding. "
             "Ends with 0 when nothing failed, crashed or hung",
             "tributary plugin check ./acme.so --testdata ../testdata\n"
             "  tributary plugin check ./acme.so --only '^normaliser' --timeout 5\n"
             "  tributary plugin check ./acme.so --fuzz 60 --seed 7")
        .text("FILE", given->file, "FILE", "The plugin's module, NAME.so")
        .text("--only", given->only, "REGEX", "Only tests whose id holds it")
        .flag("--list", given->list, "List the tests and run none")
        .text(
            "--testdata", given->testdata, "DIR",
            "Deliveries NAME.http with connection.json; default: testdata beside the file. Without any, the "
            "plugin's simulator tells them")
        .flag("--update", given->update, "Write NAME.expected.json instead of comparing")
        .number("--timeout", given->timeout_s, 1, seconds_max, "Seconds that a test may take (20)")
        .flag("--in-process", given->in_process, "No child processes: for a debugger")
        .number("--fuzz", given->fuzz_s, 0, seconds_max,
                "Feed it mutated deliveries for so many seconds instead")
        .text("--seed", given->seed, "N", "Everything drawn follows from it (1)")
        .text("--run-test", given->run_test, "ID", "")
        .hidden()
        .number("--result-fd", given->result_fd, -1, 1024, "")
        .hidden()
        .runs([given](context& with) { return dispatch(with, *given); });
}

} // namespace tributary::app::cli

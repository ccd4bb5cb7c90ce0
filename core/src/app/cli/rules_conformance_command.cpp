#include <tributary/cel/conformance.hpp>
#include <tributary/cel/zone.hpp>
#include <tributary/money/currency.hpp>

#include <algorithm>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/input_file.hpp"

namespace tributary::app::cli {
namespace {

using cel::conformance::case_result;
using cel::conformance::file_result;
using cel::conformance::outcome;

constexpr std::size_t file_bytes_max = 16 << 20;

std::string_view name_of(outcome came_to) {
    switch (came_to) {
    case outcome::passed: return "passed";
    case outcome::failed: return "failed";
    case outcome::unsupported: return "not supported";
    }
    return "unknown";
}

/// The reason why cases were not run, when all have one and the same.
std::string_view common_reason(const file_result& of) {
    std::string_view reason;
    for (const case_result& each : of.cases) {
        if (each.came_to != outcome::unsupported)
            continue;
        if (!reason.empty() && reason != each.got)
            return {};
        reason = each.got;
    }
    return reason;
}

/// "FILE: 10 passed, 0 failed, 2 not supported (reason)", and below it what did not pass.
std::string file_text(const std::string& name, const file_result& done) {
    const std::size_t unsupported = done.count(outcome::unsupported);
    const std::string_view reason = common_reason(done);
    const bool whole_file = unsupported == done.cases.size() && !reason.empty();
    std::string text = name + ": " + std::to_string(done.count(outcome::passed)) + " passed, " +
                       std::to_string(done.count(outcome::failed)) + " failed";
    if (unsupported > 0)
        text += ", " + std::to_string(unsupported) + " not supported" +
                (reason.empty() ? "" : " (" + std::string(reason) + ")");
    text += "\n";
    for (const case_result& each : done.cases) {
        if (each.came_to == outcome::failed)
            text += "  failed " + each.id + "\n    expression " + each.expression + "\n    expected   " +
                    each.expected + "\n    got        " + each.got + "\n";
        else if (each.came_to == outcome::unsupported && !whole_file)
            text += "  not supported " + each.id + ": " + each.got + "\n";
    }
    return text;
}

document describe(const std::string& name, const file_result& done) {
    document cases = document::list();
    for (const case_result& each : done.cases)
        if (each.came_to != outcome::passed)
            cases.push(document::record()
                           .set("id", each.id)
                           .set("outcome", name_of(each.came_to))
                           .set("expression", each.expression)
                           .set("expected", each.expected)
                           .set("got", each.got));
    document made = document::record();
    made.set("file", name).set("passed", static_cast<std::int64_t>(done.count(outcome::passed)));
    made.set("failed", static_cast<std::int64_t>(done.count(outcome::failed)));
    made.set("not_supported", static_cast<std::int64_t>(done.count(outcome::unsupported)));
    made.set("cases", std::move(cases));
    return made;
}

result<exit_status> run_conformance(context& with, const std::vector<std::string>& files) {
    const cel::zone_database zones;
    const cel::conformance::surroundings around{&zones, &money::currency_exponent};
    std::size_t passed = 0;
    std::size_t failed = 0;
    document list = document::list();
    for (const std::string& name : files) {
        TRIBUTARY_TRY_ASSIGN(content, read_input(with, name, file_bytes_max));
        const auto done = cel::conformance::run_file(content, around);
        if (!done)
            return failure(cli_errc::usage, name + " is no file of conformance cases: " + done.error());
        passed += done->count(outcome::passed);
        failed += done->count(outcome::failed);
        if (with.json)
            list.push(describe(name, *done));
        else
            with.show_text(printable(file_text(name, *done)));
    }
    document shown = document::record();
    shown.set("passed", static_cast<std::int64_t>(passed)).set("failed", static_cast<std::int64_t>(failed));
    shown.set("files", std::move(list));
    with.show(shown,
              [&] { return std::to_string(passed) + " passed, " + std::to_string(failed) + " failed\n"; });
    return failed > 0 ? exit_status::failed : exit_status::ok;
}

} // namespace

void add_rules_conformance_command(command group) {
    const auto files = std::make_shared<std::vector<std::string>>();
    group
        .add("conformance",
             "Run files of conformance cases: expressions with what they have to give. Each is evaluated and "
             "traced, and both have to agree. Ends with 1 when one fails",
             "tributary rules conformance cases/*.json")
        .texts("FILE", *files, "FILE", "Lists of cases as JSON")
        .required()
        .runs([files](context& with) { return run_conformance(with, *files); });
}

} // namespace tributary::app::cli

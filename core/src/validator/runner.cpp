#include <tributary/base/category.hpp>
#include <tributary/validator/validator.hpp>

#include <boost/json.hpp>

#include <csignal>
#include <cstring>
#include <regex>
#include <sys/wait.h>

#include "validator/finding_text.hpp"
#include "validator/process.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

namespace json = boost::json;

std::string_view message(int value) noexcept {
    switch (static_cast<validator_errc>(value)) {
    case validator_errc::bad_expression: return "the tests cannot be chosen";
    case validator_errc::no_child: return "a process for a test cannot be started";
    case validator_errc::bad_testdata: return "a fixture cannot be read";
    case validator_errc::not_usable: return "the plugin cannot be used";
    }
    return "unknown error";
}

constexpr status all_statuses[] = {status::passed, status::warning, status::skipped,
                                   status::failed, status::crashed, status::hung};

/// What a child that said nothing came to.
finding silent(const test_case& of, const ended_process& ended, std::chrono::milliseconds timeout) {
    finding made{of.id, status::crashed, {}, ended.output, ended.took_ms};
    if (ended.timed_out) {
        made.status = status::hung;
        made.message = "no end within " + std::to_string(timeout.count()) + " ms";
    } else if (WIFSIGNALED(ended.wait_status)) {
        const char* name = ::sigabbrev_np(WTERMSIG(ended.wait_status));
        made.message = std::string("ended by SIG") + (name == nullptr ? "?" : name);
    } else {
        made.message = "the plugin ended the process itself, with the exit status " +
                       std::to_string(WEXITSTATUS(ended.wait_status));
    }
    return made;
}

result<finding> run_in_child(const test_case& of, const options& wanted, const child_command& child) {
    child_command command = child;
    command.insert(command.end(), {"--run-test", of.id, "--result-fd", std::to_string(child_result_fd)});
    TRIBUTARY_TRY_ASSIGN(ended, run_process(command, wanted.timeout));
    auto read = from_json(ended.result);
    if (!read || ended.timed_out)
        return silent(of, ended, wanted.timeout);
    read->found.took_ms = ended.took_ms;
    if (is_failure(read->found.status))
        read->found.output = ended.output;
    return read->found;
}

finding run_here(const test_case& of, const options& wanted) {
    scene here;
    test_context in(wanted, here);
    const auto begun = std::chrono::steady_clock::now();
    const verdict made = of.run(in);
    const auto took = std::chrono::steady_clock::now() - begun;
    return {of.id,
            made.status,
            made.message,
            {},
            std::chrono::duration_cast<std::chrono::milliseconds>(took).count()};
}

result<std::vector<test_case>> chosen(const std::string& only) {
    std::vector<test_case> all = suite();
    if (only.empty())
        return all;
    try {
        const std::regex expression(only);
        std::erase_if(all, [&](const test_case& each) { return !std::regex_search(each.id, expression); });
    } catch (const std::regex_error& wrong) {
        return failure(validator_errc::bad_expression, std::string("--only: ") + wrong.what());
    }
    if (all.empty())
        return failure(validator_errc::bad_expression, "--only: no test's id fits; --list shows them");
    return all;
}

} // namespace

const boost::system::error_category& validator_category() noexcept {
    static const message_category instance("tributary.validator", &message);
    return instance;
}

std::string_view status_name(status of) noexcept {
    switch (of) {
    case status::passed: return "passed";
    case status::warning: return "warning";
    case status::skipped: return "skipped";
    case status::failed: return "failed";
    case status::crashed: return "crashed";
    case status::hung: return "hung";
    }
    return "unknown";
}

std::string to_json(const finding& of, std::uint64_t executions) {
    return json::serialize(json::object{{"test", of.test},
                                        {"status", status_name(of.status)},
                                        {"message", of.message},
                                        {"executions", executions}});
}

std::optional<read_finding> from_json(std::string_view text) {
    // A plugin's words need not be UTF-8, and they are in the message.
    json::parse_options lenient;
    lenient.allow_invalid_utf8 = true;
    boost::json::error_code malformed;
    const json::value parsed = json::parse(text, malformed, {}, lenient);
    if (malformed || !parsed.is_object())
        return std::nullopt;
    const auto member = [&](const char* name) {
        const json::value* found = parsed.get_object().if_contains(name);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    read_finding made;
    made.found.test = member("test");
    made.found.message = member("message");
    if (const json::value* count = parsed.get_object().if_contains("executions"); count && count->is_number())
        made.executions = count->to_number<std::uint64_t>();
    for (const status each : all_statuses)
        if (member("status") == status_name(each)) {
            made.found.status = each;
            return made;
        }
    return std::nullopt;
}

std::vector<description> all_tests() {
    std::vector<description> all;
    for (const test_case& each : suite())
        all.push_back({each.id, each.summary});
    return all;
}

result<std::vector<finding>> check(const options& wanted, const child_command& child,
                                   const std::function<void(const finding&)>& seen) {
    TRIBUTARY_TRY_ASSIGN(tests, chosen(wanted.only));
    std::vector<finding> all;
    std::string closed; // The gate that did not open.
    for (const test_case& each : tests) {
        if (!closed.empty()) {
            all.push_back({each.id, status::skipped, "not looked at, because of " + closed, {}, 0});
        } else if (wanted.in_process) {
            all.push_back(run_here(each, wanted));
        } else {
            TRIBUTARY_TRY_ASSIGN(found, run_in_child(each, wanted, child));
            all.push_back(std::move(found));
        }
        if (each.gate && is_failure(all.back().status))
            closed = each.id;
        seen(all.back());
    }
    return all;
}

} // namespace tributary::validator

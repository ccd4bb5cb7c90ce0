#pragma once

#include <tributary/base/result.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Tells the author of a plugin what is wrong with it, before money does.
///
/// Every test runs in a process of its own: one that crashes or hangs is a finding, not the end. See
/// docs/reference/plugin-check.md for each of them.
namespace tributary::validator {

enum class validator_errc {
    bad_expression = 1, ///< --only is no regular expression, or nothing fits it.
    no_child,           ///< A process for a test cannot be started.
    bad_testdata,       ///< A fixture cannot be read; the detail names it.
    not_usable,         ///< The plugin cannot be asked; the detail says why.
};
const boost::system::error_category& validator_category() noexcept;
inline error_code make_error_code(validator_errc e) noexcept {
    return {static_cast<int>(e), validator_category()};
}

/// How a test ended. Those after `skipped` make the whole a failure.
enum class status { passed, warning, skipped, failed, crashed, hung };
std::string_view status_name(status of) noexcept;
inline bool is_failure(status of) noexcept {
    return of >= status::failed;
}

struct finding {
    std::string test;
    validator::status status = status::passed;
    std::string message; ///< Empty when it passed.
    std::string output;  ///< The end of what the plugin printed; only of those that failed.
    std::int64_t took_ms = 0;
};

struct options {
    std::filesystem::path file;
    std::filesystem::path testdata; ///< Default: testdata beside the file.
    std::string only;               ///< Regular expression (ECMAScript) that an id must hold; empty: all.
    std::chrono::milliseconds timeout{20'000};
    bool in_process = false; ///< For a debugger: no child, no limits, no deadline.
    bool update = false;     ///< Write the expected facts of the fixtures instead of comparing them.
    std::uint64_t seed = 1;  ///< Of everything that is drawn.
};

struct description {
    std::string id;
    std::string summary;
};

/// Every test in the order in which they run.
std::vector<description> all_tests();

/// How a test's own process is started: program and arguments; `--run-test ID --result-fd N` is appended, and
/// what that process does is run_child().
using child_command = std::vector<std::string>;

/// Runs the suite. `seen` is called with each finding as soon as it is there.
/// @errors validator_errc; what is wrong with the plugin is no error but a finding.
result<std::vector<finding>> check(const options& wanted, const child_command& child,
                                   const std::function<void(const finding&)>& seen);

struct fuzz_report {
    std::uint64_t executions = 0;
    std::int64_t took_ms = 0;
    bool failed = false;
    std::string message;         ///< What happened, with seed and iteration.
    std::filesystem::path saved; ///< The input that did it.
};

/// Feeds mutated deliveries for so long, batch by batch, each in a process of its own; ends with the first
/// failure. The same seed, plugin and fixtures give the same inputs.
/// @param progress  executions so far, about once a second.
result<fuzz_report> fuzz(const options& wanted, const child_command& child, std::chrono::seconds duration,
                         const std::function<void(std::uint64_t)>& progress);

/// What a child does: one test, its finding written to `result_fd`. Must be called first thing in a process
/// that does nothing else, and ends it.
[[noreturn]] void run_child(const options& wanted, std::string_view test, int result_fd);

} // namespace tributary::validator

template <>
struct boost::system::is_error_code_enum<tributary::validator::validator_errc> : std::true_type {};

// One test in a process of its own.
#include <charconv>
#include <csignal>
#include <iostream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "validator/finding_text.hpp"
#include "validator/fuzz.hpp"
#include "validator/process.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true; // Their shadows take terabytes of addresses.
#else
constexpr bool sanitized = false;
#endif

void limit_the_process() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // Nobody reads the finding any more.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    constexpr rlim_t memory_max = rlim_t{6} << 30;
    const rlimit memory{memory_max, memory_max};
    if (!sanitized)
        ::setrlimit(RLIMIT_AS, &memory);
}

verdict fuzz_batch(test_context& in, std::string_view seed_text, std::uint64_t& executions) {
    std::uint64_t seed = 0;
    std::from_chars(seed_text.data(), seed_text.data() + seed_text.size(), seed);
    fuzz_state* shared = map_state(child_shared_fd);
    if (shared == nullptr)
        return failed("the memory that is shared with the parent is not there");
    return run_batch(in, seed, *shared, executions);
}

verdict run_named(test_context& in, std::string_view test, std::uint64_t& executions) {
    if (test.starts_with(fuzz_test))
        return fuzz_batch(in, test.substr(fuzz_test.size()), executions);
    for (const test_case& each : suite())
        if (test == each.id)
            return each.run(in);
    return failed("there is no such test");
}

} // namespace

void run_child(const options& wanted, std::string_view test, int fd) {
    limit_the_process();
    const std::string name(test);
    finding found{name, status::passed, {}, {}, 0};
    std::uint64_t executions = 0;
    // Neither is ever destroyed: what the plugin does at the end of the process is not its test any more.
    auto* watched = new scene;
    watched->install(fd, name.c_str());
    auto* in = new test_context(wanted, *watched);
    try {
        verdict made = run_named(*in, test, executions);
        found.status = made.status;
        found.message = std::move(made.message);
        in->end_plugin(); // stop and destroy belong to every test.
    } catch (const std::exception& thrown) {
        found.status = status::failed;
        found.message = std::string("the validator could not go on: ") + thrown.what();
    }
    write_all(fd, to_json(found, executions));
    ::_exit(0);
}

} // namespace tributary::validator

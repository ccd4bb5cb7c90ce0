// Starts a plugin in a process, says both process ids, and waits to be killed.
#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/isolation/remote_plugin.hpp>

#include <cstdio>
#include <unistd.h>

int main(int, char** arguments) {
    namespace iso = tributary::isolation;
    const auto log = tributary::make_null_logger();
    const tributary::system_clock time;
    tributary::seeded_entropy random(1);
    tributary::null_metrics counters;
    iso::options with;
    with.executable = arguments[1];
    const auto plugin = iso::remote_plugin::start(arguments[2], "{}", with, *log, time, random, counters);
    if (!plugin)
        return 1;
    std::printf("%d %lld\n", ::getpid(), static_cast<long long>((*plugin)->status().pid));
    std::fflush(stdout);
    ::pause();
}

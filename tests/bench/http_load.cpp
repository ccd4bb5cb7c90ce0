// Sends prepared requests over kept connections as fast as they are answered, and prints what came of them as
// one JSON object. Used by scripts/bench daemon; docs/reference/benchmarks.md says how to read it.
#include <array>
#include <cstdio>
#include <ctime>
#include <exception>

#include "arguments.hpp"
#include "load_run.hpp"
#include "numbered_requests.hpp"
#include "processor_use.hpp"

namespace {

using namespace tributary::bench;

constexpr std::array<std::string_view, 15> known{
    "port",     "target", "host",  "header",       "bodies", "secret", "expect", "connections",
    "pipeline", "first",  "count", "milliseconds", "repeat", "watch",  "core"};

double percentile_ms(const std::vector<std::uint32_t>& sorted, double part) {
    if (sorted.empty())
        return 0;
    const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
    return static_cast<double>(sorted[index]) / 1000;
}

/// Shares are of the run's time on one core: 1 is the whole core.
void print(const load_outcome& came, const processor_use& before, const processor_use& after) {
    const double seconds = came.seconds > 0 ? came.seconds : 1e-9;
    const auto ticks = static_cast<double>(ticks_per_second());
    const auto share = [&](std::int64_t from, std::int64_t to) {
        return static_cast<double>(to - from) / ticks / seconds;
    };
    std::printf("{\"sent\":%llu,\"acknowledged\":%llu,\"other\":%llu,\"unanswered\":%llu,\"broken\":%llu,"
                "\"exhausted\":%s,\"seconds\":%.4f,\"per_second\":%.1f,",
                static_cast<unsigned long long>(came.sent),
                static_cast<unsigned long long>(came.acknowledged),
                static_cast<unsigned long long>(came.other), static_cast<unsigned long long>(came.unanswered),
                static_cast<unsigned long long>(came.broken), came.exhausted ? "true" : "false", came.seconds,
                static_cast<double>(came.acknowledged) / seconds);
    std::printf("\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,", percentile_ms(came.latencies_us, 0.5),
                percentile_ms(came.latencies_us, 0.99), percentile_ms(came.latencies_us, 0.999));
    std::printf("\"server_cpu_seconds\":%.3f,\"server_share\":%.3f,\"core_busy_share\":%.3f,"
                "\"core_iowait_share\":%.3f,\"core_stolen_share\":%.3f,\"generator_share\":%.3f}\n",
                static_cast<double>(after.process - before.process) / ticks,
                share(before.process, after.process), share(before.core_busy, after.core_busy),
                share(before.core_iowait, after.core_iowait), share(before.core_stolen, after.core_stolen),
                (after.own_seconds - before.own_seconds) / seconds);
}

void run(const arguments& given) {
    request_shape shape;
    shape.target = given.text_or("target", "/");
    shape.host = given.text_or("host", "127.0.0.1");
    shape.headers = given.texts("header");
    shape.signing_secret = given.has("secret") ? read_file(given.text("secret")) : std::string();
    shape.signed_at = std::time(nullptr);
    const auto bodies =
        given.has("bodies") ? read_templates(given.text("bodies")) : std::vector<numbered_text>();
    const auto first = static_cast<std::uint64_t>(given.number_or("first", 0, 0, 999'999'999'999));
    const auto count = static_cast<std::uint64_t>(given.number_or("count", 1, 1, 10'000'000));

    load_options options;
    options.port = static_cast<std::uint16_t>(given.number("port", 1, 65535));
    options.connections = static_cast<std::size_t>(given.number_or("connections", 64, 1, 10'000));
    options.pipeline = static_cast<std::size_t>(given.number_or("pipeline", 1, 1, 1'000));
    options.expected_status = static_cast<int>(given.number_or("expect", 200, 100, 599));
    options.repeat = given.number_or("repeat", 0, 0, 1) == 1;
    options.duration = std::chrono::milliseconds(given.number_or("milliseconds", 1000, 1, 600'000));
    const int watched = static_cast<int>(given.number_or("watch", 0, 0, 4'194'304));
    const int core = static_cast<int>(given.number_or("core", -1, -1, 4095));

    const prepared_requests requests(shape, bodies, first, count);
    const processor_use before = read_processor_use(watched, core);
    const load_outcome came = run_load(options, requests);
    print(came, before, read_processor_use(watched, core));
}

} // namespace

int main(int count, char** values) {
    try {
        run(arguments(count, values, known));
        return 0;
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "bench_http_load: %s\n", failed.what());
        return 1;
    }
}

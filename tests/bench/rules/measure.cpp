#include "measure.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <vector>

namespace tributary::bench::rules {
namespace {

/// Processor time of this process: what others do on the same core is not in it.
std::chrono::nanoseconds processor_time() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::chrono::nanoseconds time_of(const subject& one) {
    const auto before = processor_time();
    for (std::uint64_t pass = 0; pass < one.passes; ++pass)
        if (const std::uint64_t sum = one.pass(); sum != one.expected)
            throw std::runtime_error(one.name + " answers otherwise in \"" + one.row + "\": " +
                                     std::to_string(sum) + " instead of " + std::to_string(one.expected));
    return processor_time() - before;
}

/// Warms it up on the way.
void find_passes(subject& one, std::chrono::nanoseconds slice) {
    while (true) {
        const std::chrono::nanoseconds took = time_of(one);
        if (took >= slice / 2) {
            one.passes = std::max<std::uint64_t>(1, one.passes * static_cast<std::uint64_t>(slice.count()) /
                                                        static_cast<std::uint64_t>(took.count()));
            return;
        }
        one.passes *= 2;
    }
}

} // namespace

void measure(std::span<subject> all, int repeats, std::chrono::milliseconds slice) {
    for (subject& each : all)
        find_passes(each, slice);
    std::vector<std::vector<double>> values(all.size());
    for (int repeat = 0; repeat < repeats; ++repeat)
        for (std::size_t i = 0; i < all.size(); ++i) {
            const double took_ns = std::chrono::duration<double, std::nano>(time_of(all[i])).count();
            const double of_one =
                took_ns / static_cast<double>(all[i].passes) / static_cast<double>(all[i].evaluations);
            values[i].push_back(all[i].unit == "us" ? of_one / 1000 : of_one);
        }
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::printf("{\"row\":\"%s\",\"subject\":\"%s\",\"role\":\"%s\",\"unit\":\"%s\",\"values\":[",
                    all[i].row.c_str(), all[i].name.c_str(), all[i].role.c_str(), all[i].unit.c_str());
        for (std::size_t at = 0; at < values[i].size(); ++at)
            std::printf("%s%.3f", at == 0 ? "" : ",", values[i][at]);
        std::printf("]}\n");
    }
}

} // namespace tributary::bench::rules

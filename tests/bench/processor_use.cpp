#include "processor_use.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace tributary::bench {
namespace {

std::int64_t process_ticks(int pid) {
    std::ifstream from("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(from, line))
        throw std::runtime_error("process " + std::to_string(pid) + " is gone");
    // The name, in parentheses, may hold anything; what follows the last one is numbers. utime is field 14 of
    // proc(5), the twelfth after the name.
    std::istringstream rest(line.substr(line.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        rest >> skipped;
    std::int64_t user = 0;
    std::int64_t system = 0;
    rest >> user >> system;
    return user + system;
}

void read_core(int core, processor_use& into) {
    std::ifstream from("/proc/stat");
    const std::string wanted = "cpu" + std::to_string(core);
    for (std::string line; std::getline(from, line);) {
        std::istringstream fields(line);
        std::string name;
        fields >> name;
        if (name != wanted)
            continue;
        std::int64_t user = 0, nice = 0, system = 0, idle = 0, interrupts = 0, soft_interrupts = 0;
        fields >> user >> nice >> system >> idle >> into.core_iowait >> interrupts >> soft_interrupts >>
            into.core_stolen;
        into.core_busy = user + nice + system + interrupts + soft_interrupts;
        return;
    }
    throw std::runtime_error("there is no core " + std::to_string(core));
}

} // namespace

processor_use read_processor_use(int pid, int core) {
    processor_use now;
    if (pid > 0)
        now.process = process_ticks(pid);
    if (core >= 0)
        read_core(core, now);
    rusage own{};
    getrusage(RUSAGE_SELF, &own);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    now.own_seconds = seconds(own.ru_utime) + seconds(own.ru_stime);
    return now;
}

std::int64_t ticks_per_second() {
    return sysconf(_SC_CLK_TCK);
}

} // namespace tributary::bench

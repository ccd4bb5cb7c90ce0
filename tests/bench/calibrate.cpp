// What the machine can do at this moment, for the ratios of scripts/bench daemon: appends made durable one by
// one and in groups, SQLite committing the same webhooks in groups with nothing else to do, signatures.
// Prints one JSON object.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <unistd.h>

#include "arguments.hpp"
#include "numbered_requests.hpp"

namespace {

using namespace tributary::bench;
using steady = std::chrono::steady_clock;

constexpr std::array<std::string_view, 3> known{"directory", "bodies", "milliseconds"};
constexpr std::size_t group_size = 64;

/// Repeats a step until the time is over. @param step does some work and returns how many things it did.
/// @return things a second.
double rate(std::chrono::milliseconds duration, const std::function<std::size_t()>& step) {
    const auto start = steady::now();
    std::size_t done = 0;
    std::chrono::duration<double> elapsed{};
    do {
        done += step();
        elapsed = steady::now() - start;
    } while (elapsed < duration);
    return static_cast<double>(done) / elapsed.count();
}

double appends(const std::string& directory, std::size_t records, std::chrono::milliseconds duration) {
    const std::string path = directory + "/calibrate.log";
    const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        throw std::runtime_error("cannot write " + path);
    const std::string group(records * 2048, 'x');
    bool failed = false;
    const double found = rate(duration, [&] {
        failed |= ::write(file, group.data(), group.size()) != static_cast<ssize_t>(group.size());
        failed |= ::fdatasync(file) != 0;
        return records;
    });
    ::close(file);
    std::filesystem::remove(path);
    if (failed)
        throw std::runtime_error("could not append to " + path);
    return found;
}

struct close_database {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
};
struct finish_statement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

void execute(sqlite3* on, const char* sql) {
    if (sqlite3_exec(on, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(sql) + ": " + sqlite3_errmsg(on));
}

/// Rows a second with the daemon's settings of the file: 8 KiB pages, WAL, a sync for each commit.
double sqlite_rows(const std::string& directory, const std::vector<numbered_text>& bodies,
                   std::chrono::milliseconds duration) {
    const std::string path = directory + "/calibrate.db";
    sqlite3* opened = nullptr;
    const int code = sqlite3_open(path.c_str(), &opened);
    const std::unique_ptr<sqlite3, close_database> database(opened);
    if (code != SQLITE_OK)
        throw std::runtime_error("cannot open " + path);
    execute(opened,
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA wal_autocheckpoint=2000; CREATE TABLE delivery (id INTEGER PRIMARY KEY, body BLOB)");
    sqlite3_stmt* prepared = nullptr;
    sqlite3_prepare_v2(opened, "INSERT INTO delivery (body) VALUES (?1)", -1, &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, finish_statement> insert(prepared);
    std::uint64_t number = 0;
    std::string body;
    return rate(duration, [&] {
        execute(opened, "BEGIN IMMEDIATE");
        for (std::size_t row = 0; row < group_size; ++row, ++number) {
            body.clear();
            bodies[number % bodies.size()].append(body, number);
            sqlite3_bind_blob(prepared, 1, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
            if (sqlite3_step(prepared) != SQLITE_DONE)
                throw std::runtime_error(sqlite3_errmsg(opened));
            sqlite3_reset(prepared);
        }
        execute(opened, "COMMIT");
        return group_size;
    });
}

double signatures(const std::vector<numbered_text>& bodies, std::chrono::milliseconds duration) {
    constexpr std::string_view key = "whsec_0123456789abcdef0123456789abcdef";
    std::vector<std::string> texts;
    for (const numbered_text& each : bodies)
        each.append(texts.emplace_back("1700000000."), 1);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    return rate(duration, [&] {
        for (const std::string& text : texts)
            HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                 reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), nullptr);
        return texts.size();
    });
}

void run(const arguments& given) {
    const std::chrono::milliseconds duration(given.number_or("milliseconds", 1000, 1, 60'000));
    const std::string directory = given.text("directory");
    const auto bodies = read_templates(given.text("bodies"));
    std::size_t bytes = 0;
    for (const numbered_text& each : bodies)
        bytes += each.size();
    const double single = appends(directory, 1, duration);
    const double grouped = appends(directory, group_size, duration);
    const double rows = sqlite_rows(directory, bodies, duration);
    for (const char* file : {"/calibrate.db", "/calibrate.db-wal", "/calibrate.db-shm"})
        std::filesystem::remove(directory + file);
    std::printf(
        "{\"fdatasync_1\":%.1f,\"fdatasync_64\":%.1f,\"sqlite_64\":%.1f,\"hmac\":%.1f,\"body_bytes\":%zu}\n",
        single, grouped, rows, signatures(bodies, duration), bytes / bodies.size());
}

} // namespace

int main(int count, char** values) {
    try {
        run(arguments(count, values, known));
        return 0;
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "bench_calibrate: %s\n", failed.what());
        return 1;
    }
}

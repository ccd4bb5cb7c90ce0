#include <tributary/config/options.hpp>

#include <algorithm>
#include <array>

#include "config/option_access.hpp"

namespace tributary::config {
namespace {

using kind = option_kind;

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::int64_t microsecond = 1;
constexpr std::int64_t millisecond = 1000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t path_characters_max = 4095; // PATH_MAX of Linux without its terminator.

constexpr std::array<std::string_view, 2> durability_names{"full", "relaxed"};
constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> format_names{"text", "json"};
static_assert(static_cast<int>(log_level::debug) == 1, "level_names starts at the first enumerator");

consteval option_info row(std::string_view key, kind of, std::string_view description, std::int64_t minimum,
                          std::int64_t maximum, std::int64_t unit_us = 0) {
    option_info made{.key = key, .kind = of, .description = description};
    made.minimum = minimum;
    made.maximum = maximum;
    made.unit_us = unit_us;
    return made;
}

/// `first` is the value of the enumerator that the first word stands for.
consteval option_info words(std::string_view key, std::string_view description,
                            std::span<const std::string_view> choices, std::int64_t first = 0) {
    option_info made =
        row(key, kind::choice, description, first, first + static_cast<std::int64_t>(choices.size()) - 1);
    made.choices = choices;
    return made;
}

#define MEMBER(path)                                                                                         \
    [](configuration & in) -> auto& {                                                                        \
        return in.path;                                                                                      \
    }

constexpr std::array table{
    bound<MEMBER(server.listen)>(
        row("server.listen", kind::address,
            "Address and port for webhooks, the API and links. Port 0 takes any free one.", 0, 0)),
    bound<MEMBER(server.threads)>(
        row("server.threads", kind::integer, "Threads that read and answer requests.", 1, 256)),
    bound<MEMBER(server.header_bytes_max)>(row("server.header_bytes_max", kind::size,
                                               "Longest request line and headers; more answers 431.", kib,
                                               mib)),
    bound<MEMBER(server.body_bytes_max)>(
        row("server.body_bytes_max", kind::size, "Longest request body; more answers 413.", kib, 1024 * mib)),
    bound<MEMBER(server.connections_max)>(
        row("server.connections_max", kind::integer,
            "Connections open at the same time; further ones are answered 503 and closed.", 1, 1'000'000)),
    bound<MEMBER(server.header_timeout_ms)>(row(
        "server.header_timeout", kind::duration,
        "From the first byte of a request to the end of its headers; then 408.", 1, hour_ms, millisecond)),
    bound<MEMBER(server.body_timeout_ms)>(row("server.body_timeout", kind::duration,
                                              "For receiving a request's body; then 408.", 1, hour_ms,
                                              millisecond)),
    bound<MEMBER(server.idle_timeout_ms)>(row("server.idle_timeout", kind::duration,
                                              "How long a connection stays open without a request.", 1,
                                              hour_ms, millisecond)),
    bound<MEMBER(server.response_timeout_ms)>(row("server.response_timeout", kind::duration,
                                                  "For working out an answer; then 503.", 1, hour_ms,
                                                  millisecond)),
    bound<MEMBER(server.shutdown_grace_ms)>(
        row("server.shutdown_grace", kind::duration,
            "How long requests in flight may take to finish when the daemon is told to stop.", 0, hour_ms,
            millisecond)),
    bound<MEMBER(server.tls_certificate)>(
        row("server.tls_certificate", kind::path,
            "PEM file with the certificate and its chain. With `server.tls_key`: HTTPS only.", 0,
            path_characters_max)),
    bound<MEMBER(server.tls_key)>(row("server.tls_key", kind::path,
                                      "PEM file with the certificate's private key.", 0,
                                      path_characters_max)),
    bound<MEMBER(server.trusted_proxies)>(
        row("server.trusted_proxies", kind::networks,
            "Addresses or CIDR blocks of the proxies whose `X-Forwarded-*` headers are believed.", 0, 256)),
    bound<MEMBER(server.public_url)>(
        row("server.public_url", kind::url,
            "How the outside reaches `server.listen`; used where the daemon tells others its own address.", 0,
            1024)),

    bound<MEMBER(admin.listen)>(row(
        "admin.listen", kind::address,
        "Address and port for health, readiness and metrics. It asks for no key: keep it private.", 0, 0)),

    bound<MEMBER(storage.path)>(row("storage.path", kind::path,
                                    "The database file; relative to the working directory. Made when absent.",
                                    1, path_characters_max)),
    bound<MEMBER(storage.durability)>(words(
        "storage.durability",
        "With `full`, a 2xx to a provider means that the delivery is on stable storage. With `relaxed`, a "
        "power cut may lose what was acknowledged in the last moments.",
        durability_names)),

    bound<MEMBER(secrets.key)>(row(
        "secrets.key", kind::secret,
        "The master key itself, 32 bytes as base64 or hex. From the environment only; `secrets.key_file` or "
        "a systemd credential is better.",
        0, 4096)),
    bound<MEMBER(secrets.key_file)>(row(
        "secrets.key_file", kind::path,
        "File with the master key that seals secrets at rest: 32 bytes as base64 or hex, readable by its "
        "owner only. When it is not set, the systemd credential `tributary-key` is taken, if there is one.",
        0, path_characters_max)),
    bound<MEMBER(secrets.old_key_files)>(row("secrets.old_key_files", kind::paths,
                                             "Files with earlier master keys: what they sealed can still be "
                                             "opened while the key is being changed.",
                                             0, 16)),

    bound<MEMBER(log.level)>(words("log.level", "The least level that is logged.", level_names, 1)),
    bound<MEMBER(log.format)>(
        words("log.format", "Lines of `key=value` fields, or one JSON object a line.", format_names)),

    bound<MEMBER(plugins.directories)>(
        row("plugins.directories", kind::paths,
            "Where plugins are looked for, in this order. Empty: where the installation put them.", 0, 64)),
    bound<MEMBER(plugins.enabled)>(
        row("plugins.enabled", kind::names,
            "Names of the instances to start. Empty: one of every plugin that is found, and those of "
            "`[plugin.NAME]`.",
            0, 256)),
    bound<MEMBER(plugins.deadline_ms)>(row(
        "plugins.deadline", kind::duration,
        "How long a call of a plugin may take. One that took longer puts its plugin into quarantine: for a "
        "minute, then for twice as long each time, until it is reloaded. One that does not come back within "
        "three times as long ends the process.",
        10, hour_ms, millisecond)),

    bound<MEMBER(engine.batch_max)>(row("engine.batch_max", kind::integer,
                                        "Most deliveries that share one transaction, and one sync.", 1,
                                        10'000)),
    bound<MEMBER(engine.batch_wait_us)>(
        row("engine.batch_wait", kind::duration,
            "How long a delivery waits for others to share its transaction. 0 takes what is there already.",
            0, 1'000'000, microsecond)),
    bound<MEMBER(engine.refused_kept)>(
        row("engine.refused_kept", kind::integer,
            "Refused deliveries that are kept for each connection, with the reason; the oldest goes first.",
            0, 1'000'000)),
    bound<MEMBER(engine.pending_max)>(
        row("engine.pending_max", kind::integer,
            "Deliveries that may wait to be stored; further ones are answered 503 with `Retry-After`.", 1,
            10'000'000)),
};

#undef MEMBER

} // namespace

std::span<const option_info> options() {
    return table;
}

const option_info* find_option(std::string_view key) {
    const auto found = std::ranges::find(table, key, &option_info::key);
    return found == table.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view key) {
    std::string out = "TRIBUTARY_";
    for (const char c : key)
        out += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

} // namespace tributary::config

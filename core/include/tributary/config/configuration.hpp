#pragma once

#include <tributary/base/log.hpp>
#include <tributary/base/secret_text.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tributary::config {

/// Where to listen: a literal IPv4 or IPv6 address, without brackets, and a port (0: any free one).
struct listen_address {
    std::string host;
    std::uint16_t port = 0;

    /// "127.0.0.1:8080", "[::1]:8080".
    std::string text() const;
    bool operator==(const listen_address&) const = default;
};

/// What a 2xx to a provider promises.
enum class durability {
    full,    ///< The delivery was synced to stable storage.
    relaxed, ///< The delivery was handed to the operating system; a power cut may lose the last moments.
};

enum class log_format { text, json };

/// The public listener: webhooks, API, links.
struct server_settings {
    listen_address listen{"127.0.0.1", 8080};
    unsigned threads = 1;
    std::size_t header_bytes_max = 32 * 1024;
    std::size_t body_bytes_max = 1024 * 1024;
    std::size_t connections_max = 4096;
    int header_timeout_ms = 10'000;
    int body_timeout_ms = 30'000;
    int idle_timeout_ms = 75'000;
    int response_timeout_ms = 30'000;
    int shutdown_grace_ms = 10'000;
    std::string tls_certificate;              ///< Path of a PEM chain; empty: plain HTTP.
    std::string tls_key;                      ///< Path; set exactly when tls_certificate is.
    std::vector<std::string> trusted_proxies; ///< Addresses or CIDR blocks.
    std::string public_url; ///< "https://pay.example.com", no slash at the end; may be empty.
};

/// The listener for operators: health, readiness, metrics.
struct admin_settings {
    listen_address listen{"127.0.0.1", 9090};
};

struct storage_settings {
    std::string path = "tributary.db";
    config::durability durability = config::durability::full;
};

/// Where the master key that seals secrets at rest comes from. At most one of key and key_file is set.
struct secrets_settings {
    secret_text key;                        ///< The key itself: 32 bytes as base64 or hex.
    std::string key_file;                   ///< Path; also set when the key is a systemd credential.
    std::vector<std::string> old_key_files; ///< Still opened, never sealed with.
    /// systemd's $CREDENTIALS_DIRECTORY; files below it need no 0600. May be empty. Not an option.
    std::string credentials_directory;
};

struct log_settings {
    log_level level = log_level::info;
    log_format format = log_format::text;
};

struct plugins_settings {
    std::vector<std::string> directories; ///< Empty: where the installation put them.
    std::vector<std::string> enabled;     ///< Names of instances; empty: every plugin found.
    int deadline_ms = 5000;               ///< A call that takes longer puts its plugin into quarantine.
};

struct engine_settings {
    std::size_t batch_max = 256;
    int batch_wait_us = 0;
    std::size_t refused_kept = 1000;
    std::size_t pending_max = 10'000;
};

/// One key of a plugin's table, for people: secrets are masked already.
struct plugin_setting {
    std::string key;
    std::string shown; ///< As TOML; empty when it is not shown.
    std::string from;  ///< See configuration::origin().
};

/// The table [plugin.<short name>]. Only the plugin knows its keys.
struct plugin_table {
    secret_text json; ///< An object, for the plugin's create(). It may hold secrets.
    std::vector<plugin_setting> settings;
};

/// Everything that an operator decides. A value; the defaults are those of the members.
///
/// Durations and sizes are in the unit that the member's name says. load_configuration() has checked every
/// range (options.hpp), so that its readers need not.
struct configuration {
    server_settings server;
    admin_settings admin;
    storage_settings storage;
    secrets_settings secrets;
    log_settings log;
    plugins_settings plugins;
    engine_settings engine;
    std::map<std::string, plugin_table, std::less<>> plugin; ///< By short name.

    /// Where the value of an option came from; an absent key is at its default.
    std::map<std::string, std::string, std::less<>> origins;
    /// What is odd but no error. To be logged once the logger exists.
    std::vector<std::string> warnings;

    /// "tributary.toml:12", "TRIBUTARY_SERVER_LISTEN", "systemd credential" or "default".
    std::string_view origin(std::string_view key) const;
    /// The JSON object of a plugin's table, "{}" when there is none.
    std::string_view plugin_json(std::string_view short_name) const;
};

} // namespace tributary::config

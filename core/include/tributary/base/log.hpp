#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <type_traits>
#include <variant>

namespace tributary {

/// Level of a log line: error, a person must act; warn, an oddity that was handled; info, life cycle; debug,
/// per request.
enum class log_level { debug = 1, info, warn, error };

/// One field of a log line. Takes text and integers only: a secret_text does not convert, on purpose.
struct log_field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t> value;

    log_field(std::string_view n, std::string_view v) : name(n), value(v) {}
    log_field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    template <class Integer>
    requires std::is_integral_v<Integer> log_field(std::string_view n, Integer v)
        : name(n), value(static_cast<std::int64_t>(v)) {}
};

/// Writes lines of an event name and fields: `event=webhook_rejected provider=acme reason=stale_timestamp`.
///
/// Thread-safe. Values with spaces or quotes are quoted; control characters are escaped, so that no input can
/// forge a line.
class logger {
  public:
    virtual ~logger() = default;
    virtual void write(log_level level, std::string_view event, std::initializer_list<log_field> fields) {
        write_fields(level, event, fields.begin(), fields.size());
    }
    virtual void write_fields(log_level level, std::string_view event, const log_field* fields,
                              std::size_t count) = 0;

    void debug(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write(log_level::debug, event, fields);
    }
    void info(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write(log_level::info, event, fields);
    }
    void warn(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write(log_level::warn, event, fields);
    }
    void error(std::string_view event, std::initializer_list<log_field> fields = {}) {
        write(log_level::error, event, fields);
    }
};

/// Lines on standard error, as text or as one JSON object a line.
std::unique_ptr<logger> make_stderr_logger(log_level from, bool json);

/// Swallows everything.
std::unique_ptr<logger> make_null_logger();

} // namespace tributary

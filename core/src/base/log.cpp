#include <tributary/base/log.hpp>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace tributary {
namespace {

constexpr std::string_view level_name(log_level level) {
    switch (level) {
    case log_level::debug: return "debug";
    case log_level::info: return "info";
    case log_level::warn: return "warn";
    case log_level::error: return "error";
    }
    return "error";
}

void append_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            out += '\\';
            out += character;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += character;
        }
    }
}

bool plain(std::string_view text) {
    if (text.empty())
        return false;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte <= 0x20 || byte == 0x7f || character == '"' || character == '\\' || character == '=')
            return false;
    }
    return true;
}

class stderr_logger final : public logger {
  public:
    stderr_logger(log_level from, bool json) : from_(from), json_(json), sink_("tributary") {
        sink_.sinks().push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
        sink_.set_pattern(json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %v",
                          spdlog::pattern_time_type::utc);
    }

    void write_fields(log_level level, std::string_view event, const log_field* fields,
                      std::size_t count) override {
        if (level < from_)
            return;
        std::string line;
        append(line, "level", level_name(level), true);
        append(line, "event", event, false);
        for (std::size_t index = 0; index < count; ++index) {
            if (const auto* text = std::get_if<std::string_view>(&fields[index].value)) {
                append(line, fields[index].name, *text, false);
            } else {
                line += json_ ? ",\"" : " ";
                line += fields[index].name;
                line += json_ ? "\":" : "=";
                line += std::to_string(std::get<std::int64_t>(fields[index].value));
            }
        }
        sink_.info("{}", line);
    }

  private:
    void append(std::string& line, std::string_view name, std::string_view text, bool first) const {
        if (!first)
            line += json_ ? ',' : ' ';
        if (json_) {
            line += '"';
            append_escaped(line, name);
            line += "\":\"";
        } else {
            line += name;
            line += '=';
            if (plain(text)) {
                line += text;
                return;
            }
            line += '"';
        }
        append_escaped(line, text);
        line += '"';
    }

    log_level from_;
    bool json_;
    spdlog::logger sink_;
};

class null_logger final : public logger {
  public:
    void write_fields(log_level, std::string_view, const log_field*, std::size_t) override {}
};

} // namespace

std::unique_ptr<logger> make_stderr_logger(log_level from, bool json) {
    return std::make_unique<stderr_logger>(from, json);
}

std::unique_ptr<logger> make_null_logger() {
    return std::make_unique<null_logger>();
}

} // namespace tributary

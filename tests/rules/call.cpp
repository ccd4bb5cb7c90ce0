#include "call.hpp"

#include "text.hpp"

namespace tributary::cel::test {
namespace {

std::string show_list(list_view elements) {
    std::string text = "[";
    for (const value& each : elements)
        text += (text.size() > 1 ? ", " : "") + show(each);
    return text + "]";
}

std::string show_map(const map_data& map) {
    std::string text = "{";
    for (const map_entry& each : map.all())
        text += (text.size() > 1 ? ", " : "") + show(each.key) + ": " + show(each.held);
    return text + "}";
}

} // namespace

std::string show(const value& given) {
    switch (given.kind()) {
    case value_kind::absent: return "absent";
    case value_kind::error: return "error: " + std::string(text_of(given.error_code()));
    case value_kind::null: return "null";
    case value_kind::boolean: return given.as_boolean() ? "true" : "false";
    case value_kind::int64: return std::to_string(given.as_int64());
    case value_kind::uint64: return std::to_string(given.as_uint64()) + "u";
    case value_kind::float64: {
        const std::string text = double_text(given.as_float64());
        return text.find_first_of(".eNI") == std::string::npos ? text + ".0" : text;
    }
    case value_kind::string: return "'" + std::string(given.as_text()) + "'";
    case value_kind::bytes: return "b'" + std::string(given.as_text()) + "'";
    case value_kind::list: return show_list(given.as_list());
    case value_kind::map: return show_map(given.as_map());
    case value_kind::type: return "type " + std::string(given.as_text());
    case value_kind::timestamp:
        return "timestamp " + std::to_string(given.seconds()) + " " + std::to_string(given.nanoseconds());
    case value_kind::duration: return "duration " + std::to_string(given.as_duration());
    case value_kind::optional:
        return given.as_optional() == nullptr ? "none" : "optional(" + show(*given.as_optional()) + ")";
    case value_kind::rate:
        return "rate " + std::to_string(given.rate_digits()) + " " + std::to_string(given.rate_scale());
    case value_kind::opaque: return "opaque";
    }
    return "unknown";
}

} // namespace tributary::cel::test

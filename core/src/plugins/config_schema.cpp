#include <tributary/plugins/discovery.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <optional>

namespace tributary::plugins {
namespace {

namespace json = boost::json;

result<void> refuse(const std::string& where, const std::string& what) {
    return failure(plugin_errc::bad_config, (where.empty() ? "the section" : "'" + where + "'") + " " + what);
}

bool is_of_type(const json::value& value, std::string_view type) {
    if (type == "integer")
        return value.is_int64() || value.is_uint64();
    if (type == "number")
        return value.is_number();
    if (type == "string")
        return value.is_string();
    if (type == "boolean")
        return value.is_bool();
    if (type == "object")
        return value.is_object();
    if (type == "array")
        return value.is_array();
    return type != "null" || value.is_null();
}

std::optional<std::int64_t> integer(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

const json::value* bound(const json::object& from, std::string_view name) {
    const json::value* found = from.if_contains(name);
    return found != nullptr && found->is_number() ? found : nullptr;
}

/// Integers exactly.
bool is_less(const json::value& left, const json::value& right) {
    if (left.is_int64() && right.is_int64())
        return left.get_int64() < right.get_int64();
    return left.to_number<double>() < right.to_number<double>();
}

std::string listed(const json::object& members) {
    std::string text;
    for (const auto& member : members)
        text.append(text.empty() ? "" : ", ").append(member.key());
    return text.empty() ? "none" : text;
}

result<void> check_value(const json::object& schema, const json::value& value, const std::string& where);

result<void> check_object(const json::object& schema, const json::object& value, const std::string& where) {
    static constexpr auto member_of = [](const std::string& in, std::string_view name) {
        return in.empty() ? std::string(name) : in + "." + std::string(name);
    };
    const json::value* properties = schema.if_contains("properties");
    const json::object none;
    const json::object& known =
        properties != nullptr && properties->is_object() ? properties->get_object() : none;
    const json::value* others = schema.if_contains("additionalProperties");
    const bool closed = others != nullptr && others->is_bool() && !others->get_bool();
    for (const auto& member : value) {
        const json::value* its = known.if_contains(member.key());
        if (its == nullptr && closed)
            return refuse(member_of(where, member.key()),
                          "is not a setting of this plugin; known are: " + listed(known));
        if (its != nullptr && its->is_object())
            TRIBUTARY_TRY(check_value(its->get_object(), member.value(), member_of(where, member.key())));
    }
    const json::value* required = schema.if_contains("required");
    if (required != nullptr && required->is_array())
        for (const json::value& name : required->get_array())
            if (name.is_string() && !value.contains(name.get_string()))
                return refuse(member_of(where, name.get_string()), "is missing");
    return {};
}

result<void> check_range(const json::object& schema, const json::value& value, const std::string& where) {
    if (value.is_number()) {
        if (const auto* least = bound(schema, "minimum"); least != nullptr && is_less(value, *least))
            return refuse(where, "is " + json::serialize(value) + ", at least " + json::serialize(*least) +
                                     " is allowed");
        if (const auto* most = bound(schema, "maximum"); most != nullptr && is_less(*most, value))
            return refuse(where, "is " + json::serialize(value) + ", at most " + json::serialize(*most) +
                                     " is allowed");
    }
    if (value.is_string()) {
        // The text itself may be a secret: only its length is told.
        const auto length = static_cast<std::int64_t>(value.get_string().size());
        if (const auto least = integer(schema, "minLength"); least && length < *least)
            return refuse(where, "has " + std::to_string(length) + " characters, at least " +
                                     std::to_string(*least) + " are needed");
        if (const auto most = integer(schema, "maxLength"); most && length > *most)
            return refuse(where, "has " + std::to_string(length) + " characters, at most " +
                                     std::to_string(*most) + " are allowed");
    }
    return {};
}

result<void> check_value(const json::object& schema, const json::value& value, const std::string& where) {
    if (const json::value* type = schema.if_contains("type"); type != nullptr && type->is_string())
        if (!is_of_type(value, std::string_view(type->get_string())))
            return refuse(where, "must be of type " + std::string(type->get_string()));
    if (const json::value* choice = schema.if_contains("enum"); choice != nullptr && choice->is_array()) {
        const json::array& allowed = choice->get_array();
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            return refuse(where, "must be one of " + json::serialize(allowed));
    }
    TRIBUTARY_TRY(check_range(schema, value, where));
    if (value.is_object())
        return check_object(schema, value.get_object(), where);
    const json::value* items = schema.if_contains("items");
    if (!value.is_array() || items == nullptr || !items->is_object())
        return {};
    std::size_t index = 0;
    for (const json::value& item : value.get_array())
        TRIBUTARY_TRY(check_value(items->get_object(), item, where + "[" + std::to_string(index++) + "]"));
    return {};
}

} // namespace

result<void> check_config(std::string_view schema, std::string_view config_json) {
    if (schema.empty())
        return {};
    boost::system::error_code wrong;
    const json::value allowed = json::parse(json::string_view(schema.data(), schema.size()), wrong);
    if (wrong || !allowed.is_object())
        return failure(plugin_errc::bad_manifest, "'config_schema' must be a JSON object");
    const json::value given = json::parse(json::string_view(config_json.data(), config_json.size()), wrong);
    if (wrong || !given.is_object())
        return failure(plugin_errc::bad_config, "the section is not an object");
    return check_value(allowed.get_object(), given, {});
}

} // namespace tributary::plugins

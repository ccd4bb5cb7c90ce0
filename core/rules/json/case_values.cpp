#include "case_values.hpp"

#include <tributary/cel/map.hpp>
#include <tributary/cel/money.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "time.hpp"

namespace tributary::cel::conformance {
namespace {

namespace json = boost::json;

unreadable broken(std::string why) {
    return {std::move(why), false};
}
unreadable unsupported(std::string why) {
    return {std::move(why), true};
}

/// The one member of a notation such as {"int": "1"}.
const json::key_value_pair* only_member(const json::value& notation) {
    const json::object* object = notation.if_object();
    return object != nullptr && object->size() == 1 ? &*object->begin() : nullptr;
}

reading<value> read_scalar(const json::value& content, const type& of, arena& memory) {
    const json_result<value> made = from_json(content, of, memory);
    if (!made)
        return broken(made.error().text());
    return *made;
}

/// The files write doubles as texts so that none is rounded on the way; from_chars reads "NaN" too.
reading<value> read_double(const json::value& content) {
    const json::string* text = content.if_string();
    if (text == nullptr)
        return broken("a double that is no text");
    double number = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
    if (read.ec != std::errc() || read.ptr != text->data() + text->size())
        return broken("a double that is none");
    return value::float64(number);
}

/// {"seconds": "1", "nanos": 2}: the former as text, the latter as number.
reading<value> read_time(const json::value& content, bool is_timestamp, arena& memory) {
    const json::object* parts = content.if_object();
    if (parts == nullptr || !parts->contains("seconds"))
        return broken("a time without seconds");
    const auto seconds = read_scalar(parts->at("seconds"), type::int64(), memory);
    const json::value* nanos = parts->if_contains("nanos");
    const auto nanoseconds = read_scalar(nanos == nullptr ? json::value(0) : *nanos, type::int64(), memory);
    if (!seconds || !nanoseconds)
        return broken("a time whose parts are no integers");
    if (is_timestamp) {
        const auto made = make_timestamp(seconds->as_int64(), nanoseconds->as_int64());
        return made ? reading<value>(*made) : broken("a timestamp out of range");
    }
    std::int64_t all = 0;
    if (__builtin_mul_overflow(seconds->as_int64(), 1'000'000'000, &all) ||
        __builtin_add_overflow(all, nanoseconds->as_int64(), &all))
        return unsupported("a duration outside 64 bits of nanoseconds");
    return value::duration(all);
}

reading<value> read_list(const json::value& content, arena& memory) {
    const json::array* from = content.if_array();
    if (from == nullptr)
        return broken("a list that is none");
    const std::span<value> elements = memory.make_array<value>(from->size());
    if (elements.size() != from->size())
        return broken("a list that is too large");
    for (std::size_t i = 0; i < from->size(); ++i) {
        const auto element = read_value((*from)[i], memory);
        if (!element)
            return element;
        elements[i] = *element;
    }
    return value::list(elements);
}

reading<value> read_map(const json::value& content, arena& memory) {
    const json::array* from = content.if_array();
    if (from == nullptr)
        return broken("a map that is no list of pairs");
    const std::span<map_entry> entries = memory.make_array<map_entry>(from->size());
    if (entries.size() != from->size())
        return broken("a map that is too large");
    for (std::size_t i = 0; i < from->size(); ++i) {
        const json::array* pair = (*from)[i].if_array();
        if (pair == nullptr || pair->size() != 2)
            return broken("a map's entry that is no pair");
        const auto key = read_value((*pair)[0], memory);
        const auto held = read_value((*pair)[1], memory);
        if (!key || !held)
            return key ? held : key;
        entries[i] = {*key, *held};
    }
    const value made = make_map(memory, entries);
    return made.is_error() ? reading<value>(broken(text_of(made))) : made;
}

reading<value> read_optional(const json::value& content, arena& memory) {
    if (content.is_null())
        return value::optional(nullptr);
    const auto inner = read_value(content, memory);
    const std::span<value> place = memory.make_array<value>(1);
    if (!inner || place.empty())
        return inner;
    place[0] = *inner;
    return value::optional(place.data());
}

/// Names of the notation that name a type as parse_type does not, or whose content is read elsewhere.
std::optional<type> scalar_type(std::string_view name) {
    if (name == "any")
        return type::dyn();
    if (name == "null_type")
        return type::null();
    return parse_type(name);
}

reading<type> read_abstract(const json::value& content) {
    const json::object* of = content.if_object();
    if (of == nullptr || !of->contains("name") || !of->at("name").is_string())
        return broken("an abstract type without a name");
    std::vector<type> parameters;
    if (const json::value* given = of->if_contains("params"); given != nullptr && given->is_array())
        for (const json::value& each : given->get_array()) {
            const auto parameter = read_type(each);
            if (!parameter)
                return parameter;
            parameters.push_back(*parameter);
        }
    const std::string name(of->at("name").get_string());
    if (name == "optional_type" && parameters.size() == 1)
        return type::optional(parameters[0]);
    return type::opaque(name, std::move(parameters));
}

reading<type> read_map_type(const json::value& content) {
    const json::array* pair = content.if_array();
    if (pair == nullptr || pair->size() != 2)
        return broken("a map type that has no two parameters");
    const auto key = read_type((*pair)[0]);
    const auto held = read_type((*pair)[1]);
    if (!key || !held)
        return key ? held : key;
    return type::map(*key, *held);
}

bool same_lists(list_view left, list_view right) {
    return std::ranges::equal(left, right, &same);
}

bool same_maps(const map_data& left, const map_data& right) {
    return left.size == right.size && std::ranges::all_of(left.all(), [&](const map_entry& entry) {
               const auto others = right.all();
               const auto other = std::ranges::find_if(
                   others, [&](const map_entry& each) { return same(each.key, entry.key); });
               return other != others.end() && same(other->held, entry.held);
           });
}

bool same_optionals(const value* left, const value* right) {
    return left == nullptr || right == nullptr ? left == right : same(*left, *right);
}

} // namespace

reading<value> read_value(const json::value& notation, arena& memory) {
    const json::key_value_pair* member = only_member(notation);
    if (member == nullptr)
        return broken("a value that is no object with one member");
    const std::string_view kind = member->key();
    const json::value& content = member->value();
    if (kind == "double")
        return read_double(content);
    if (kind == "timestamp" || kind == "duration")
        return read_time(content, kind == "timestamp", memory);
    if (kind == "list")
        return read_list(content, memory);
    if (kind == "map")
        return read_map(content, memory);
    if (kind == "optional")
        return read_optional(content, memory);
    if (kind == "type") {
        const auto name = read_scalar(content, type::string(), memory);
        return name ? reading<value>(value::type(name->as_text())) : name;
    }
    if (kind == "enum" || kind == "message")
        return unsupported("values of protobuf");
    const auto of = scalar_type(kind);
    return of ? read_scalar(content, *of, memory)
              : broken("values of the unknown kind '" + std::string(kind) + "'");
}

reading<type> read_type(const json::value& notation) {
    if (const json::string* name = notation.if_string()) {
        const auto made = scalar_type(*name);
        return made ? reading<type>(*made) : unsupported("the type '" + std::string(*name) + "'");
    }
    const json::key_value_pair* member = only_member(notation);
    if (member == nullptr)
        return broken("a type that is no object with one member");
    const std::string_view kind = member->key();
    const json::value& content = member->value();
    if (kind == "map")
        return read_map_type(content);
    if (kind == "abstract")
        return read_abstract(content);
    if (kind == "param" && content.is_string())
        return type::parameter(std::string(content.get_string()));
    if (kind == "list" || kind == "type") {
        const auto inner = read_type(content);
        if (!inner)
            return inner;
        return kind == "list" ? type::list(*inner) : type::type_of(*inner);
    }
    if (kind == "message" && content.is_string())
        if (const auto made = parse_type(content.get_string()))
            return *made;
    return unsupported("types of the kind '" + std::string(kind) + "'");
}

bool same(const value& left, const value& right) {
    if (left.kind() != right.kind())
        return false;
    switch (left.kind()) {
    case value_kind::error: return left.error_code() == right.error_code();
    case value_kind::float64:
        return left.as_float64() == right.as_float64() ||
               (std::isnan(left.as_float64()) && std::isnan(right.as_float64()));
    case value_kind::list: return same_lists(left.as_list(), right.as_list());
    case value_kind::map: return same_maps(left.as_map(), right.as_map());
    case value_kind::optional: return same_optionals(left.as_optional(), right.as_optional());
    case value_kind::opaque: return true; // Of one program; nothing else is known of it.
    default: return equal(left, right);
    }
}

} // namespace tributary::cel::conformance

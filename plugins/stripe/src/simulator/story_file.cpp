#include "simulator/story_file.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

#include "simulator/version.hpp"

namespace tributary::stripe::simulated {
namespace {

constexpr std::size_t file_bytes_max = 64 * 1024; // Ten times the longest story that is shipped.
constexpr std::size_t text_max = 200;
constexpr std::size_t depth_max =
    24; // Of the JSON: each repetition takes four, bodies by hand are nested too.
constexpr std::size_t steps_max = 100;
constexpr std::size_t expectations_max = 50;

sdk::outcome bad(const std::string& where, const std::string& what) {
    return sdk::invalid("bad_story", where + ": " + what);
}

/// Letters, digits and dashes: names end up on command lines.
bool is_story_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
    });
}

sdk::outcome read_text(const json::object& file, std::string_view member, bool needed,
                       const std::string& where, std::string& into) {
    const json::value* given = file.if_contains(member);
    if (given == nullptr)
        return needed ? bad(where, "the member '" + std::string(member) + "' is missing") : sdk::outcome();
    const json::string* text = given->if_string();
    if (text == nullptr || text->empty() || text->size() > text_max)
        return bad(where, "'" + std::string(member) + "' is a text of up to " + std::to_string(text_max) +
                              " characters");
    into = *text;
    return {};
}

sdk::outcome read_defaults(const json::value& given, const std::string& where, parameters& into) {
    const json::object* object = given.if_object();
    if (object == nullptr)
        return bad(where, "'parameters' is an object: name and default");
    for (const auto& [name, value] : *object) {
        std::string text;
        if (const json::string* said = value.if_string())
            text = *said;
        else if (const std::int64_t* number = value.if_int64())
            text = std::to_string(*number);
        else
            return bad(where, "the parameter " + std::string(name) + " is a text or an integer");
        if (sdk::outcome done = read_parameter(name, text, into); !done)
            return bad(where, done.message());
    }
    return {};
}

sdk::outcome read_expectations(const json::value& given, const std::string& where,
                               std::vector<std::pair<std::string, std::string>>& into) {
    const json::object* object = given.if_object();
    if (object == nullptr || object->size() > expectations_max)
        return bad(where, "'expect' is an object of up to " + std::to_string(expectations_max) +
                              " members: name and expression");
    for (const auto& [name, value] : *object) {
        if (const json::string* text = value.if_string())
            into.emplace_back(name, *text);
        else if (const std::int64_t* number = value.if_int64())
            into.emplace_back(name, std::to_string(*number));
        else
            return bad(where, "what is expected of '" + std::string(name) + "' is an expression");
    }
    return {};
}

sdk::outcome check_members(const json::object& file, const std::string& where) {
    constexpr std::array<std::string_view, 6> members{"name",       "summary", "since",
                                                      "parameters", "steps",   "expect"};
    for (const auto& [name, value] : file)
        if (std::find(members.begin(), members.end(), std::string_view(name)) == members.end())
            return bad(where, "there is no member " + with_nearest(name, members));
    return {};
}

} // namespace

sdk::outcome parse_steps(const json::value* given, const std::string& where, std::vector<story_step>& into) {
    const json::array* list = given == nullptr ? nullptr : given->if_array();
    if (list == nullptr || list->empty() || list->size() > steps_max)
        return bad(where, "'steps' is an array of one to " + std::to_string(steps_max) + " steps");
    for (std::size_t index = 0; index < list->size(); ++index) {
        const json::object* step = (*list)[index].if_object();
        if (step == nullptr || step->size() != 1)
            return bad(where + ", step " + std::to_string(index + 1),
                       "a step is an object with one member: the verb and its options");
        into.push_back({std::string(step->begin()->key()), step->begin()->value()});
    }
    return {};
}

sdk::outcome parse_story(std::string_view text, story_file& into) {
    if (text.size() > file_bytes_max)
        return bad("story", "a story has at most " + std::to_string(file_bytes_max) + " bytes");
    json::error_code code;
    json::parse_options options;
    options.max_depth = depth_max;
    const json::value parsed = json::parse(text, code, {}, options);
    if (code)
        return bad("story", "this is no JSON: " + code.message());
    const json::object* file = parsed.if_object();
    if (file == nullptr)
        return bad("story", "a story is an object");
    if (sdk::outcome done = read_text(*file, "name", true, "story", into.name); !done)
        return done;
    if (!is_story_name(into.name))
        return bad("story", "'name' consists of up to 64 small letters, digits and dashes");
    const std::string where = "story " + into.name;
    if (sdk::outcome done = check_members(*file, where); !done)
        return done;
    if (sdk::outcome done = read_text(*file, "summary", true, where, into.summary); !done)
        return done;
    if (sdk::outcome done = read_text(*file, "since", false, where, into.since); !done)
        return done;
    api_version first;
    if (sdk::outcome done = api_version::parse(into.since, first); !into.since.empty() && !done)
        return bad(where, "'since': " + done.message());
    if (const json::value* given = file->if_contains("parameters"))
        if (sdk::outcome done = read_defaults(*given, where, into.defaults); !done)
            return done;
    if (sdk::outcome done = parse_steps(file->if_contains("steps"), where, into.steps); !done)
        return done;
    const json::value* expected = file->if_contains("expect");
    if (expected == nullptr)
        return bad(where, "the member 'expect' is missing");
    return read_expectations(*expected, where, into.expect);
}

} // namespace tributary::stripe::simulated

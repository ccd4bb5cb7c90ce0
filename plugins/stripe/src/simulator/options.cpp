#include "simulator/options.hpp"

#include <algorithm>
#include <charconv>

namespace tributary::stripe::simulated {
namespace {

constexpr std::size_t elements_max = 20;
constexpr std::size_t text_max = 200;
constexpr std::int64_t span_max_s = 10 * 366 * std::int64_t{86'400};

std::string shown(const evaluated& wrong) {
    return "column " + std::to_string(wrong.column) + ": " + wrong.fault;
}

} // namespace

options::options(const json::value& given, const name_values& names, std::string where)
    : given_(given.if_object()), names_(&names), where_(std::move(where)) {
    if (given_ == nullptr)
        refuse("the options are an object");
}

void options::refuse(std::string what) {
    if (fault_.empty())
        fault_ = where_ + ": " + std::move(what);
}

const json::value* options::raw(std::string_view name) {
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end())
        asked_.push_back(name);
    return given_ == nullptr ? nullptr : given_->if_contains(name);
}

std::optional<std::int64_t> options::integer(std::string_view name, const json::value& given) {
    if (const std::int64_t* number = given.if_int64())
        return *number;
    const json::string* text = given.if_string();
    if (text == nullptr) {
        refuse(std::string(name) + ": this is an integer or an expression");
        return std::nullopt;
    }
    const evaluated result = evaluate(*text, *names_);
    if (result.fault.empty())
        return result.value;
    refuse(std::string(name) + ", " + shown(result));
    return std::nullopt;
}

std::optional<std::int64_t> options::maybe_number(std::string_view name, std::int64_t least,
                                                  std::int64_t most) {
    const json::value* given = raw(name);
    if (given == nullptr)
        return std::nullopt;
    const std::optional<std::int64_t> value = integer(name, *given);
    if (value && (*value < least || *value > most)) {
        refuse(std::string(name) + " is " + std::to_string(*value) + ", it must be from " +
               std::to_string(least) + " to " + std::to_string(most));
        return std::nullopt;
    }
    return value;
}

std::int64_t options::number(std::string_view name, std::int64_t fallback, std::int64_t least,
                             std::int64_t most) {
    return maybe_number(name, least, most).value_or(fallback);
}

bool options::flag(std::string_view name, bool fallback) {
    const json::value* given = raw(name);
    if (given == nullptr)
        return fallback;
    if (const bool* said = given->if_bool())
        return *said;
    return integer(name, *given).value_or(0) != 0;
}

std::string_view options::word(std::string_view name, std::initializer_list<std::string_view> known) {
    const json::value* given = raw(name);
    if (given == nullptr)
        return *known.begin();
    const json::string* text = given->if_string();
    for (const std::string_view one : known)
        if (text != nullptr && std::string_view(*text) == one)
            return one;
    std::string all;
    for (const std::string_view one : known)
        all += (all.empty() ? "" : ", ") + std::string(one);
    if (text == nullptr)
        refuse(std::string(name) + " is one of " + all);
    else
        refuse(std::string(name) + " cannot be " + with_nearest(*text, std::vector(known)) + " (" + all +
               ")");
    return *known.begin();
}

std::string options::text(std::string_view name, std::string_view fallback) {
    const json::value* given = raw(name);
    if (given == nullptr)
        return std::string(fallback);
    const json::string* text = given->if_string();
    if (text != nullptr && !text->empty() && text->size() <= text_max)
        return std::string(*text);
    refuse(std::string(name) + " is a text of up to " + std::to_string(text_max) + " characters");
    return std::string(fallback);
}

std::string parse_span(const json::value& given, const name_values& names, std::int64_t& into) {
    std::int64_t value = 0;
    std::int64_t unit = 1;
    if (const std::int64_t* number = given.if_int64()) {
        value = *number;
    } else if (const json::string* text = given.if_string()) {
        const char* end = text->data() + text->size();
        const auto [read, code] = std::from_chars(text->data(), end, value);
        constexpr std::string_view letters = "smhd";
        constexpr std::int64_t units[] = {1, 60, 3600, 86'400};
        if (code == std::errc() && end - read == 1 && letters.find(*read) != std::string_view::npos) {
            unit = units[letters.find(*read)];
        } else {
            const evaluated result = evaluate(*text, names);
            if (!result.fault.empty())
                return shown(result);
            value = result.value;
        }
    } else {
        return "this is a span of time such as 14d, or an expression of seconds";
    }
    if (__builtin_mul_overflow(value, unit, &into) || into < 0 || into > span_max_s)
        return "a span of time is from 0 to ten years";
    return {};
}

std::int64_t options::span_s(std::string_view name, std::int64_t fallback) {
    const json::value* given = raw(name);
    if (given == nullptr)
        return fallback;
    std::int64_t made = fallback;
    if (const std::string fault = parse_span(*given, *names_, made); !fault.empty())
        refuse(std::string(name) + ", " + fault);
    return made;
}

std::vector<options> options::list(std::string_view name) {
    std::vector<options> made;
    const json::value* given = raw(name);
    if (given == nullptr)
        return made;
    const json::array* array = given->if_array();
    if (array == nullptr || array->empty() || array->size() > elements_max) {
        refuse(std::string(name) + " is an array of one to " + std::to_string(elements_max) + " objects");
        return made;
    }
    for (std::size_t index = 0; index < array->size(); ++index)
        made.emplace_back((*array)[index], *names_,
                          where_ + ", " + std::string(name) + " " + std::to_string(index + 1));
    return made;
}

std::optional<options> options::object(std::string_view name) {
    const json::value* given = raw(name);
    if (given == nullptr)
        return std::nullopt;
    return options(*given, *names_, where_ + ", " + std::string(name));
}

void options::adopt(options& inner) {
    if (const sdk::outcome done = inner.finish(); !done && fault_.empty())
        fault_ = done.message();
}

sdk::outcome options::finish() {
    if (fault_.empty() && given_ != nullptr)
        for (const auto& [name, value] : *given_)
            if (std::find(asked_.begin(), asked_.end(), std::string_view(name)) == asked_.end())
                refuse("there is no option " + with_nearest(name, asked_));
    return fault_.empty() ? sdk::outcome() : sdk::invalid("bad_story", fault_);
}

} // namespace tributary::stripe::simulated

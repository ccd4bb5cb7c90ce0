#include "json_mutator.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "parts.hpp"

// Only there when a fuzzer is linked.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t count,
                                                              std::size_t count_max);

namespace tributary::fuzz {
namespace {

namespace json = boost::json;

std::size_t choose(std::minstd_rand& chance, std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(chance);
}

void collect(json::value& from, std::vector<json::value*>& into) {
    into.push_back(&from);
    if (json::object* object = from.if_object())
        for (auto& member : *object)
            collect(member.value(), into);
    if (json::array* array = from.if_array())
        for (json::value& element : *array)
            collect(element, into);
}

json::value odd_value(std::minstd_rand& chance) {
    switch (choose(chance, 12)) {
    case 0: return nullptr;
    case 1: return std::numeric_limits<std::int64_t>::max();
    case 2: return std::numeric_limits<std::int64_t>::min();
    case 3: return std::numeric_limits<std::uint64_t>::max();
    case 4: return -1;
    case 5: return 0;
    case 6: return 0.5;
    case 7: return "";
    case 8: return json::string(600, 'x'); // Longer than any id may be.
    case 9: return json::object{{"id", "in_1"}};
    case 10: return json::string("\0", 1);
    default: return json::array{};
    }
}

void remove_member(json::value& from, std::minstd_rand& chance) {
    if (json::object* object = from.if_object(); object != nullptr && !object->empty())
        object->erase(object->begin() + static_cast<std::ptrdiff_t>(choose(chance, object->size())));
    else if (json::array* array = from.if_array(); array != nullptr && !array->empty())
        array->erase(array->begin() + static_cast<std::ptrdiff_t>(choose(chance, array->size())));
    else
        from = nullptr;
}

/// Many elements: where lists have limits.
void repeat_element(json::value& from, std::minstd_rand& chance) {
    json::array* array = from.if_array();
    if (array == nullptr || array->empty())
        return;
    const json::value element = (*array)[choose(chance, array->size())];
    for (std::size_t more = choose(chance, 40); more > 0; --more)
        array->push_back(element);
}

void change(json::value& document, std::minstd_rand& chance) {
    std::vector<json::value*> all;
    collect(document, all);
    json::value& target = *all[choose(chance, all.size())];
    switch (choose(chance, 6)) {
    case 0: remove_member(target, chance); break;
    case 1: target = odd_value(chance); break;
    case 2: repeat_element(target, chance); break;
    case 3:
        if (target.is_int64())
            target = target.get_int64() / 3 * 2;
        break;
    default: {
        const json::value copied = *all[choose(chance, all.size())];
        target = copied;
    }
    }
}

/// The changed part; nothing when its body is no JSON.
std::optional<std::string> changed_part(std::string_view part, std::minstd_rand& chance) {
    const std::string head(take_until(part, '\n'));
    json::error_code error;
    json::value document = json::parse({part.data(), part.size()}, error);
    if (error)
        return std::nullopt;
    for (std::size_t times = 1 + choose(chance, 3); times > 0; --times)
        change(document, chance);
    return head + "\n" + json::serialize(document);
}

} // namespace

std::size_t mutate_json_parts(std::uint8_t* bytes, std::size_t count, std::size_t count_max, unsigned seed) {
    std::minstd_rand chance(seed);
    if (choose(chance, 2) == 0)
        return LLVMFuzzerMutate(bytes, count, count_max);
    const std::vector<std::string_view> parts = parts_of({reinterpret_cast<const char*>(bytes), count});
    const std::size_t chosen = choose(chance, parts.size());
    const std::optional<std::string> changed = changed_part(parts[chosen], chance);
    if (!changed)
        return LLVMFuzzerMutate(bytes, count, count_max);
    std::string made;
    for (std::size_t index = 0; index < parts.size(); ++index) {
        made += index == 0 ? std::string() : std::string(1, part_separator);
        made += index == chosen ? *changed : std::string(parts[index]);
    }
    if (made.size() > count_max)
        return LLVMFuzzerMutate(bytes, count, count_max);
    std::memcpy(bytes, made.data(), made.size());
    return made.size();
}

} // namespace tributary::fuzz

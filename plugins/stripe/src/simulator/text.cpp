#include "simulator/text.hpp"

#include <boost/json/serialize.hpp>

namespace tributary::stripe::simulated {
namespace {

constexpr std::size_t indent_width = 2;

void write(std::string& into, const json::value& value, std::size_t depth);

/// The common frame of arrays and objects.
template <class Container, class Each>
void write_all(std::string& into, const Container& container, char open, char close, std::size_t depth,
               Each each) {
    into += open;
    bool first = true;
    for (const auto& element : container) {
        into += first ? "\n" : ",\n";
        first = false;
        into.append((depth + 1) * indent_width, ' ');
        each(element);
    }
    if (!first) {
        into += '\n';
        into.append(depth * indent_width, ' ');
    }
    into += close;
}

void write(std::string& into, const json::value& value, std::size_t depth) {
    if (const json::object* object = value.if_object())
        write_all(into, *object, '{', '}', depth, [&](const json::key_value_pair& member) {
            into += json::serialize(json::value(member.key()));
            into += ": ";
            write(into, member.value(), depth + 1);
        });
    else if (const json::array* array = value.if_array())
        write_all(into, *array, '[', ']', depth,
                  [&](const json::value& element) { write(into, element, depth + 1); });
    else
        into += json::serialize(value);
}

} // namespace

std::string indented(const json::value& value) {
    std::string text;
    write(text, value, 0);
    return text;
}

id_source::id_source(std::uint64_t seed, std::string_view story) noexcept : state_(seed) {
    // FNV-1a of the story's name: stories of one seed must not share ids.
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char letter : story)
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
    state_ = next() ^ hash;
}

// splitmix64 (Steele, Lea, Flood 2014): small, fast, and every state gives another sequence.
std::uint64_t id_source::next() noexcept {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31);
}

std::string id_source::make(std::string_view prefix, std::size_t length) {
    constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string made(prefix);
    for (std::size_t index = 0; index < length; ++index)
        made += letters[next() % letters.size()];
    return made;
}

} // namespace tributary::stripe::simulated

#include "validator/mutation.hpp"

#include <array>
#include <string_view>

namespace tributary::validator {
namespace {

constexpr std::array<std::string_view, 26> tokens{"null",
                                                  "true",
                                                  "false",
                                                  "0",
                                                  "-1",
                                                  "1e999",
                                                  "-0.0",
                                                  "9223372036854775808",
                                                  "18446744073709551616",
                                                  "1.5",
                                                  "\"\"",
                                                  "\"x\"",
                                                  "[]",
                                                  "{}",
                                                  "[[]]",
                                                  "{\"\":{}}",
                                                  "\"\\u0000\"",
                                                  "\"\\ud800\"",
                                                  "\"\xff\"",
                                                  ",",
                                                  ":",
                                                  "]",
                                                  "}",
                                                  "\"",
                                                  "-9223372036854775809",
                                                  "1e-400"};

/// Is it a character of a token such as a number or a word?
bool is_bare(char letter) noexcept {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || letter == '-' ||
           letter == '.' || letter == '+' || letter == 'E';
}

/// Replaces the value after a random colon, or a bare word, by a token.
std::string with_other_token(std::string text, dice& random) {
    const std::size_t colon = text.find_first_of(":,[=", random.below(text.size()));
    if (colon == std::string::npos)
        return text;
    std::size_t begin = text.find_first_not_of(" \n\t", colon + 1);
    if (begin == std::string::npos)
        return text;
    std::size_t end = begin;
    if (text[begin] == '"') {
        end = text.find('"', begin + 1);
        end = end == std::string::npos ? text.size() : end + 1;
    } else if (is_bare(text[begin])) {
        while (end < text.size() && is_bare(text[end]))
            ++end;
    } else {
        end = begin + 1;
    }
    return text.replace(begin, end - begin, tokens[random.below(tokens.size())]);
}

std::string nested(std::string text, dice& random) {
    constexpr std::array<std::size_t, 4> depths{10, 100, 1000, 20'000};
    const std::size_t depth = depths[random.below(depths.size())];
    std::string open;
    for (std::size_t level = 0; level < depth; ++level)
        open += random.one_in(2) ? "[" : "{\"a\":";
    return text.insert(random.below(text.size() + 1), open);
}

std::string spliced(std::string text, dice& random) {
    const std::size_t from = random.below(text.size());
    const std::size_t size = 1 + random.below(std::min<std::size_t>(text.size() - from, 200));
    const std::string piece = text.substr(from, size);
    switch (random.below(3)) {
    case 0: return text.erase(from, size);
    case 1: return text.insert(from, piece);
    default: return text.insert(random.below(text.size()), piece);
    }
}

std::string once(std::string text, dice& random) {
    if (text.empty())
        return std::string(tokens[random.below(tokens.size())]);
    switch (random.below(8)) {
    case 0:
    case 1: text[random.below(text.size())] ^= static_cast<char>(1 << random.below(8)); return text;
    case 2: text[random.below(text.size())] = static_cast<char>(random.below(256)); return text;
    case 3: return text.substr(0, random.below(text.size()));
    case 4: return random.one_in(16) ? nested(std::move(text), random) : spliced(std::move(text), random);
    default: return with_other_token(std::move(text), random);
    }
}

} // namespace

std::string mutated(const std::string& text, dice& random) {
    std::string made = text;
    for (std::size_t left = 1 + random.below(4); left > 0; --left)
        made = once(std::move(made), random);
    return made == text ? made + " " : made;
}

void mutate_headers(delivery_sample& of, dice& random) {
    if (of.headers.empty())
        return;
    const std::size_t which = random.below(of.headers.size());
    std::string& value = of.headers[which].second;
    switch (random.below(5)) {
    case 0: of.headers.erase(of.headers.begin() + static_cast<std::ptrdiff_t>(which)); return;
    case 1: of.headers.push_back(of.headers[which]); return;
    case 2: value = value.substr(0, random.below(value.size() + 1)); return;
    case 3: value.clear(); return;
    default: value = mutated(value, random); return;
    }
}

} // namespace tributary::validator

#pragma once

#include <tributary/sdk/base.hpp>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

/// Members of Ledgerly's objects, read strictly: whoever sends something else is told which member it is.
namespace ledgerly {

using json = nlohmann::json;

/// A document is not what it has to be. what() is a sentence for people.
class malformed : public std::runtime_error {
  public:
    explicit malformed(const std::string& member)
        : std::runtime_error("the member '" + member + "' is missing or not what it has to be") {}
};

inline constexpr std::size_t body_bytes_max = 1 << 20; ///< A page of 100 payments has about 60 KiB.
inline constexpr std::size_t text_bytes_max = 512;
inline constexpr std::int64_t integer_max = 999'999'999'999'999; ///< No sum of a few of them overflows.

inline const json& member(const json& of, const char* name) {
    const auto found = of.is_object() ? of.find(name) : of.end();
    if (!of.is_object() || found == of.end())
        throw malformed(name);
    return *found;
}
inline bool has(const json& of, const char* name) {
    return of.is_object() && of.contains(name) && !of[name].is_null();
}
inline std::string text(const json& of, const char* name) {
    const json& value = member(of, name);
    if (!value.is_string() || value.get_ref<const std::string&>().empty() ||
        value.get_ref<const std::string&>().size() > text_bytes_max)
        throw malformed(name);
    return value;
}
inline std::string text_or_empty(const json& of, const char* name) {
    return has(of, name) && of[name] != "" ? text(of, name) : std::string();
}
/// Not negative: neither Ledgerly's amounts nor its times are.
inline std::int64_t integer(const json& of, const char* name) {
    const json& value = member(of, name);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::uint64_t{integer_max})
        throw malformed(name);
    return value;
}
/// {"minor": 1200, "currency": "EUR", "digits": 2}
inline trb_money money(const json& of, const char* name) {
    const json& value = member(of, name);
    const std::string currency = text(value, "currency");
    const std::int64_t digits = integer(value, "digits");
    if (currency.size() != 3 || digits > 4)
        throw malformed(name);
    return tributary::sdk::make_money(integer(value, "minor"), currency, static_cast<std::uint32_t>(digits));
}
inline const json& list(const json& of, const char* name) {
    const json& value = member(of, name);
    if (!value.is_array())
        throw malformed(name);
    return value;
}
/// The whole document. Throws malformed, also when it is too long.
inline json parse(std::string_view body) {
    json document = body.size() > body_bytes_max ? json() : json::parse(body, nullptr, false);
    if (!document.is_object())
        throw malformed("(the document)");
    return document;
}

} // namespace ledgerly

#include "shape.hpp"

#include <algorithm>

#include "paths.hpp"
#include "shape_tables.hpp"

namespace tributary::stripe {
namespace {

struct located {
    const json::value* value = nullptr;
    std::string_view path;
};

/// As find(), and which of the paths it was. Nothing there: the first path.
located locate(const json::value& root, const path_list& paths) noexcept {
    for (const std::string_view path : paths.alternatives) {
        if (path.empty())
            break;
        if (const json::value* found = find(root, path))
            return {found, path};
    }
    return {nullptr, paths.alternatives[0]};
}

bool has_type(const json::value& value, member_type type) noexcept {
    switch (type) {
    case member_type::text: return value.is_string();
    case member_type::id: return value.is_string() || value.is_object();
    case member_type::integer: return value.is_int64();
    case member_type::flag: return value.is_bool();
    case member_type::list:
        return value.is_array() ||
               (value.is_object() && find(value, "data") != nullptr && find(value, "data")->is_array());
    case member_type::number: return value.is_number() || value.is_string();
    }
    return true;
}

std::string_view type_name(const json::value& value) noexcept {
    switch (value.kind()) {
    case json::kind::string: return "a text";
    case json::kind::bool_: return "true or false";
    case json::kind::object: return "an object";
    case json::kind::array: return "a list";
    case json::kind::null: return "null";
    default: return "a number";
    }
}

class shape_check {
  public:
    shape_check(const telling& told, findings& into) : told_(told), into_(into) {}

    void run(const json::value& object, const std::string& name, std::span<const expected> members) {
        for (const expected& member : members)
            check(object, name, member);
    }

  private:
    void check(const json::value& object, const std::string& name, const expected& member) {
        const located found = locate(object, member.paths);
        const std::string path = name + "." + std::string(found.path);
        if (found.value == nullptr) {
            if (member.required)
                into_.drift(told_, path, "missing");
            return;
        }
        if (!has_type(*found.value, member.type))
            return into_.drift(told_, path, type_name(*found.value));
        if (!member.words.empty())
            check_word(path, text(object, found.path), member.words);
        if (member.elements.empty())
            return;
        constexpr std::size_t elements_max = 10; // As many as a webhook holds.
        std::size_t count = 0;
        for (const json::value& element : elements(object, found.path))
            if (count++ < elements_max && element.is_object())
                run(element, path, member.elements);
    }

    void check_word(const std::string& path, std::string_view given,
                    std::span<const std::string_view> known) {
        constexpr std::size_t word_max = 60;
        if (std::ranges::find(known, given) == known.end())
            into_.drift(told_, path, beginning(given, word_max));
    }

    const telling& told_;
    findings& into_;
};

} // namespace

void check_version(const telling& told, findings& into) {
    constexpr std::size_t date = 10; // "2026-10-28"
    if (told.version.substr(0, date) > newest_known_version.substr(0, date))
        into.drift(told, "event.api_version", "newer than " + std::string(newest_known_version));
}

void check_shape(const telling& told, findings& into) {
    const std::string_view name = text(told.object, "object");
    const object_shape* shape = find_shape(name);
    if (shape == nullptr || flag(told.object, "deleted").value_or(false))
        return; // Of a deleted object nothing but its id is left.
    shape_check checking(told, into);
    checking.run(told.object, std::string(name), shape->members);
    // An invoice of a subscription names it, wherever.
    if (name == "invoice" && text(told.object, "billing_reason").starts_with("subscription_") &&
        id_of(told.object, paths::invoice_subscription).empty())
        into.drift(told, "invoice.parent.subscription_details.subscription", "missing");
}

} // namespace tributary::stripe

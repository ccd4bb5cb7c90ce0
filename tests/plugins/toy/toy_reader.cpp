#include "plugins/toy/toy_reader.hpp"

#include <charconv>

namespace toy {

namespace {

constexpr std::size_t items_max = 1000; // Ten times what any test delivers at once.

} // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string_view item::find(std::string_view name) const noexcept {
    for (const field& candidate : fields)
        if (candidate.name == name)
            return candidate.value;
    return {};
}

bool item::has(std::string_view name) const noexcept {
    for (const field& candidate : fields)
        if (candidate.name == name)
            return true;
    return false;
}

sdk::outcome read_items(std::string_view body, std::vector<item>& into) {
    into.clear();
    std::size_t item_start = 0;
    std::size_t at = 0;
    item current;
    const auto close_item = [&](std::size_t end) {
        current.text = body.substr(item_start, end - item_start);
        into.push_back(std::move(current));
        current = {};
    };
    while (at < body.size()) {
        const std::size_t newline = std::min(body.find('\n', at), body.size());
        const std::string_view line = body.substr(at, newline - at);
        const std::size_t next = std::min(newline + 1, body.size());
        const std::size_t equals = line.find('=');
        if (line == "--") {
            close_item(at);
            item_start = next;
        } else if (equals != std::string_view::npos) {
            current.fields.push_back({line.substr(0, equals), line.substr(equals + 1)});
        } else if (!line.empty()) {
            return sdk::invalid("malformed_line", "a line is neither name=value nor --");
        }
        if (into.size() > items_max)
            return sdk::invalid("too_many_items", "more than 1000 items");
        at = next;
    }
    if (!body.empty())
        close_item(body.size());
    return {};
}

std::optional<trb_str> field_reader::text(std::string_view name) {
    for (std::size_t index = 0; index < fields_.size(); ++index)
        if (fields_[index].name == name) {
            taken_[index] = true;
            return sdk::view(fields_[index].value);
        }
    return std::nullopt;
}

std::vector<std::string_view> field_reader::all(std::string_view name) {
    std::vector<std::string_view> values;
    for (std::size_t index = 0; index < fields_.size(); ++index)
        if (fields_[index].name == name) {
            taken_[index] = true;
            values.push_back(fields_[index].value);
        }
    return values;
}

std::vector<trb_str> field_reader::list(std::string_view name) {
    std::vector<trb_str> values;
    if (const auto joined = text(name); joined && joined->size != 0)
        for (const std::string_view value : split(sdk::view(*joined), ','))
            values.push_back(sdk::view(value));
    return values;
}

std::vector<trb_pair> field_reader::pairs(std::string_view prefix) {
    std::vector<trb_pair> found;
    for (std::size_t index = 0; index < fields_.size(); ++index)
        if (fields_[index].name.starts_with(prefix)) {
            taken_[index] = true;
            found.push_back(
                {sdk::view(fields_[index].name.substr(prefix.size())), sdk::view(fields_[index].value)});
        }
    return found;
}

std::optional<std::int64_t> field_reader::integer(std::string_view name) {
    const auto raw = text(name);
    if (!raw)
        return std::nullopt;
    const auto value = parse_integer(sdk::view(*raw));
    if (!value)
        fail(name, "is not an integer");
    return value;
}

std::optional<trb_money> field_reader::money(std::string_view name) {
    const auto raw = text(name);
    if (!raw)
        return std::nullopt;
    const auto parts = split(sdk::view(*raw), ' ');
    const std::int64_t minor = parse_integer(parts.front()).value_or(INT64_MIN);
    const std::int64_t exponent = parts.size() == 3 ? parse_integer(parts.back()).value_or(-1) : -1;
    // The range of the exponent is not checked here: the host must do that, and tests must be able to see it.
    if (minor == INT64_MIN || exponent < 0 || exponent > UINT32_MAX) {
        fail(name, "is not of the form '1234 USD 2'");
        return std::nullopt;
    }
    return sdk::make_money(minor, parts[1], static_cast<std::uint32_t>(exponent));
}

std::optional<std::int64_t> field_reader::choice(std::string_view name, std::span<const word> words) {
    const auto raw = text(name);
    if (!raw)
        return std::nullopt;
    for (const word& known : words)
        if (known.text == sdk::view(*raw))
            return known.value;
    const auto number = parse_integer(sdk::view(*raw));
    if (!number)
        fail(name, "is not a word of this kind");
    return number;
}

void field_reader::fail(std::string_view name, std::string_view why) {
    if (error_.empty())
        error_.append(name).append(" ").append(why);
}

sdk::outcome field_reader::finish() const {
    if (!error_.empty())
        return sdk::invalid("malformed_value", error_);
    for (std::size_t index = 0; index < fields_.size(); ++index)
        if (!taken_[index])
            return sdk::invalid("unknown_field", "nobody reads " + std::string(fields_[index].name));
    return {};
}

} // namespace toy

#include <tributary/cel/type.hpp>

#include <algorithm>
#include <array>

namespace tributary::cel {
namespace {

struct named_type {
    std::string_view name;
    type_kind kind;
};
// The first name of a kind is the one that is written.
constexpr std::array<named_type, 14> simple_types = {{{"dyn", type_kind::dyn},
                                                      {"null", type_kind::null},
                                                      {"null_type", type_kind::null},
                                                      {"bool", type_kind::boolean},
                                                      {"int", type_kind::int64},
                                                      {"uint", type_kind::uint64},
                                                      {"double", type_kind::float64},
                                                      {"string", type_kind::string},
                                                      {"bytes", type_kind::bytes},
                                                      {"timestamp", type_kind::timestamp},
                                                      {"duration", type_kind::duration},
                                                      {"rate", type_kind::rate},
                                                      {"google.protobuf.Timestamp", type_kind::timestamp},
                                                      {"google.protobuf.Duration", type_kind::duration}}};

type simple(type_kind kind) {
    switch (kind) {
    case type_kind::null: return type::null();
    case type_kind::boolean: return type::boolean();
    case type_kind::int64: return type::int64();
    case type_kind::uint64: return type::uint64();
    case type_kind::float64: return type::float64();
    case type_kind::string: return type::string();
    case type_kind::bytes: return type::bytes();
    case type_kind::timestamp: return type::timestamp();
    case type_kind::duration: return type::duration();
    case type_kind::rate: return type::rate();
    default: return type::dyn();
    }
}

constexpr int nested_types_max = 8;

/// Reads types off the front of a text.
class type_reader {
  public:
    explicit type_reader(std::string_view text) : rest_(text) {}

    std::optional<type> read(int depth) {
        const std::string_view name = take_name();
        if (depth > nested_types_max || name.empty())
            return {};
        if (name == "list")
            return composed(depth, 1, [](auto& of) { return type::list(of[0]); });
        if (name == "map")
            return composed(depth, 2, [](auto& of) { return type::map(of[0], of[1]); });
        if (name == "optional_type" || name == "optional")
            return composed(depth, 1, [](auto& of) { return type::optional(of[0]); });
        if (name == "type")
            return take('(') ? closed(read(depth + 1), [](type of) { return type::type_of(of); })
                             : std::optional(type::any_type());
        for (const named_type& each : simple_types)
            if (each.name == name)
                return simple(each.kind);
        return {};
    }
    bool at_end() {
        skip_blanks();
        return rest_.empty();
    }

  private:
    void skip_blanks() {
        while (!rest_.empty() && rest_.front() == ' ')
            rest_.remove_prefix(1);
    }
    std::string_view take_name() {
        skip_blanks();
        const std::size_t end = std::min(rest_.find_first_of("(), "), rest_.size());
        const std::string_view name = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return name;
    }
    bool take(char symbol) {
        skip_blanks();
        if (rest_.empty() || rest_.front() != symbol)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    template <class Make> std::optional<type> closed(std::optional<type> inner, Make make) {
        if (!inner || !take(')'))
            return {};
        return make(std::move(*inner));
    }
    template <class Make> std::optional<type> composed(int depth, int count, Make make) {
        std::vector<type> of;
        for (int i = 0; i < count; ++i) {
            if (!take(i == 0 ? '(' : ','))
                return {};
            std::optional<type> inner = read(depth + 1);
            if (!inner)
                return {};
            of.push_back(std::move(*inner));
        }
        if (!take(')'))
            return {};
        return make(of);
    }

    std::string_view rest_;
};

std::string parameters_text(const type& of) {
    std::string text = "(";
    for (const type& each : of.parameters())
        text += (text.size() > 1 ? ", " : "") + each.text();
    return text + ")";
}

} // namespace

type type::composed(type_kind kind, std::string name, std::vector<type> parameters) {
    type made(kind);
    made.of_ = std::make_shared<const composition>(composition{std::move(name), std::move(parameters)});
    return made;
}

bool operator==(const type& left, const type& right) noexcept {
    if (left.kind_ != right.kind_ || left.number_ != right.number_)
        return false;
    return left.of_ == right.of_ ||
           (left.name() == right.name() && std::ranges::equal(left.parameters(), right.parameters()));
}

std::string type::text() const {
    switch (kind_) {
    case type_kind::list: return "list" + parameters_text(*this);
    case type_kind::map: return "map" + parameters_text(*this);
    case type_kind::optional: return "optional_type" + parameters_text(*this);
    case type_kind::type: return parameters().empty() ? "type" : "type" + parameters_text(*this);
    case type_kind::opaque:
        return std::string(name()) + (parameters().empty() ? std::string() : parameters_text(*this));
    case type_kind::parameter: return std::string(name());
    case type_kind::variable: return "?";
    default: break;
    }
    for (const named_type& each : simple_types)
        if (each.kind == kind_)
            return std::string(each.name);
    return "dyn";
}

std::optional<type> parse_type(std::string_view text) {
    type_reader reader(text);
    std::optional<type> read = reader.read(0);
    if (!reader.at_end())
        return {};
    return read;
}

} // namespace tributary::cel

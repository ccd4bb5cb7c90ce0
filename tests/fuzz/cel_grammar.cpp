#include "cel_grammar.hpp"

#include "cel_forms.hpp"

namespace tributary::fuzz {
namespace {

struct type_row {
    std::string_view text;
    cel_kind kind;
};
constexpr type_row types[] = {
    {"bool", cel_kind::boolean},
    {"int", cel_kind::int64},
    {"uint", cel_kind::uint64},
    {"double", cel_kind::float64},
    {"string", cel_kind::string},
    {"bytes", cel_kind::bytes},
    {"timestamp", cel_kind::timestamp},
    {"duration", cel_kind::duration},
    {"rate", cel_kind::rate},
    {"list(int)", cel_kind::ints},
    {"list(string)", cel_kind::strings},
    {"map(string, int)", cel_kind::totals},
    {"optional_type(int)", cel_kind::optional},
    {"dyn", cel_kind::any},
};

template <std::size_t Count>
std::vector<std::string_view> forms_of(const cel_form (&all)[Count], cel_kind kind) {
    std::vector<std::string_view> found;
    for (const cel_form& each : all)
        if (each.gives == static_cast<char>(kind))
            found.push_back(each.text);
    return found;
}

} // namespace

std::optional<cel_kind> cel_kind_of(std::string_view type_text) {
    for (const type_row& each : types)
        if (each.text == type_text)
            return each.kind;
    return {};
}

std::size_t cel_generator::choose(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(chance_);
}

cel_kind cel_generator::any_kind() {
    return types[choose(std::size(types))].kind;
}

std::string cel_generator::leaf(cel_kind kind) {
    std::vector<std::string_view> fitting = forms_of(cel_leaves, kind);
    for (const local& each : locals_)
        if (each.kind == kind)
            fitting.insert(fitting.end(), 4, each.name); // What a loop goes through is to be used in it.
    return std::string(fitting[choose(fitting.size())]);
}

std::string cel_generator::expression(cel_kind kind, int depth) {
    if (depth <= 0 || choose(5) == 0)
        return leaf(kind);
    const std::vector<std::string_view> fitting = forms_of(cel_forms, kind);
    const std::size_t before = locals_.size();
    std::string made = fill(fitting[choose(fitting.size())], depth - 1);
    locals_.resize(before);
    return made;
}

std::string cel_generator::fill(std::string_view form, int depth) {
    std::string made;
    // What cel.bind names is not there yet where it is computed.
    const bool binds = form.starts_with("cel.bind");
    std::optional<local> bound;
    bool quoted = false; // In a text of the form, where % belongs to format().
    for (std::size_t at = 0; at < form.size(); ++at) {
        const char c = form[at];
        const auto kind = static_cast<cel_kind>(at + 1 < form.size() ? form[at + 1] : ' ');
        quoted = quoted != (c == '"');
        if (c == '@') {
            const local named{"v" + std::to_string(locals_.size()), kind};
            made += named.name;
            if (binds)
                bound = named;
            else
                locals_.push_back(named);
            ++at;
        } else if (c == '%' && !quoted && kind != cel_kind(' ')) {
            made += expression(kind, depth);
            if (bound)
                locals_.push_back(*bound);
            bound.reset();
            ++at;
        } else {
            made += c;
        }
    }
    return made;
}

} // namespace tributary::fuzz

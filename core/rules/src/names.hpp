#pragma once

#include <tributary/cel/environment.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tributary::cel {

struct name_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
        return std::hash<std::string_view>()(name);
    }
};
using name_index = std::unordered_map<std::string, std::uint32_t, name_hash, std::equal_to<>>;

/// What an environment declares, and by which name it is found. Numbers are places in the vectors.
struct declarations {
    environment_options options;
    std::vector<variable> variables;
    std::vector<function_declaration> functions;
    name_index variable_numbers;
    name_index function_numbers;

    /// By name as the source has it, with the container's prefixes from the longest to none. @return nullptr
    /// for none.
    const std::uint32_t* find(const name_index& in, std::string_view name, bool rooted) const;
    /// Is what stands before one of the name's dots a variable?
    bool has_prefix(std::string_view name, bool rooted) const;
};

/// The name among `known` that `name` most probably was meant to be: a quarter of its characters may differ.
/// Empty when none is near.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known);

/// Names that the parser takes for macros when their arguments fit.
inline constexpr std::string_view macro_names[] = {"has",        "all",           "exists",      "exists_one",
                                                   "existsOne",  "map",           "filter",      "optMap",
                                                   "optFlatMap", "transformList", "transformMap"};
bool is_macro(std::string_view name) noexcept;

bool is_keyword(std::string_view word) noexcept;       ///< true, false, null, in
bool is_reserved_word(std::string_view word) noexcept; ///< Words that name nothing: if, for, return, ...
/// Of a qualified name: could a source name it?
bool is_readable_name(std::string_view name) noexcept;

/// Letters, digits and underscores, not beginning with a digit; with dots between several of them.
bool is_qualified_name(std::string_view name) noexcept;

} // namespace tributary::cel

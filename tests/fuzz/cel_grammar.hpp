#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// Expressions of the language that mostly type-check over the variables of cel_world.
namespace tributary::fuzz {

/// What an expression is to give, by the letter that stands for it in the table of forms.
enum class cel_kind : char {
    boolean = 'b',
    int64 = 'i',
    uint64 = 'u',
    float64 = 'd',
    string = 's',
    bytes = 'y',
    timestamp = 't',
    duration = 'p',
    rate = 'r',
    ints = 'L',
    strings = 'S',
    totals = 'M',   ///< map(string, int)
    optional = 'o', ///< optional_type(int)
    any = 'x',
};

/// The kind of a type as type::text() writes it; nothing for a type that no form gives.
std::optional<cel_kind> cel_kind_of(std::string_view type_text);

/// Makes expressions from one seed. Not thread-safe.
class cel_generator {
  public:
    explicit cel_generator(std::minstd_rand& chance) : chance_(chance) {}

    /// An expression of this kind, with at most so many forms within each other.
    std::string expression(cel_kind kind, int depth);
    cel_kind any_kind();
    std::size_t choose(std::size_t count);

  private:
    struct local {
        std::string name;
        cel_kind kind;
    };
    std::string leaf(cel_kind kind);
    std::string fill(std::string_view form, int depth);

    std::minstd_rand& chance_;
    std::vector<local> locals_;
};

} // namespace tributary::fuzz

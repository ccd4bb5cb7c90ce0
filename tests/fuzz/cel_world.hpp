#pragma once

#include <tributary/cel/environment.hpp>
#include <tributary/cel/zone.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What the targets of the language share: variables of every type, and values for them made of bytes.
namespace tributary::fuzz {

/// An input: settings, a separator, an expression. Without a separator it is an expression, and all settings
/// are zero bytes.
struct cel_input {
    std::string_view settings;
    std::string_view expression;

    /// The first byte of the settings says how to compile, the others make values.
    bool check() const noexcept { return (options() & 1) == 0; }
    bool amount() const noexcept { return (options() & 2) != 0; }
    bool condition() const noexcept { return (options() & 4) != 0; }
    bool tight() const noexcept { return (options() & 8) != 0; }
    bool lazy() const noexcept { return (options() & 128) != 0; }
    cel::compile_options compile_options() const;

  private:
    unsigned options() const noexcept {
        return settings.empty() ? 0 : static_cast<unsigned char>(settings[0]);
    }
};
cel_input read_cel_input(std::string_view bytes);

/// Environments with a variable of each type, once with the limits that are the default, once with so narrow
/// ones that most programs run into them. Thread-safe.
class cel_world {
  public:
    cel_world();

    const cel::environment& environment(bool tight) const { return tight ? tight_ : ample_; }
    cel::evaluation_limits limits(bool tight) const {
        return tight ? tight_limits : cel::evaluation_limits();
    }
    const cel::exchange_rates& rates() const;

    static constexpr cel::evaluation_limits tight_limits{.cost = 200, .memory_bytes = 2048, .elements = 12};

  private:
    cel::environment made(bool tight) const;

    cel::zone_database zones_;
    cel::environment ample_;
    cel::environment tight_;
};

/// Values for the variables, one each, read from the settings: mostly of the declared type, at times of
/// another kind, an error, or nothing. Owns what they point to.
class cel_values {
  public:
    cel_values(const cel::environment& of, std::string_view settings);

    const std::vector<cel::value>& all() const noexcept { return values_; }

  private:
    cel::value value_for(const cel::type& declared);
    cel::value of_type(const cel::type& declared, int depth);
    cel::value of_any_kind(int depth);
    cel::value list_of(const cel::type& element, int depth);
    cel::value map_of(const cel::type& key, const cel::type& held, int depth);
    cel::value inside(const cel::type& declared, int depth);
    std::string_view text();
    std::size_t next(std::size_t count);

    std::string_view left_;
    cel::arena memory_{1 << 20};
    std::vector<cel::value> values_;
};

} // namespace tributary::fuzz

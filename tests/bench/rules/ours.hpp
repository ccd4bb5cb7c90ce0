#pragma once

#include <tributary/cel/environment.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "events.hpp"

namespace tributary::bench::rules {

using compiled_rule = std::shared_ptr<const cel::program>;

/// An environment with the variables of a sale, and how they are filled. Compiling throws std::runtime_error.
class sale_rules {
  public:
    sale_rules();

    compiled_rule compile(std::string_view source, const cel::compile_options& asked) const;
    compiled_rule condition() const;
    std::vector<compiled_rule> rule_set() const;
    compiled_rule amount() const;

    std::size_t slots() const { return environment_.variables().size(); }
    /// All variables.
    static void fill(cel::activation& into, const sale& from) noexcept;
    /// Those that the condition reads.
    static void fill_for_condition(cel::activation& into, const sale& from) noexcept;

  private:
    cel::environment environment_;
};

class request_rules {
  public:
    request_rules();
    compiled_rule policy() const;
    std::size_t slots() const { return environment_.variables().size(); }
    static void fill(cel::activation& into, const request& from) noexcept;

  private:
    cel::environment environment_;
};

/// An activation for each event, filled. They point into the events.
template <class Rules, class Event>
std::vector<cel::activation> filled(const Rules& with, std::span<const Event> events) {
    std::vector<cel::activation> made(events.size(), cel::activation(with.slots()));
    for (std::size_t i = 0; i < events.size(); ++i)
        Rules::fill(made[i], events[i]);
    return made;
}

} // namespace tributary::bench::rules

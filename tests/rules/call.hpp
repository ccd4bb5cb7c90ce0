#pragma once

#include <tributary/cel/arena.hpp>
#include <tributary/cel/function.hpp>
#include <tributary/cel/map.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::cel::test {

/// Functions as one `add_..._functions` declares them, to be called by name: what the machine does with them,
/// without a source. Values that it gives point into its memory, or to what it was given. Not thread-safe.
class caller {
  public:
    explicit caller(void (*add)(std::vector<function_declaration>&), evaluation_limits limits = {})
        : limits_(limits), memory_(limits.memory_bytes), context_(memory_, limits_) {
        add(declarations_);
    }

    /// @throws std::out_of_range for a name that nobody declared.
    const function_declaration& declaration(std::string_view name) const {
        for (const auto& each : declarations_)
            if (each.name == name)
                return each;
        throw std::out_of_range("no such function: " + std::string(name));
    }
    const std::vector<function_declaration>& declarations() const { return declarations_; }

    /// The receiver of x.f(y) is the first argument.
    value call(std::string_view name, const std::vector<value>& arguments) {
        return declaration(name).implementation(context_, arguments);
    }
    /// Reads a parameter's literal string as the checker does.
    value read(std::string_view name, std::size_t parameter, std::string_view text) {
        context_.keeper = &kept_;
        const value made = declaration(name).literals.at(parameter).read(context_, text);
        context_.keeper = nullptr;
        return made;
    }
    call_context& context() { return context_; }
    /// A list in the caller's memory, which nothing takes back.
    value list(const std::vector<value>& elements) {
        lists_.push_back(std::make_unique<std::vector<value>>(elements));
        return value::list(*lists_.back());
    }
    value map(const std::vector<map_entry>& entries) {
        maps_.push_back(std::make_unique<std::vector<map_entry>>(entries));
        return make_map(given_, *maps_.back());
    }

  private:
    evaluation_limits limits_;
    arena memory_;
    call_context context_;
    arena given_{1 << 24};
    std::vector<function_declaration> declarations_;
    std::vector<std::shared_ptr<const void>> kept_;
    std::vector<std::unique_ptr<std::vector<value>>> lists_;
    std::vector<std::unique_ptr<std::vector<map_entry>>> maps_;
};

/// A value as a test writes it: "7", "7u", "7.5", "'text'", "b'text'", "[1, 2]", "{'k': 1}", "optional(1)",
/// "error: divide by zero", ... So that tables hold texts and a failure shows one.
std::string show(const value& given);

} // namespace tributary::cel::test

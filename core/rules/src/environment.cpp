#include <tributary/cel/environment.hpp>

#include <algorithm>

#include "checker.hpp"
#include "compiled.hpp"
#include "functions.hpp"
#include "names.hpp"

namespace tributary::cel {

environment::environment(environment_options options) : content_(std::make_unique<declarations>()) {
    std::vector<function_declaration> all;
    add_standard_functions(all);
    add_time_functions(all);
    if (options.strings)
        add_string_functions(all);
    if (options.math)
        add_math_functions(all);
    if (options.optionals)
        add_optional_functions(all);
    if (options.encoders)
        add_encoder_functions(all);
    if (options.money)
        add_money_functions(all);
    content_->options = std::move(options);
    for (function_declaration& each : all)
        declare(std::move(each));
}

environment::~environment() = default;
environment::environment(environment&&) noexcept = default;
environment& environment::operator=(environment&&) noexcept = default;

std::optional<slot_id> environment::declare(std::string name, type of) {
    const auto slot = static_cast<slot_id>(content_->variables.size());
    if (!is_qualified_name(name) || !is_readable_name(name) ||
        !content_->variable_numbers.emplace(name, slot).second)
        return {};
    content_->variables.push_back({std::move(name), std::move(of)});
    return slot;
}

bool environment::declare(function_declaration given) {
    const auto number = static_cast<std::uint32_t>(content_->functions.size());
    if (!is_qualified_name(given.name) || is_macro(given.name) || given.overloads.empty() ||
        given.implementation == nullptr ||
        std::ranges::any_of(given.overloads,
                            [](const overload& each) { return each.member && each.parameters.empty(); }) ||
        !content_->function_numbers.emplace(given.name, number).second)
        return false;
    content_->functions.push_back(std::move(given));
    return true;
}

std::span<const variable> environment::variables() const noexcept {
    return content_->variables;
}
std::span<const function_declaration> environment::functions() const noexcept {
    return content_->functions;
}

result<std::shared_ptr<const program>> environment::compile(std::string source,
                                                            const compile_options& options) const {
    auto tree = parse(std::move(source), content_->options.compile);
    if (!tree)
        return std::move(tree).error();
    auto made = std::make_unique<compiled>(std::move(*tree), *content_, options);
    auto types = check(*made->tree, *content_, options, made->reading);
    if (!types)
        return std::move(types).error();
    made->types = std::move(*types);
    fold(*made);
    measure(*made);
    link(*made, *content_);
    if (made->text.size() > content_->options.compile.source_bytes)
        return diagnostics{{compile_errc::too_long,
                            0,
                            0,
                            "the canonical form has " + std::to_string(made->text.size()) + " bytes; " +
                                std::to_string(content_->options.compile.source_bytes) + " are the most",
                            {}}};
    if (auto wrong = generate(*made); !wrong.empty())
        return wrong;
    return std::make_shared<const program>(std::move(made));
}

} // namespace tributary::cel

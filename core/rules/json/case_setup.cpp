#include "case_setup.hpp"

#include <algorithm>

#include "names.hpp"

namespace tributary::cel::conformance {
namespace {

namespace json = boost::json;

template <class T> using part_of_case = boost::system::result<T, ended>;

ended cannot_run(const unreadable& why) {
    return {why.is_unsupported ? outcome::unsupported : outcome::failed,
            why.is_unsupported ? why.why : "not readable: " + why.why};
}
ended malformed(std::string why) {
    return {outcome::failed, "not readable: " + std::move(why)};
}

std::string_view text_member(const json::object& in, std::string_view name) {
    const json::value* found = in.if_contains(name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string())
                                                  : std::string_view();
}

bool flag_member(const json::object& in, std::string_view name) {
    const json::value* found = in.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

/// Parts of the suite that this language leaves out, by the file that they are in.
std::string_view left_out(const json::object& one) {
    const std::string_view file = text_member(one, "file");
    if (file == "network_ext")
        return "IP addresses are no part of this language";
    if (file == "block_ext")
        return "cel.block is for machine-made sources and no part of this language";
    if (flag_member(one, "needs_protobuf"))
        return "protobuf messages are no part of this language";
    return {};
}

/// What functions do that a case only declares.
value call_of_declared(call_context&, std::span<const value>) {
    return value::error(evaluation_errc::unsupported);
}

/// The suite goes further than rules may: how far they may is tested elsewhere.
constexpr evaluation_limits generous_limits = {
    .cost = 50'000'000, .memory_bytes = 64 << 20, .elements = 1'000'000};

environment_options options_for(const json::object& one, const surroundings& with) {
    environment_options made;
    made.container = std::string(text_member(one, "container"));
    made.zones = with.zones;
    made.currency_exponent = with.currency_exponent;
    made.evaluation = generous_limits;
    made.compile = {.source_bytes = 1 << 20,
                    .nodes = 100'000,
                    .nesting = 250,
                    .depth = 1000,
                    .loops = 16,
                    .literal_elements = 100'000};
    return made;
}

part_of_case<function_declaration> read_function(const json::object& declared) {
    function_declaration made;
    made.name = std::string(text_member(declared, "name"));
    made.implementation = &call_of_declared;
    made.pure = false;
    const json::value* overloads = declared.if_contains("overloads");
    if (overloads == nullptr || !overloads->is_array())
        return malformed("a function without overloads");
    for (const json::value& each : overloads->get_array()) {
        const json::object* given = each.if_object();
        if (given == nullptr || !given->contains("result"))
            return malformed("an overload without a result");
        const auto result_type = read_type(given->at("result"));
        if (!result_type)
            return cannot_run(result_type.error());
        overload signature{{}, *result_type, flag_member(*given, "member")};
        if (const json::value* parameters = given->if_contains("params");
            parameters != nullptr && parameters->is_array())
            for (const json::value& parameter : parameters->get_array()) {
                const auto read = read_type(parameter);
                if (!read)
                    return cannot_run(read.error());
                signature.parameters.push_back(*read);
            }
        made.overloads.push_back(std::move(signature));
    }
    return made;
}

} // namespace

case_setup::case_setup(const json::object& one, const surroundings& with)
    : in(options_for(one, with)), limits(generous_limits), one_(one), memory_(generous_limits.memory_bytes) {}

bool case_setup::flag(std::string_view name) const {
    return flag_member(one_, name);
}

std::string_view case_setup::text(std::string_view name) const {
    return text_member(one_, name);
}

std::optional<ended> case_setup::read() {
    if (const std::string_view why = left_out(one_); !why.empty())
        return ended{outcome::unsupported, std::string(why)};
    for (const auto step : {&case_setup::read_expectation, &case_setup::declare_all, &case_setup::bind_all,
                            &case_setup::read_rates, &case_setup::read_options})
        if (std::optional<ended> stopped = (this->*step)())
            return stopped;
    return {};
}

std::optional<ended> case_setup::read_expectation() {
    const json::value* expect = one_.if_contains("expect");
    if (expect == nullptr || !expect->is_object() || !one_.contains("expr"))
        return malformed("a case needs \"expr\" and an object \"expect\"");
    const json::object& wanted = expect->get_object();
    expects_error = wanted.contains("error");
    if (expects_error)
        expected_text = "an error";
    if (const json::value* given = wanted.if_contains("deduced_type")) {
        const auto read = read_type(*given);
        if (!read)
            return cannot_run(read.error());
        expected_type = *read;
        expected_text = "an expression of type " + read->text();
    }
    if (const json::value* given = wanted.if_contains("value")) {
        const auto read = read_value(*given, memory_);
        if (!read)
            return cannot_run(read.error());
        expected_value = *read;
        expected_text = text_of(*read);
    }
    if (!expects_error && !expected_type && !expected_value)
        return malformed("\"expect\" has neither value, deduced_type nor error");
    return {};
}

std::optional<ended> case_setup::declare_all() {
    const json::value* given = one_.if_contains("type_env");
    if (given == nullptr)
        return {};
    if (!given->is_array())
        return malformed("\"type_env\" is no list");
    for (const json::value& each : given->get_array()) {
        const json::object* declared = each.if_object();
        if (declared == nullptr)
            return malformed("a declaration that is no object");
        if (std::optional<ended> stopped = text_member(*declared, "kind") == "function"
                                               ? declare_function(*declared)
                                               : declare_variable(*declared))
            return stopped;
    }
    return {};
}

std::optional<ended> case_setup::declare_function(const json::object& declared) {
    auto read = read_function(declared);
    if (!read)
        return read.error();
    const std::string name = read->name;
    if (!in.declare(std::move(*read)))
        return ended{outcome::failed, "the function '" + name + "' cannot be declared"};
    return {};
}

std::optional<ended> case_setup::declare_variable(const json::object& declared) {
    if (!declared.contains("type"))
        return malformed("a variable without a type");
    const auto read = read_type(declared.at("type"));
    if (!read)
        return cannot_run(read.error());
    return declare_variable(std::string(text_member(declared, "name")), *read);
}

std::optional<ended> case_setup::declare_variable(const std::string& name, const type& of) {
    // Cases declare names such as "true", to see that they are not asked.
    if (!in.declare(name, of) && is_readable_name(name))
        return ended{outcome::failed, "the variable '" + name + "' cannot be declared"};
    return {};
}

std::optional<ended> case_setup::bind_all() {
    const json::value* given = one_.if_contains("bindings");
    if (given == nullptr)
        return {};
    if (!given->is_object())
        return malformed("\"bindings\" is no object");
    for (const auto& [name, bound_to] : given->get_object())
        if (std::optional<ended> stopped = bind(std::string(name), bound_to))
            return stopped;
    return {};
}

std::optional<ended> case_setup::bind(const std::string& name, const json::value& bound_to) {
    const json::object* object = bound_to.if_object();
    if (object == nullptr)
        return malformed("a binding that is no object");
    if (object->contains("unknown"))
        return ended{outcome::unsupported, "unknown values"};
    value held = value::error(evaluation_errc::invalid_argument);
    if (const json::value* given = object->if_contains("value")) {
        const auto read = read_value(*given, memory_);
        if (!read)
            return cannot_run(read.error());
        held = *read;
    } else if (!object->contains("error")) {
        return malformed("a binding that is neither value, error nor unknown");
    }
    const auto all = in.variables();
    if (std::ranges::find(all, name, &variable::name) == all.end())
        if (std::optional<ended> stopped = declare_variable(name, type::dyn()))
            return stopped;
    bound.emplace_back(name, held);
    return {};
}

std::optional<ended> case_setup::read_rates() {
    const json::value* given = one_.if_contains("rates");
    if (given == nullptr)
        return {};
    if (!given->is_object())
        return malformed("\"rates\" is no object");
    for (const auto& [pair, rate] : given->get_object())
        if (!rate.is_string() || !rates.add(std::string(pair), rate.get_string()))
            return malformed("a rate that is none");
    return {};
}

std::optional<ended> case_setup::read_options() {
    options.check = !flag("disable_check");
    options.amount = flag("amount");
    if (one_.contains("rounding")) {
        const auto mode = parse_rounding(text("rounding"));
        if (!mode)
            return malformed("a rounding that is none");
        options.mode = *mode;
    }
    if (const json::value* given = one_.if_contains("result")) {
        const auto read = read_type(*given);
        if (!read)
            return cannot_run(read.error());
        options.result = *read;
    }
    return {};
}

} // namespace tributary::cel::conformance

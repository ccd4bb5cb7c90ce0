#include <tributary/cel/conformance.hpp>
#include <tributary/cel/json.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <map>

#include "case_values.hpp"

namespace tributary::cel::conformance {
namespace {

namespace json = boost::json;

constexpr std::size_t input_bytes_max = 16 << 20;
/// Deeper than any file of the suite; the reader of JSON recurses.
constexpr std::size_t file_depth_max = 256;

/// Why a case ended before it could be compared.
struct ended {
    outcome came_to = outcome::failed;
    std::string got;
};
template <class T> using step = boost::system::result<T, ended>;

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

/// The exchange rates that a case lists.
class listed_rates final : public exchange_rates {
  public:
    bool add(std::string pair, std::string_view rate) {
        const std::optional<decimal_rate> read = parse_rate(rate);
        if (!read || read->digits <= 0 || pair.find('/') == std::string::npos)
            return false;
        return quotes_.emplace(std::move(pair), quote{read->digits, read->scale}).second;
    }
    std::optional<quote> find(std::string_view from, std::string_view to) const override {
        const auto found = quotes_.find(std::string(from) + "/" + std::string(to));
        return found == quotes_.end() ? std::nullopt : std::optional<quote>(found->second);
    }

  private:
    std::map<std::string, quote> quotes_;
};

/// What functions do that a case only declares.
value call_of_declared(call_context&, std::span<const value>) {
    return value::error(evaluation_errc::unsupported);
}

environment_options options_for(const json::object& one, const surroundings& with) {
    environment_options made;
    made.container = std::string(text_member(one, "container"));
    made.zones = with.zones;
    made.currency_exponent = with.currency_exponent;
    // The suite goes further than rules may: how far they may is tested elsewhere.
    made.compile = {.source_bytes = 1 << 20,
                    .nodes = 100'000,
                    .nesting = 250,
                    .depth = 1000,
                    .loops = 16,
                    .literal_elements = 100'000};
    made.evaluation = {.cost = 50'000'000, .memory_bytes = 64 << 20, .elements = 1'000'000};
    return made;
}

step<function_declaration> read_function(const json::object& declared) {
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

/// One case while it is run.
class case_run {
  public:
    case_run(const json::object& one, const surroundings& with)
        : one_(one), environment_(options_for(one, with)),
          memory_(options_for(one, with).evaluation.memory_bytes), expression_(text_member(one, "expr")) {}

    case_result run() {
        case_result done;
        done.id = std::string(text_member(one_, "id"));
        done.expression = expression_;
        ended end = come_to();
        done.came_to = end.came_to;
        done.got = std::move(end.got);
        done.expected = std::move(expected_text_);
        return done;
    }

  private:
    ended come_to() {
        if (const std::string_view why = left_out(one_); !why.empty())
            return {outcome::unsupported, std::string(why)};
        for (const auto prepare : {&case_run::read_expectation, &case_run::declare_all, &case_run::bind_all,
                                   &case_run::read_rates, &case_run::read_options})
            if (std::optional<ended> stopped = (this->*prepare)())
                return std::move(*stopped);
        const auto compiled = environment_.compile(expression_, options_);
        if (!compiled) {
            const bool passed = expects_error_ && options_.check;
            return {passed ? outcome::passed : outcome::failed,
                    "refused: " + compiled.error().front().message};
        }
        if (std::optional<ended> wrong = compare_canonical(**compiled))
            return std::move(*wrong);
        if (expected_type_ && (*compiled)->result_type() != *expected_type_)
            return {outcome::failed, "an expression of type " + (*compiled)->result_type().text()};
        if (flag_member(one_, "check_only"))
            return {outcome::passed, "an expression of type " + (*compiled)->result_type().text()};
        return evaluate(**compiled);
    }

    std::optional<ended> read_expectation() {
        const json::value* expect = one_.if_contains("expect");
        if (expect == nullptr || !expect->is_object() || !one_.contains("expr"))
            return malformed("a case needs \"expr\" and an object \"expect\"");
        const json::object& wanted = expect->get_object();
        expects_error_ = wanted.contains("error");
        if (expects_error_)
            expected_text_ = "an error";
        if (const json::value* given = wanted.if_contains("deduced_type")) {
            const auto read = read_type(*given);
            if (!read)
                return cannot_run(read.error());
            expected_type_ = *read;
            expected_text_ = "an expression of type " + read->text();
        }
        if (const json::value* given = wanted.if_contains("value")) {
            const auto read = read_value(*given, memory_);
            if (!read)
                return cannot_run(read.error());
            expected_value_ = *read;
            expected_text_ = text_of(*read);
        }
        if (!expects_error_ && !expected_type_ && !expected_value_)
            return malformed("\"expect\" has neither value, deduced_type nor error");
        return {};
    }

    std::optional<ended> declare_all() {
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

    std::optional<ended> declare_function(const json::object& declared) {
        auto read = read_function(declared);
        if (!read)
            return read.error();
        const std::string name = read->name;
        if (!environment_.declare(std::move(*read)))
            return ended{outcome::failed, "the function '" + name + "' cannot be declared"};
        return {};
    }

    std::optional<ended> declare_variable(const json::object& declared) {
        if (!declared.contains("type"))
            return malformed("a variable without a type");
        const auto read = read_type(declared.at("type"));
        if (!read)
            return cannot_run(read.error());
        return declare_variable(std::string(text_member(declared, "name")), *read);
    }

    std::optional<ended> declare_variable(const std::string& name, const type& of) {
        if (!environment_.declare(name, of))
            return ended{outcome::failed, "the variable '" + name + "' cannot be declared"};
        return {};
    }

    std::optional<ended> bind_all() {
        const json::value* given = one_.if_contains("bindings");
        if (given == nullptr)
            return {};
        if (!given->is_object())
            return malformed("\"bindings\" is no object");
        for (const auto& [name, bound] : given->get_object())
            if (std::optional<ended> stopped = bind(std::string(name), bound))
                return stopped;
        return {};
    }

    std::optional<ended> bind(const std::string& name, const json::value& bound) {
        const json::object* object = bound.if_object();
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
        const auto all = environment_.variables();
        if (std::ranges::find(all, name, &variable::name) == all.end())
            if (std::optional<ended> stopped = declare_variable(name, type::dyn()))
                return stopped;
        bound_.emplace_back(name, held);
        return {};
    }

    std::optional<ended> read_rates() {
        const json::value* given = one_.if_contains("rates");
        if (given == nullptr)
            return {};
        if (!given->is_object())
            return malformed("\"rates\" is no object");
        for (const auto& [pair, rate] : given->get_object())
            if (!rate.is_string() || !rates_.add(std::string(pair), rate.get_string()))
                return malformed("a rate that is none");
        return {};
    }

    std::optional<ended> read_options() {
        options_.check = !flag_member(one_, "disable_check");
        options_.amount = flag_member(one_, "amount");
        if (one_.contains("rounding")) {
            const auto mode = parse_rounding(text_member(one_, "rounding"));
            if (!mode)
                return malformed("a rounding that is none");
            options_.mode = *mode;
        }
        if (const json::value* given = one_.if_contains("result")) {
            const auto read = read_type(*given);
            if (!read)
                return cannot_run(read.error());
            options_.result = *read;
        }
        return {};
    }

    /// Compiling the canonical form has to give the same program.
    std::optional<ended> compare_canonical(const program& compiled) const {
        const std::string text(compiled.text());
        const auto again = environment_.compile(text, options_);
        if (!again)
            return ended{outcome::failed,
                         "the canonical form " + text + " is refused: " + again.error().front().message};
        if ((*again)->hash() != compiled.hash())
            return ended{outcome::failed, "the canonical form " + text + " has another hash"};
        return {};
    }

    ended evaluate(const program& compiled) {
        activation slots(environment_.variables().size());
        slots.set_rates(&rates_);
        const auto all = environment_.variables();
        for (const auto& [name, held] : bound_) {
            const auto found = std::ranges::find(all, name, &variable::name);
            slots.set(static_cast<slot_id>(found - all.begin()), held);
        }
        const evaluation_limits limits = options_for(one_, {}).evaluation;
        evaluator direct(limits);
        evaluator tracing(limits);
        std::vector<trace_step> steps;
        const value given = direct.evaluate(compiled, slots);
        const value traced = tracing.trace(compiled, slots, steps);
        if (!same(given, traced))
            return {outcome::failed, "evaluating gives " + text_of(given) + ", tracing " + text_of(traced)};
        const bool passed =
            expects_error_ ? given.is_error() : !expected_value_ || same(given, *expected_value_);
        return {passed ? outcome::passed : outcome::failed, text_of(given)};
    }

    const json::object& one_;
    environment environment_;
    arena memory_;
    std::string expression_;
    compile_options options_;
    listed_rates rates_;
    std::vector<std::pair<std::string, value>> bound_;
    bool expects_error_ = false;
    std::optional<type> expected_type_;
    std::optional<value> expected_value_;
    std::string expected_text_;
};

} // namespace

case_result run(const json::object& one, const surroundings& with) {
    return case_run(one, with).run();
}

std::size_t file_result::count(outcome of) const {
    return static_cast<std::size_t>(std::ranges::count(cases, of, &case_result::came_to));
}

boost::system::result<file_result, std::string> run_file(std::string_view content, const surroundings& with) {
    if (content.size() > input_bytes_max)
        return std::string("it is larger than 16 MiB");
    json::parse_options how;
    how.max_depth = file_depth_max;
    boost::system::error_code error;
    const json::value all = json::parse(content, error, {}, how);
    if (error)
        return "it is no JSON: " + error.message();
    if (!all.is_array())
        return std::string("it is no list of cases");
    file_result done;
    for (std::size_t i = 0; i < all.get_array().size(); ++i) {
        const json::object* one = all.get_array()[i].if_object();
        if (one == nullptr || text_member(*one, "id").empty() || text_member(*one, "expr").empty())
            return "its element " + std::to_string(i) +
                   " is no case: it needs \"id\", \"expr\" and \"expect\"";
        done.cases.push_back(run(*one, with));
    }
    return done;
}

} // namespace tributary::cel::conformance

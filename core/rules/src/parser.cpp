#include "parser.hpp"

#include <algorithm>
#include <array>

#include "hints.hpp"
#include "text.hpp"

namespace tributary::cel {
namespace {

/// Of a source that is not UTF-8.
std::uint32_t first_wrong_byte(std::string_view source) {
    for (std::string_view rest = source; !rest.empty();) {
        const std::size_t before = rest.size();
        // A replacement character that is in the source has three bytes.
        if (take_code_point(rest) == 0xFFFD && before - rest.size() != 3)
            return static_cast<std::uint32_t>(source.size() - before);
    }
    return 0;
}

} // namespace

result<node_id> parser::run() {
    advance();
    if (!failed() && token_.kind == token_kind::end)
        fail(compile_errc::syntax, 0, 0, "there is no expression");
    const node_id root = failed() ? nothing : expression();
    if (!failed() && token_.kind != token_kind::end) {
        std::string hint(token_.kind == token_kind::identifier ? hint_for_word(token_.text)
                                                               : std::string_view());
        if (hint.empty() && tree_[root].kind == node_kind::identifier && tree_[root].name == "not")
            hint = "'not' is written !";
        fail(compile_errc::syntax, token_.begin, token_.end,
             "expected an operator or the end, found " + found(), std::move(hint));
    }
    if (failed())
        return diagnostics{std::move(*why_)};
    return {boost::system::in_place_value, root};
}

node_id parser::fail(diagnostic why) {
    if (!why_)
        why_ = std::move(why);
    return nothing;
}

void parser::advance() {
    last_end_ = token_.end;
    if (failed())
        return;
    auto next = lexer_.next();
    if (next)
        token_ = *next;
    else
        fail(std::move(next).error());
}

bool parser::take(std::string_view symbol) {
    if (failed() || !token_.is(symbol))
        return false;
    advance();
    return true;
}

bool parser::expect(std::string_view symbol, std::string_view purpose) {
    if (take(symbol))
        return !failed();
    if (!failed())
        fail(compile_errc::syntax, token_.begin, token_.end,
             "expected '" + std::string(symbol) + "' " + std::string(purpose) + ", found " + found());
    return false;
}

std::string parser::found() const {
    if (token_.kind == token_kind::end)
        return "the end";
    constexpr std::size_t shown_max = 40;
    if (token_.text.size() > shown_max)
        return "a long text";
    return "'" + std::string(token_.text) + "'";
}

node_id parser::add(ast_node made, std::span<const node_id> children) {
    if (failed())
        return nothing;
    made.first = static_cast<std::uint32_t>(tree_.children.size());
    made.count = static_cast<std::uint32_t>(children.size());
    for (const node_id child : children) {
        if (child == nothing)
            return nothing;
        made.depth = std::max(made.depth, tree_.nodes[child].depth + 1);
    }
    if (tree_.nodes.size() >= limits_.nodes)
        return fail(compile_errc::too_many_nodes, made.begin, made.end,
                    "the expression has more than " + std::to_string(limits_.nodes) + " parts");
    if (made.depth > limits_.depth)
        return fail(compile_errc::too_deep, made.begin, made.end,
                    "the expression is more than " + std::to_string(limits_.depth) + " operations deep");
    tree_.children.insert(tree_.children.end(), children.begin(), children.end());
    tree_.nodes.push_back(made);
    return static_cast<node_id>(tree_.nodes.size() - 1);
}

node_id parser::expression() {
    const nested deeper(*this);
    const node_id condition = any_of();
    if (failed() || !token_.is("?"))
        return condition;
    const std::uint32_t place = token_.begin;
    advance();
    const node_id when_true = any_of();
    if (!expect(":", "of the conditional"))
        return nothing;
    const node_id when_false = expression();
    if (failed())
        return nothing;
    ast_node made{.kind = node_kind::operation, .operation = operation_kind::conditional};
    made.begin = tree_[condition].begin;
    made.end = last_end();
    made.place = place;
    return add(made, {condition, when_true, when_false});
}

node_id parser::any_of() {
    return logical("||", operation_kind::logical_or, &parser::all_of);
}
node_id parser::all_of() {
    return logical("&&", operation_kind::logical_and, &parser::relation);
}

node_id parser::logical(std::string_view symbol, operation_kind operation, node_id (parser::*operand)()) {
    const node_id first = (this->*operand)();
    if (failed() || !token_.is(symbol))
        return first;
    ast_node made{.kind = node_kind::operation, .operation = operation};
    made.begin = tree_[first].begin;
    made.place = token_.begin;
    std::vector<node_id> operands = {first};
    while (take(symbol))
        operands.push_back((this->*operand)());
    made.end = last_end();
    return add(made, operands);
}

node_id parser::chain(std::span<const infix> operators, node_id (parser::*operand)()) {
    node_id left = (this->*operand)();
    while (!failed()) {
        const auto found = std::ranges::find_if(operators, [&](const infix& each) {
            return each.symbol == "in" ? token_.kind == token_kind::identifier && token_.text == "in"
                                       : token_.is(each.symbol);
        });
        if (found == operators.end())
            return left;
        ast_node made{.kind = node_kind::operation, .operation = found->operation};
        made.place = token_.begin;
        made.begin = tree_[left].begin;
        advance();
        const node_id right = (this->*operand)();
        made.end = last_end();
        left = add(made, {left, right});
    }
    return nothing;
}

node_id parser::relation() {
    static constexpr std::array<infix, 7> operators = {{{"<", operation_kind::less},
                                                        {"<=", operation_kind::less_equal},
                                                        {">", operation_kind::greater},
                                                        {">=", operation_kind::greater_equal},
                                                        {"==", operation_kind::equal},
                                                        {"!=", operation_kind::not_equal},
                                                        {"in", operation_kind::in}}};
    return chain(operators, &parser::sum);
}

node_id parser::sum() {
    static constexpr std::array<infix, 2> operators = {
        {{"+", operation_kind::add}, {"-", operation_kind::subtract}}};
    return chain(operators, &parser::product);
}

node_id parser::product() {
    static constexpr std::array<infix, 3> operators = {
        {{"*", operation_kind::multiply}, {"/", operation_kind::divide}, {"%", operation_kind::modulo}}};
    return chain(operators, &parser::unary);
}

node_id parser::unary() {
    if (token_.is("!"))
        return signs("!", operation_kind::logical_not);
    if (token_.is("-"))
        return signs("-", operation_kind::negate);
    return postfix();
}

node_id parser::signs(std::string_view symbol, operation_kind operation) {
    std::vector<std::uint32_t> places;
    while (!failed() && token_.is(symbol)) {
        places.push_back(token_.begin);
        advance();
    }
    if (failed())
        return nothing;
    if (token_.is("!") || token_.is("-"))
        return fail(compile_errc::syntax, token_.begin, token_.end, "'!' and '-' do not follow each other",
                    "put brackets between them");
    node_id operand = nothing;
    const bool number = token_.kind == token_kind::int64 || token_.kind == token_kind::float64;
    if (symbol == "-" && number) {
        // The last sign belongs to the number, or the least int could not be written; but -1.abs() is
        // -(1.abs()).
        const lexer before = lexer_;
        const token here = token_;
        const std::uint32_t end = last_end_;
        advance();
        const bool followed = !failed() && (token_.is(".") || token_.is("["));
        lexer_ = before;
        token_ = here;
        last_end_ = end;
        if (failed())
            return nothing;
        if (!followed) {
            operand = number_literal(true, places.back());
            places.pop_back();
        }
    }
    if (operand == nothing)
        operand = postfix();
    for (auto place = places.rbegin(); place != places.rend() && !failed(); ++place) {
        ast_node made{.kind = node_kind::operation, .operation = operation};
        made.begin = made.place = *place;
        made.end = last_end();
        operand = add(made, {operand});
    }
    return operand;
}

result<std::unique_ptr<ast>> parse(std::string source, const compile_limits& limits) {
    if (source.size() > limits.source_bytes)
        return diagnostics{{compile_errc::too_long,
                            0,
                            0,
                            "the source has " + std::to_string(source.size()) + " bytes; " +
                                std::to_string(limits.source_bytes) + " are the most",
                            {}}};
    if (!is_utf8(source)) {
        const std::uint32_t wrong = first_wrong_byte(source);
        return diagnostics{
            {compile_errc::invalid_utf8, wrong, wrong + 1, "the source is not valid UTF-8", {}}};
    }
    auto tree = std::make_unique<ast>(std::move(source));
    parser work(*tree, limits);
    auto root = work.run();
    if (!root)
        return std::move(root).error();
    tree->root = *root;
    return tree;
}

} // namespace tributary::cel

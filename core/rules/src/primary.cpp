#include "hints.hpp"
#include "names.hpp"
#include "parser.hpp"

namespace tributary::cel {
node_id parser::postfix() {
    node_id at = primary();
    while (!failed()) {
        if (token_.is("."))
            at = select_or_call(at);
        else if (token_.is("["))
            at = index(at);
        else if (token_.is("{"))
            return fail(compile_errc::unsupported, token_.begin, token_.end,
                        "messages are not part of this language", "a map is written {\"name\": value}");
        else
            return at;
    }
    return nothing;
}

node_id parser::select_or_call(node_id receiver) {
    advance();
    const bool optional = take("?");
    if (failed())
        return nothing;
    ast_node made{.kind = node_kind::select};
    made.begin = tree_[receiver].begin;
    made.place = token_.begin;
    made.optional = optional;
    if (token_.kind == token_kind::quoted)
        made.name = token_.text.substr(1, token_.text.size() - 2);
    else if (token_.kind == token_kind::identifier && !is_keyword(token_.text))
        made.name = token_.text;
    else
        return fail(compile_errc::syntax, token_.begin, token_.end,
                    "expected a name after '.', found " + found(),
                    is_keyword(token_.text) ? "a key with this name is asked for with [\"...\"]" : "");
    const bool callable = token_.kind == token_kind::identifier && !optional;
    advance();
    if (!callable || !token_.is("(")) {
        made.end = last_end();
        return add(made, {receiver});
    }
    made.kind = node_kind::call;
    made.member = true;
    std::vector<node_id> children = {receiver};
    if (!arguments(children))
        return nothing;
    made.end = last_end();
    if (const node_id macro = member_macro(made, children); macro != nothing || failed())
        return macro;
    return add(made, children);
}

node_id parser::index(node_id receiver) {
    ast_node made{.kind = node_kind::operation, .operation = operation_kind::index};
    made.begin = tree_[receiver].begin;
    made.place = token_.begin;
    advance();
    if (take("?"))
        made.operation = operation_kind::optional_index;
    const node_id key = failed() ? nothing : expression();
    if (!expect("]", "after the index"))
        return nothing;
    made.end = last_end();
    return add(made, {receiver, key});
}

bool parser::arguments(std::vector<node_id>& into) {
    advance(); // the bracket
    while (!failed() && !token_.is(")")) {
        into.push_back(expression());
        if (!take(","))
            break;
    }
    return expect(")", "after the arguments");
}

node_id parser::primary() {
    if (failed())
        return nothing;
    const std::uint32_t begin = token_.begin;
    switch (token_.kind) {
    case token_kind::int64:
    case token_kind::uint64:
    case token_kind::float64: return number_literal(false, begin);
    case token_kind::string:
    case token_kind::bytes: return text_literal();
    case token_kind::identifier: return name_or_call();
    case token_kind::quoted:
        return fail(compile_errc::syntax, begin, token_.end,
                    "a name between backticks stands after a dot only");
    case token_kind::end:
        return fail(compile_errc::syntax, begin, begin, "expected an expression, found the end");
    case token_kind::symbol: break;
    }
    if (token_.is("."))
        return name_or_call();
    if (token_.is("["))
        return list_literal();
    if (token_.is("{"))
        return map_literal();
    if (take("(")) {
        const node_id inner = expression();
        if (!expect(")", "to close the bracket"))
            return nothing;
        tree_.nodes[inner].begin = begin; // The brackets belong to it, for who is shown its place.
        tree_.nodes[inner].end = last_end();
        return inner;
    }
    return fail(compile_errc::syntax, begin, token_.end, "expected an expression, found " + found());
}

node_id parser::name_or_call() {
    ast_node made{.kind = node_kind::identifier};
    made.begin = token_.begin;
    made.rooted = take(".");
    if (failed())
        return nothing;
    const token name = token_;
    if (name.kind != token_kind::identifier)
        return fail(compile_errc::syntax, name.begin, name.end,
                    "expected a name after '.', found " + found());
    made.place = name.begin;
    made.name = name.text;
    if (is_keyword(name.text) && (made.rooted || name.text == "in"))
        return fail(compile_errc::syntax, name.begin, name.end,
                    "'" + std::string(name.text) + "' is no name");
    if (is_reserved_word(name.text))
        return fail(compile_errc::syntax, name.begin, name.end,
                    "'" + std::string(name.text) + "' is a reserved word and names nothing",
                    std::string(hint_for_reserved(name.text)));
    advance();
    made.end = last_end();
    if (is_keyword(name.text)) {
        made.kind = node_kind::literal;
        made.literal = name.text == "null" ? value::null() : value::boolean(name.text == "true");
        made.name = {};
        return add(made, {});
    }
    if (failed() || !token_.is("("))
        return add(made, {});
    made.kind = node_kind::call;
    std::vector<node_id> children;
    if (!arguments(children))
        return nothing;
    made.end = last_end();
    if (const node_id macro = global_macro(made, children); macro != nothing || failed())
        return macro;
    return add(made, children);
}

} // namespace tributary::cel

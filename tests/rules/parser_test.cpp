#include <boost/test/unit_test.hpp>

#include "ast.hpp"
#include "call.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

/// The canonical form, or "LINE:COLUMN: MESSAGE" of the refusal.
std::string printed(std::string_view source, const compile_limits& limits = {}) {
    const auto tree = parse(std::string(source), limits);
    if (tree)
        return print(**tree, (*tree)->root);
    const diagnostic why = tree.error().front();
    const position at = position_of(source, why.begin);
    return std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + why.message;
}

/// The value of a source that is one literal.
std::string literal(std::string_view source) {
    const auto tree = parse(std::string(source), {});
    if (!tree)
        return printed(source);
    const ast_node& root = (**tree)[(*tree)->root];
    return root.kind == node_kind::literal ? show(root.literal) : "no literal";
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string made;
    for (; times > 0; --times)
        made += text;
    return made;
}

struct row {
    std::string_view source, expected;
};

} // namespace

BOOST_AUTO_TEST_SUITE(parser)

BOOST_AUTO_TEST_CASE(operators_bind_as_the_language_has_it) {
    // Brackets that change nothing are left out of the canonical form: what is left shows the tree.
    const row table[] = {
        {"1+2*3", "1 + 2 * 3"},
        {"(1+2)*3", "(1 + 2) * 3"},
        {"1+(2*3)", "1 + 2 * 3"},
        {"1-2-3", "1 - 2 - 3"},
        {"(1-2)-3", "1 - 2 - 3"},
        {"1-(2-3)", "1 - (2 - 3)"},
        {"a/b%c*d", "a / b % c * d"},
        {"a/(b%c)", "a / (b % c)"},
        {"a<b==c", "a < b == c"},
        {"a<(b==c)", "a < (b == c)"},
        {"a in b in c", "a in b in c"},
        {"a + b in c", "a + b in c"},
        {"a in (b && c)", "a in (b && c)"},
        {"a||b&&c", "a || b && c"},
        {"(a||b)&&c", "(a || b) && c"},
        {"a||(b&&c)", "a || b && c"},
        {"a&&b&&c", "a && b && c"},
        {"(a&&b)&&c", "(a && b) && c"},
        {"a?b:c?d:e", "a ? b : c ? d : e"},
        {"a?b:(c?d:e)", "a ? b : c ? d : e"},
        {"(a?b:c)?d:e", "(a ? b : c) ? d : e"},
        {"a?(b?c:d):e", "a ? (b ? c : d) : e"},
        {"a||b?c||d:e||f", "a || b ? c || d : e || f"},
        {"!a.b", "!a.b"},
        {"(!a).b", "(!a).b"},
        {"!!a", "!!a"},
        {"!(a&&b)", "!(a && b)"},
        {"-a.b[0]", "-a.b[0]"},
        {"-(a+b)", "-(a + b)"},
        {"- - a", "--a"},
        {"-a*b", "-a * b"},
        {"-(a*b)", "-(a * b)"},
        {"!(-a)", "!(-a)"},
        {"(a+b).c", "(a + b).c"},
        {"(a?b:c)[d?e:f]", "(a ? b : c)[d ? e : f]"},
        {"((((a))))", "a"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(printed(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(a_sign_before_a_number_belongs_to_it_unless_something_follows) {
    const row table[] = {
        {"-1", "-1"},         {"-(1)", "-(1)"},         {"--1", "--1"},
        {"-(-1)", "--1"},     {"-1.abs()", "-1.abs()"}, {"(-1).abs()", "(-1).abs()"},
        {"1--1", "1 - -1"},   {"-1u", "-1u"},           {"-0.0", "-0.0"},
        {"-(1.5)", "-(1.5)"}, {"-1[0]", "-1[0]"},       {"(-1)[0]", "(-1)[0]"},
        {"- 5", "-5"},
    };
    for (const auto& [source, expected] : table) {
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(printed(source) == expected);
        }
        BOOST_TEST(printed(printed(source)) == expected);
    }
    BOOST_TEST(literal("-1") == "-1");
    BOOST_TEST(literal("-(1)") == "no literal");
    BOOST_TEST(literal("-1.abs()") == "no literal");
}

BOOST_AUTO_TEST_CASE(everything_has_one_canonical_form) {
    const row table[] = {
        {" a . b\t.\nc ", "a.b.c"},
        {"a // to the end of the line\n+ b//and here", "a + b"},
        {".a.b", ".a.b"},
        {"a.`b`", "a.b"},
        {"a.`b-c`.`in`.`1 x/y.z`", "a.`b-c`.`in`.`1 x/y.z`"},
        {"a.if.break", "a.if.break"},
        {"a.?b[?c]", "a.?b[?c]"},
        {"f( )", "f()"},
        {"f(a,b,)", "f(a, b)"},
        {".f(a)", ".f(a)"},
        {"a.f(b).g(c,d)", "a.f(b).g(c, d)"},
        {"[ ]", "[]"},
        {"[1,2,]", "[1, 2]"},
        {"[?a,b]", "[?a, b]"},
        {"{ }", "{}"},
        {"{'a':1,\"b\":2,}", "{\"a\": 1, \"b\": 2}"},
        {"{?1:a?b:c}", "{?1: a ? b : c}"},
        {"has(a.b)", "has(a.b)"},
        {"has( (a.b).`c d` )", "has(a.b.`c d`)"},
        {"a.has(b.c)", "a.has(b.c)"},
        {"a.all(x,x>0)", "a.all(x, x > 0)"},
        {"a.all(i,x,x>i)", "a.all(i, x, x > i)"},
        {"a.exists(x,x)", "a.exists(x, x)"},
        {"a.existsOne(x,x)", "a.exists_one(x, x)"},
        {"a.exists_one(i,x,x)", "a.existsOne(i, x, x)"},
        {"a.map(x,x)", "a.map(x, x)"},
        {"a.map(x,x,x)", "a.map(x, x, x)"},
        {"a.filter(x,x)", "a.filter(x, x)"},
        {"a.transformList(i,x,i+x)", "a.transformList(i, x, i + x)"},
        {"a.transformMap(k,v,k,v)", "a.transformMap(k, v, k, v)"},
        {"a.optMap(x,x).optFlatMap(y,y)", "a.optMap(x, x).optFlatMap(y, y)"},
        {"cel.bind(x,1,x+x)", "cel.bind(x, 1, x + x)"},
        {"a.map(x)", "a.map(x)"},
        {"0x1F + 0XaU", "31 + 10u"},
        {"1.0 + 1e2 + 1e300", "1.0 + 100.0 + 1e+300"},
        {"'it\\'s \"x\"' + r\"\\n\" + '''a\nb'''", "\"it's \\\"x\\\"\" + \"\\\\n\" + \"a\\nb\""},
        {"b'\\xff\\001a' + \"\\u00e9\\x07\"", "b\"\\xff\\x01a\" + \"\u00E9\\x07\""},
        {"true&&false||null", "true && false || null"},
    };
    for (const auto& [source, expected] : table) {
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(printed(source) == expected);
        }
        BOOST_TEST(printed(expected) == expected);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_read_exactly) {
    const row table[] = {
        {"0", "0"},
        {"007", "7"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"-0x8000000000000000", "-9223372036854775808"},
        {"0x7fffffffffffffff", "9223372036854775807"},
        {"18446744073709551615u", "18446744073709551615u"},
        {"0xFFFFFFFFFFFFFFFFU", "18446744073709551615u"},
        {".5", "0.5"},
        {"1.5", "1.5"},
        {"2e3", "2000.0"},
        {"2E-1", "0.2"},
        {"1e+2", "100.0"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"5e-324", "5e-324"},
        {"1e-400", "0.0"},
        {"0.0000001e-330", "0.0"},
        {"0.00001e300", "1e+295"},
        {"9223372036854775808", "1:1: this number is out of an int's range"},
        {"-9223372036854775809", "1:1: this number is out of an int's range"},
        {"0x8000000000000000", "1:1: this number is out of an int's range"},
        {"18446744073709551616u", "1:1: this number is out of a uint's range"},
        {"1e309", "1:1: this number is out of a double's range"},
        {"-1e309", "1:1: this number is out of a double's range"},
        {"1a", "1:1: '1a' is no number"},
        {"1u2", "1:1: '1u2' is no number"},
        {"1.5u", "1:1: '1.5u' is no number"},
        {"0x", "1:1: '0x' is no number"},
        {"0xg", "1:1: '0xg' is no number"},
        {"1_000", "1:1: '1_000' is no number"},
        {"1e", "1:1: '1e' is no number"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(literal(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(a_number_with_a_leading_zero_is_out_of_range_as_any_other) {
    const row table[] = {
        {"0.1e400", "1:1: this number is out of a double's range"},
        {"01e400", "1:1: this number is out of a double's range"},
        {"0.0e400", "0.0"},
        {"0e400", "0.0"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(literal(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(texts_and_their_escapes_are_read) {
    const row table[] = {
        {"''", "''"},
        {"\"a'b\"", "'a'b'"},
        {"'a\"b'", "'a\"b'"},
        {"''''''", "''"},
        {"'''a'b\n''c'''", "'a'b\n''c'"},
        {"\"\"\"a\"\"b\"\"\"", "'a\"\"b'"},
        {R"('\a\b\f\n\r\t\v\\\?\"\'\`')", "'\a\b\f\n\r\t\v\\?\"'`'"},
        {R"('\x41\X4a\101\u0041\U00000041')", "'AJAAA'"},
        {R"('\xe9')", "'\u00E9'"},
        {R"('\351')", "'\u00E9'"},
        {R"('\U0001F600')", "'\U0001F600'"},
        {R"(r'\x41\')", "'\\x41\\'"},
        {R"(R"\n")", "'\\n'"},
        {R"(b'\xe9\351a')", "b'\xE9\xE9"
                            "a'"},
        {"b'\u00E9'", "b'\u00E9'"},
        {R"(br'\n')", "b'\\n'"},
        {R"(Rb"\n")", "b'\\n'"},
        {R"(B'''a
b''')",
         "b'a\nb'"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(literal(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(texts_that_are_none_are_refused_where_they_go_wrong) {
    const row table[] = {
        {"'abc", "1:1: the text is not closed: ' is missing"},
        {"a + \"\"\"b\"\"", "1:5: the text is not closed: \"\"\" is missing"},
        {"'a\nb'", "1:1: the text is not closed on its line"},
        {"'a\\'", "1:1: the text is not closed: ' is missing"},
        {R"('ab\q')", "1:4: there is no such escape"},
        {R"('\400')", "1:2: there is no such escape"},
        {R"('\x4')", "1:2: this escape needs 2 hexadecimal digits"},
        {R"('\18')", "1:2: this escape needs 3 octal digits"},
        {R"('\u12')", "1:2: this escape needs 4 hexadecimal digits"},
        {R"('\U0000004')", "1:2: this escape needs 8 hexadecimal digits"},
        {R"('\ud800')", "1:2: this is no code point"},
        {R"('\U00110000')", "1:2: this is no code point"},
        {R"(b'\u0041')", "1:3: bytes have no code points: \\u and \\U are for texts"},
        {"bb'a'", "1:3: expected an operator or the end, found ''a''"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(literal(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(what_is_no_expression_is_refused_with_its_place) {
    const row table[] = {
        {"", "1:1: there is no expression"},
        {"  \n ", "1:1: there is no expression"},
        {"1 +", "1:4: expected an expression, found the end"},
        {"1 + * 2", "1:5: expected an expression, found '*'"},
        {"1 2", "1:3: expected an operator or the end, found '2'"},
        {"(1", "1:3: expected ')' to close the bracket, found the end"},
        {"1)", "1:2: expected an operator or the end, found ')'"},
        {"[1, 2", "1:6: expected ']' to close the list, found the end"},
        {"[,]", "1:2: expected an expression, found ','"},
        {"{1}", "1:3: expected ':' between a key and its value, found '}'"},
        {"{1: 2", "1:6: expected '}' to close the map, found the end"},
        {"a[1", "1:4: expected ']' after the index, found the end"},
        {"a[]", "1:3: expected an expression, found ']'"},
        {"f(1", "1:4: expected ')' after the arguments, found the end"},
        {"f(1 2)", "1:5: expected ')' after the arguments, found '2'"},
        {"a ? b", "1:6: expected ':' of the conditional, found the end"},
        {"a ? b ? c : d : e", "1:7: expected ':' of the conditional, found '?'"},
        {"a.", "1:3: expected a name after '.', found the end"},
        {"a.1", "1:2: expected an operator or the end, found '.1'"},
        {"a.in", "1:3: expected a name after '.', found 'in'"},
        {".true", "1:2: 'true' is no name"},
        {"in", "1:1: 'in' is no name"},
        {"if", "1:1: 'if' is a reserved word and names nothing"},
        {"while(1)", "1:1: 'while' is a reserved word and names nothing"},
        {"`a`", "1:1: a name between backticks stands after a dot only"},
        {"a.`b", "1:3: the name is not closed: ` is missing"},
        {"a.``", "1:3: a name between backticks may not be empty"},
        {"a.`b(c`", "1:5: a name between backticks has letters, digits and _ . - / and blanks only"},
        {"a = b", "1:3: '=' is no operator"},
        {"a & b", "1:3: '&' is no operator"},
        {"a | b", "1:3: '|' is no operator"},
        {"a # b", "1:3: unexpected '#'"},
        {"a\n+ \u00E9", "2:3: unexpected '\u00E9'"},
        {"'\u00E9\u00E9' ; 1", "1:6: unexpected ';'"},
        {"a \x01 b", "1:3: a control character outside of a text"},
        {"!-a", "1:2: '!' and '-' do not follow each other"},
        {"-!a", "1:2: '!' and '-' do not follow each other"},
        {"T{a: 1}", "1:2: messages are not part of this language"},
        {"a.T{}", "1:4: messages are not part of this language"},
        {"has(1)", "1:5: has() asks for a variable or a field, as in has(a.b)"},
        {"has(a[0])", "1:5: has() asks for a variable or a field, as in has(a.b)"},
        {"has(has(a.b))", "1:5: has() asks for a variable or a field, as in has(a.b)"},
        {"a.map(1, 2)", "1:7: map() needs a plain name here, for what it goes through"},
        {"a.all(x.y, true)", "1:7: all() needs a plain name here, for what it goes through"},
        {"a.exists(.x, true)", "1:10: exists() needs a plain name here, for what it goes through"},
        {"a.all(x, x, true)", "1:10: the two variables have the same name"},
        {"cel.bind(1, 2, 3)", "1:10: cel.bind() needs a plain name here, for what it goes through"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(printed(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(a_refusal_may_say_what_helps) {
    const row table[] = {
        {"a = b", "did you mean '=='?"},
        {"a & b", "did you mean '&&'?"},
        {"T{a: 1}", "a map is written {\"name\": value}"},
        {"a.in", "a key with this name is asked for with [\"...\"]"},
        {"has(a[0])", "whether a map has a key is asked with: key in map"},
        {"!-a", "put brackets between them"},
        {"9223372036854775808", "a uint, which ends with u, goes up to 18446744073709551615u"},
        {R"('\q')", "a backslash itself is written \\\\, or the text begins with r"},
        {"1 +", ""},
    };
    for (const auto& [source, expected] : table) {
        const auto tree = parse(std::string(source), {});
        BOOST_REQUIRE(!tree);
        BOOST_TEST(tree.error().size() == 1U);
        BOOST_TEST(tree.error().front().hint == expected, source);
    }
}

BOOST_AUTO_TEST_CASE(a_source_that_is_no_utf8_is_refused_at_its_first_wrong_byte) {
    const auto tree = parse("'\xEF\xBF\xBD' + '\xC3'", {});
    BOOST_REQUIRE(!tree);
    BOOST_TEST((tree.error().front().code == compile_errc::invalid_utf8));
    BOOST_TEST(tree.error().front().begin == 9U);
}

BOOST_AUTO_TEST_CASE(each_limit_has_an_error_of_its_own_and_is_allowed_itself) {
    struct limit_row {
        std::string within, beyond;
        compile_limits limits;
        compile_errc code;
        std::string_view message;
    };
    const compile_limits usual;
    const auto with = [](auto member, std::size_t most) {
        compile_limits made;
        made.*member = most;
        return made;
    };
    const limit_row table[] = {
        {"1234", "12345", with(&compile_limits::source_bytes, 4), compile_errc::too_long,
         "1:1: the source has 5 bytes; 4 are the most"},
        {"a + b", "a + b + c", with(&compile_limits::nodes, 3), compile_errc::too_many_nodes,
         "1:9: the expression has more than 3 parts"},
        {"((1))", "(((1)))", with(&compile_limits::nesting, 3), compile_errc::too_nested,
         "1:4: more than 3 expressions within each other"},
        {"a + b + c", "a + b + c + d", with(&compile_limits::depth, 3), compile_errc::too_deep,
         "1:1: the expression is more than 3 operations deep"},
        {"[1, 2]", "0 + [1, 2, 3]", with(&compile_limits::literal_elements, 2),
         compile_errc::too_many_elements, "1:5: a list of more than 2 elements"},
        {"{1: 1, 2: 2}", "{1: 1, 2: 2, 3: 3}", with(&compile_limits::literal_elements, 2),
         compile_errc::too_many_elements, "1:1: a map of more than 2 entries"},
        {repeated("(", 47) + "1" + repeated(")", 47), repeated("(", 48) + "1" + repeated(")", 48), usual,
         compile_errc::too_nested, "1:49: more than 48 expressions within each other"},
        {"1" + repeated("+1", 249), "1" + repeated("+1", 250), usual, compile_errc::too_deep,
         "1:1: the expression is more than 250 operations deep"},
        {repeated("-", 200) + "a", repeated("-", 1000) + "a", usual, compile_errc::too_deep,
         "1:751: the expression is more than 250 operations deep"},
    };
    for (const limit_row& each : table) {
        BOOST_TEST(parse(each.within, each.limits).has_value(), each.within);
        BOOST_TEST(printed(each.beyond, each.limits) == each.message);
        const auto refused = parse(each.beyond, each.limits);
        BOOST_REQUIRE(!refused);
        BOOST_TEST((refused.error().front().code == each.code), each.beyond);
    }
}

BOOST_AUTO_TEST_CASE(what_every_implementation_has_to_hold_is_within_the_limits) {
    // @source cel-spec, Language Definition, "Syntax": what a parser has to support at least.
    for (const std::string& source :
         {"a" + repeated(" || a", 31), "a" + repeated(" && a", 31), "f(a" + repeated(", a", 31) + ")",
          "[a" + repeated(", a", 31) + "]", repeated("a ? b : ", 24) + "c", "a" + repeated(" + a", 24),
          repeated("f(", 12) + "a" + repeated(")", 12), "a" + repeated(".b", 12), "a" + repeated("[0]", 12),
          repeated("[", 12) + repeated("]", 12), repeated("{1: ", 12) + "2" + repeated("}", 12)})
        BOOST_TEST(parse(source, {}).has_value(), source);
}

BOOST_AUTO_TEST_SUITE_END()

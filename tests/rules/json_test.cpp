#include <tributary/cel/json.hpp>
#include <tributary/cel/map.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>

using namespace tributary::cel;

namespace {

constexpr std::size_t memory_bytes = 1 << 20;

/// What a JSON text becomes as a value of a type, as text; or what is wrong with it.
std::string read(std::string_view text, std::string_view declared, std::size_t bytes = memory_bytes) {
    arena memory(bytes);
    boost::json::parse_options how;
    how.max_depth = 2 * json_depth_max;
    const boost::json::value given = boost::json::parse(text, {}, how);
    const json_result<value> made = from_json(given, parse_type(declared).value(), memory, "input");
    return made ? text_of(*made) : made.error().text();
}

/// So many lists within each other.
std::string nested_lists(std::size_t count) {
    return std::string(count, '[') + std::string(count, ']');
}

struct reading {
    std::string_view json;
    std::string_view declared;
    std::string_view gives;
};
std::ostream& operator<<(std::ostream& to, const reading& of) {
    return to << of.json << " as " << of.declared;
}

constexpr reading accepted[] = {
    {"12", "int", "12"},
    {"-9223372036854775808", "int", "-9223372036854775808"},
    {R"("9007199254740993")", "int", "9007199254740993"},
    {R"("-9223372036854775808")", "int", "-9223372036854775808"},
    {"12", "uint", "12u"},
    {"18446744073709551615", "uint", "18446744073709551615u"},
    {R"("18446744073709551615")", "uint", "18446744073709551615u"},
    {"1.5", "double", "1.5"},
    {"2", "double", "2.0"},
    {R"("NaN")", "double", "double(\"NaN\")"},
    {R"("-Infinity")", "double", "double(\"-Infinity\")"},
    {"true", "bool", "true"},
    {"null", "null", "null"},
    {R"("12")", "string", "\"12\""},
    {R"("\u0000é")", "string", "\"\\x00é\""},
    {R"("AP8=")", "bytes", "b\"\\x00\\xff\""},
    {R"("2009-02-13T23:31:30Z")", "timestamp", "timestamp(\"2009-02-13T23:31:30Z\")"},
    {R"("2009-02-14T00:31:30.5+01:00")", "timestamp", "timestamp(\"2009-02-13T23:31:30.5Z\")"},
    {R"("1h30m")", "duration", "duration(\"5400s\")"},
    {R"("12.50")", "rate", "rate \"12.5\""},
    {"[1, 2]", "list(int)", "[1, 2]"},
    {"[]", "list(int)", "[]"},
    {"{}", "map(string, int)", "{}"},
    {R"({"a": 1})", "map(string, int)", "{\"a\": 1}"},
    {R"({"7": "x", "-8": "y"})", "map(int, string)", "{7: \"x\", -8: \"y\"}"},
    {R"({"7": "x"})", "map(uint, string)", "{7u: \"x\"}"},
    {R"({"true": 1})", "map(bool, int)", "{true: 1}"},
    {"null", "optional_type(int)", "optional.none()"},
    {"3", "optional_type(int)", "optional.of(3)"},
    {"[null, 4]", "list(optional_type(int))", "[optional.none(), optional.of(4)]"},
    {"[1, 1.0, 1e3, \"1\", true, null]", "dyn", "[1, 1.0, 1000.0, \"1\", true, null]"},
    {R"({"a": {"b": [1]}})", "dyn", "{\"a\": {\"b\": [1]}}"},
};

constexpr reading refused[] = {
    {"1.0", "int", "input is a number with a fraction or an exponent, int was declared"},
    {"9223372036854775808", "int", "input is outside the range of int"},
    {R"("9223372036854775808")", "int", "input is the string \"9223372036854775808\", int was declared"},
    {R"("")", "int", "input is the string \"\", int was declared"},
    {R"("+1")", "int", "input is the string \"+1\", int was declared"},
    {R"(" 1")", "int", "input is the string \" 1\", int was declared"},
    {R"("1.0")", "int", "input is the string \"1.0\", int was declared"},
    {"null", "int", "input is null, int was declared"},
    {"true", "int", "input is a boolean, int was declared"},
    {"-1", "uint", "input is outside the range of uint"},
    {R"("-1")", "uint", "input is the string \"-1\", uint was declared"},
    {R"("1.5")", "double", "input is a string, double was declared"},
    {R"("inf")", "double", "input is a string, double was declared"},
    {"12", "string", "input is an integer, string was declared"},
    {"0", "bool", "input is an integer, bool was declared"},
    {R"("null")", "null", "input is a string, null was declared"},
    {R"("=")", "bytes", "input is the string \"=\", bytes was declared"},
    {R"("2009-02-13")", "timestamp", "input is the string \"2009-02-13\", timestamp was declared"},
    {"1234567890", "timestamp", "input is an integer, timestamp was declared"},
    {R"("90")", "duration", "input is the string \"90\", duration was declared"},
    {"12.5", "rate", "input is a number with a fraction or an exponent, rate was declared"},
    {R"("12,5")", "rate", "input is the string \"12,5\", rate was declared"},
    {"{}", "list(int)", "input is an object, list(int) was declared"},
    {R"([1, "x"])", "list(int)", "input[1] is the string \"x\", int was declared"},
    {R"([{"a": [true]}])", "list(map(string, list(int)))", "input[0].a[0] is a boolean, int was declared"},
    {"[]", "map(string, int)", "input is a list, map(string, int) was declared"},
    {R"({"a": 1.5})", "map(string, int)",
     "input.a is a number with a fraction or an exponent, int was declared"},
    {R"({"x": 1})", "map(int, int)", "input.x is the string \"x\", int was declared"},
    {R"({"1": 1, "01": 2})", "map(int, int)", "input cannot be a map: duplicate key"},
    {R"("int")", "type", "input cannot be given as JSON, type was declared"},
};

std::string written(const value& given) {
    return boost::json::serialize(to_json(given).value());
}

/// Variables by "name:type".
std::vector<variable> declared(std::initializer_list<std::pair<std::string, std::string_view>> all) {
    std::vector<variable> made;
    for (const auto& [name, of] : all)
        made.push_back({name, parse_type(of).value()});
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cel_json)

BOOST_AUTO_TEST_CASE(values_are_read_as_their_declared_type) {
    for (const reading& each : accepted)
        BOOST_TEST(read(each.json, each.declared) == each.gives, each);
}

BOOST_AUTO_TEST_CASE(what_would_lose_something_is_refused_with_its_path) {
    for (const reading& each : refused)
        BOOST_TEST(read(each.json, each.declared) == each.gives, each);
}

BOOST_AUTO_TEST_CASE(a_problem_of_the_whole_has_no_path) {
    arena memory(memory_bytes);
    const auto made = from_json(boost::json::value("x"), type::int64(), memory);
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().path.empty());
    BOOST_TEST(made.error().text() == "the value is the string \"x\", int was declared");
    BOOST_CHECK_THROW(made.value(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(an_integer_above_int_is_a_uint_where_nothing_is_declared) {
    BOOST_TEST(read("18446744073709551615", "dyn") == "18446744073709551615u");
    BOOST_TEST(read("9223372036854775807", "dyn") == "9223372036854775807");
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
    BOOST_TEST(read(nested_lists(json_depth_max), "dyn") == nested_lists(json_depth_max));
    BOOST_TEST(read(nested_lists(json_depth_max + 2), "dyn").ends_with("is nested too deep"));
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
    BOOST_TEST(read("\"" + std::string(1000, 'x') + "\"", "string", 500) == "input is too large");
    BOOST_TEST(read("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "list(int)", 100) == "input is too large");
    BOOST_TEST(read(R"({"a": 1, "b": 2, "c": 3, "d": 4})", "dyn", 100) == "input is too large");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_utf8_is_refused) {
    arena memory(memory_bytes);
    const auto made = from_json(boost::json::string("\xff"), type::string(), memory, "name");
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().text() == "name is a string that is no UTF-8");
}

BOOST_AUTO_TEST_CASE(texts_outlive_the_json) {
    arena memory(memory_bytes);
    value kept;
    {
        const boost::json::value given =
            boost::json::parse(R"([{"key": "a text that is longer than small"}])");
        kept = from_json(given, type::dyn(), memory).value();
    }
    BOOST_TEST(text_of(kept) == R"([{"key": "a text that is longer than small"}])");
}

BOOST_AUTO_TEST_CASE(values_become_json_that_reads_back) {
    for (const reading& each : accepted) {
        arena memory(memory_bytes);
        const type of = parse_type(each.declared).value();
        const value first = from_json(boost::json::parse(each.json), of, memory).value();
        const auto again = from_json(boost::json::parse(written(first)), of, memory);
        BOOST_TEST_REQUIRE(again.has_value(), each);
        BOOST_TEST(text_of(*again) == text_of(first), each);
    }
}

BOOST_AUTO_TEST_CASE(integers_beyond_two_to_the_53_are_written_as_texts) {
    constexpr std::int64_t limit = std::int64_t{1} << 53;
    BOOST_TEST(written(value::int64(limit)) == "9007199254740992");
    BOOST_TEST(written(value::int64(limit + 1)) == "\"9007199254740993\"");
    BOOST_TEST(written(value::int64(-limit - 1)) == "\"-9007199254740993\"");
    BOOST_TEST(written(value::uint64(~std::uint64_t{0})) == "\"18446744073709551615\"");
}

BOOST_AUTO_TEST_CASE(kinds_without_a_notation_of_json_are_written_as_texts) {
    BOOST_TEST(written(value::type("list")) == "\"list\"");
    BOOST_TEST(written(value::rate(125, 1)) == "\"12.5\"");
    BOOST_TEST(written(value::duration(-1'500'000'000)) == "\"-1.5s\"");
    BOOST_TEST(written(value::float64(std::numeric_limits<double>::infinity())) == "\"Infinity\"");
    BOOST_TEST(written(value()) == "null");
    BOOST_TEST(written(value::optional(nullptr)) == "null");
    BOOST_TEST(written(value::error(evaluation_errc::divide_by_zero)) ==
               R"({"error":{"code":4,"message":"divide by zero"}})");
    BOOST_TEST(written(value::error(evaluation_errc::no_such_key, "x")) ==
               R"({"error":{"code":2,"message":")" + std::string(text_of(evaluation_errc::no_such_key)) +
                   R"(","detail":"x"}})");
}

BOOST_AUTO_TEST_CASE(texts_for_people_show_errors_and_absence) {
    BOOST_TEST(text_of(value::error(evaluation_errc::divide_by_zero)) == "error: divide by zero");
    BOOST_TEST(text_of(value::error(evaluation_errc::invalid_argument, "why")).ends_with(": why"));
    BOOST_TEST(text_of(value()) == "nothing");
    BOOST_TEST(text_of(value::type("map")) == "map");
}

BOOST_AUTO_TEST_CASE(texts_for_people_are_cut_between_characters) {
    BOOST_TEST(text_of(value::string("abcdef"), 4) == "\"abc...");
    BOOST_TEST(text_of(value::string("abcdef"), 8) == "\"abcdef\"");
    BOOST_TEST(text_of(value::string("éééé"), 4) == "\"é...");
    BOOST_TEST(text_of(value::string("éééé"), 5) == "\"éé...");
    const std::vector<value> many(100'000, value::int64(1));
    BOOST_TEST(text_of(value::list(many), 10) == "[1, 1, 1, ...");
    const std::string long_text(5'000'000, 'x');
    BOOST_TEST(text_of(value::string(long_text), 10) == "\"xxxxxxxxx...");
}

BOOST_AUTO_TEST_CASE(an_input_is_found_by_full_name_and_member_by_member) {
    const auto variables =
        declared({{"sale.amount", "int"}, {"sale.lines.count", "int"}, {"country", "string"}});
    for (const std::string_view text :
         {R"({"sale": {"amount": 1, "lines": {"count": 2}}, "country": "US"})",
          R"({"sale.amount": 1, "sale.lines": {"count": 2}, "country": "US"})",
          R"({"sale.amount": 1, "sale": {"lines.count": 2}, "country": "US"})",

          R"({"sale.amount": 1, "sale": {"amount": "not looked at", "lines": {"count": 2}}, 
              "country": "US"})"}) {
        arena memory(memory_bytes);
        activation slots(variables.size());
        const filled done = fill(slots, variables, boost::json::parse(text).as_object(), memory);
        BOOST_TEST(done.problems.empty(), text);
        BOOST_TEST(done.missing.empty(), text);
        BOOST_TEST(done.unknown.empty(), text);
        BOOST_TEST(text_of(slots.get(0)) == "1", text);
        BOOST_TEST(text_of(slots.get(1)) == "2", text);
        BOOST_TEST(text_of(slots.get(2)) == "\"US\"", text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_wrong_leaves_its_slot_empty) {
    const auto variables = declared({{"amount", "int"}, {"country", "string"}, {"count", "int"}});
    arena memory(memory_bytes);
    activation slots(variables.size());
    const auto input = boost::json::parse(R"({"amount": "x", "count": 3})");
    const filled done = fill(slots, variables, input.as_object(), memory);
    BOOST_TEST_REQUIRE(done.problems.size() == 1);
    BOOST_TEST(done.problems[0].text() == "amount is the string \"x\", int was declared");
    BOOST_TEST_REQUIRE(done.missing.size() == 1);
    BOOST_TEST(done.missing[0] == 1);
    BOOST_TEST(slots.get(0).is(value_kind::absent));
    BOOST_TEST(slots.get(1).is(value_kind::absent));
    BOOST_TEST(slots.get(2).as_int64() == 3);
}

BOOST_AUTO_TEST_CASE(unknown_members_are_named_with_the_nearest_variable) {
    const auto variables = declared({{"sale.amount", "int"}, {"country", "string"}});
    arena memory(memory_bytes);
    activation slots(variables.size());
    const auto input =
        boost::json::parse(R"({"sale": {"amuont": 1}, "zzz": 1, "cuntry": {"a": 1}, "sale.": 2})");
    const filled done = fill(slots, variables, input.as_object(), memory);
    BOOST_TEST_REQUIRE(done.unknown.size() == 4);
    BOOST_TEST(done.unknown[0].text() == "sale.amuont is no variable; did you mean 'sale.amount'?");
    BOOST_TEST(done.unknown[1].text() == "zzz is no variable");
    BOOST_TEST(done.unknown[2].text() == "cuntry is no variable; did you mean 'country'?");
    BOOST_TEST(done.unknown[3].path == "sale.");
    BOOST_TEST(done.missing.size() == 2);
}

BOOST_AUTO_TEST_CASE(a_name_of_a_group_that_holds_no_group_is_unknown) {
    const auto variables = declared({{"sale.amount", "int"}});
    const auto input = boost::json::parse(R"({"sale": 1})");
    const auto unknown = unknown_members(input.as_object(), variables);
    BOOST_TEST_REQUIRE(unknown.size() == 1);
    BOOST_TEST(unknown[0] == "sale");
}

BOOST_AUTO_TEST_CASE(a_value_of_more_parts_than_memory_is_not_written) {
    // Each list has the one before twice: 2^40 elements in 40 lists.
    std::vector<std::array<value, 2>> lists(40);
    value whole = value::int64(1);
    for (auto& each : lists) {
        each = {whole, whole};
        whole = value::list(each);
    }
    BOOST_TEST(!to_json(whole).has_value());
    BOOST_TEST(to_json(value::list(lists[2])).has_value());
    BOOST_TEST(!to_json(value::list(lists[2]), 14).has_value()); // 8 ones in 7 lists
    BOOST_TEST(to_json(value::list(lists[2]), 15).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

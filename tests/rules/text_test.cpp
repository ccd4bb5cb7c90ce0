#include <boost/test/unit_test.hpp>

#include <limits>

#include "text.hpp"

using namespace tributary::cel;

BOOST_AUTO_TEST_SUITE(texts)

BOOST_AUTO_TEST_CASE(utf8_is_told_from_what_only_looks_like_it) {
    for (const std::string_view good : {"", "a", "\x7F", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000",
                                        "\uFFFF", "\U00010000", "\U0010FFFF", "caf\u00E9 \U0001F431"})
        BOOST_TEST(is_utf8(good), good);
    for (const std::string_view bad : {"\x80",
                                       "\xBF",
                                       "\xC0\x80",
                                       "\xC1\xBF",
                                       "\xC2",
                                       "\xC2\x41",
                                       "\xE0\x80\x80",
                                       "\xE0\x9F\xBF",
                                       "\xED\xA0\x80",
                                       "\xED\xBF\xBF",
                                       "\xE2\x82",
                                       "\xE2\x82\x41",
                                       "\xF0\x80\x80\x80",
                                       "\xF0\x8F\xBF\xBF",
                                       "\xF4\x90\x80\x80",
                                       "\xF5\x80\x80\x80",
                                       "\xF0\x9F\x90",
                                       "\xF0\x9F\x90\x41",
                                       "\xFF",
                                       "\xFE",
                                       "good then \xFF"})
        BOOST_TEST(!is_utf8(bad), "one of the texts that are none was taken for UTF-8");
    BOOST_TEST(is_utf8(std::string_view("\0a", 2)));
}

BOOST_AUTO_TEST_CASE(code_points_are_taken_as_they_were_appended) {
    for (const char32_t each :
         {U'\0', U'a', U'\x7F', U'\x80', U'\x7FF', U'\x800', U'\xFFFD', U'\xFFFF', U'\x10000', U'\x10FFFF'}) {
        std::string text;
        append_code_point(text, each);
        BOOST_TEST(is_utf8(text));
        BOOST_TEST(code_points(text) == 1U);
        std::string_view rest = text;
        BOOST_TEST((take_code_point(rest) == each));
        BOOST_TEST(rest.empty());
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_code_point_is_appended_as_the_replacement_character) {
    for (const char32_t each :
         {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}, char32_t{0xFFFFFFFF}}) {
        std::string text;
        append_code_point(text, each);
        BOOST_TEST(text == "\uFFFD");
    }
}

BOOST_AUTO_TEST_CASE(a_byte_that_begins_no_code_point_counts_as_one) {
    std::string_view rest = "\xF0\x9F\x90";
    BOOST_TEST(code_points(rest) == 3U);
    BOOST_TEST((take_code_point(rest) == 0xFFFD));
    BOOST_TEST(rest.size() == 2U);
    BOOST_TEST(code_points("a\xFFz") == 3U);
    BOOST_TEST(code_points("\xE2\x82\xAC\x82") == 2U);
}

BOOST_AUTO_TEST_CASE(a_text_is_found_from_a_place_on) {
    BOOST_TEST(find_text("banana", "ana") == 1U);
    BOOST_TEST(find_text("banana", "ana", 2) == 3U);
    BOOST_TEST(find_text("banana", "ana", 4) == std::string_view::npos);
    BOOST_TEST(find_text("banana", "", 6) == 6U);
    BOOST_TEST(find_text("banana", "", 7) == std::string_view::npos);
    BOOST_TEST(find_text("banana", "a", 6) == std::string_view::npos);
    BOOST_TEST(find_text("", "") == 0U);
    BOOST_TEST(find_text("", "a") == std::string_view::npos);
    BOOST_TEST(find_text(std::string_view("a\0b", 3), std::string_view("\0b", 2)) == 1U);
}

BOOST_AUTO_TEST_CASE(a_double_has_the_shortest_text_that_reads_back) {
    const std::pair<double, std::string_view> table[] = {
        {0.0, "0"},
        {-0.0, "-0"},
        {3.0, "3"},
        {3.14, "3.14"},
        {0.1, "0.1"},
        {-0.0045, "-0.0045"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {123456789.0, "123456789"},
        {1e20, "100000000000000000000"},
        {1e21, "1e+21"},
        {1e100, "1e+100"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {std::numeric_limits<double>::infinity(), "Infinity"},
        {-std::numeric_limits<double>::infinity(), "-Infinity"},
        {std::numeric_limits<double>::quiet_NaN(), "NaN"},
    };
    for (const auto& [number, text] : table)
        BOOST_TEST(double_text(number) == text);
}

BOOST_AUTO_TEST_SUITE_END()

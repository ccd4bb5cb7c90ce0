#include <boost/test/unit_test.hpp>

#include <storage/sql_words.hpp>

using namespace tributary::storage;

namespace {

std::string joined(std::string_view sql) {
    std::string all;
    for (const auto& word : sql_words(sql)) {
        all += all.empty() ? "" : " ";
        all += word.source;
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sql_text)

BOOST_AUTO_TEST_CASE(comments_and_blanks_separate_words) {
    BOOST_TEST(joined("a/* b 'c */d--e\nf--") == "a d f");
    BOOST_TEST(joined(" \t\r\n") == "");
    BOOST_TEST(joined("/* open") == "");
    BOOST_TEST(joined("a-b/c*d") == "a - b / c * d");
}

BOOST_AUTO_TEST_CASE(quotes_hide_what_is_inside) {
    BOOST_TEST(joined("'it''s -- no comment' \"a\"\"b\" `c``d` [e f] 'open") ==
               "'it''s -- no comment' \"a\"\"b\" `c``d` [e f] 'open");
}

BOOST_AUTO_TEST_CASE(parameters_and_numbers_are_one_word) {
    BOOST_TEST(joined("x=$12+1.5e3") == "x = $12 + 1 . 5e3");
    const auto words = sql_words("$12");
    BOOST_REQUIRE_EQUAL(words.size(), 1U);
    BOOST_TEST((words[0].kind == sql_word_kind::parameter));
}

BOOST_AUTO_TEST_CASE(names_lose_case_and_quotes) {
    const auto words = sql_words("Name \"A\"\"B\" [C] `D` 'E' '");
    BOOST_REQUIRE_EQUAL(words.size(), 6U);
    const std::string names[] = {"name", "a\"b", "c", "d", "e", ""};
    for (std::size_t i = 0; i < words.size(); ++i)
        BOOST_TEST(words[i].name() == names[i]);
    BOOST_TEST(words[0].is("name"));
    BOOST_TEST(!words[0].is("names"));
    BOOST_TEST(!words[1].is("a\"b"));
}

BOOST_AUTO_TEST_CASE(only_a_definition_shadows_a_published_view) {
    for (const std::string_view sql :
         {"SELECT published_at AS at FROM published_x", "SELECT x AS published_at FROM t",
          "VALUES ('published_x')", "SELECT 1 FROM published_x AS p JOIN published_y ON (p.a = 1)",
          "UNIQUE (published_at)", "", "published_x", "-- WITH published_x AS (SELECT 1)"})
        BOOST_TEST(!shadows_published_view(sql), sql);
    for (const std::string_view sql :
         {"WITH published_x AS (", "WITH 'published_x' AS (", "WITH [Published_X](a) AS (",
          "WITH published_x AS/**/NOT MATERIALIZED (",
          "WITH \"publis\"\"hed\" AS (SELECT 1), published_ as (", "WITH `published_x`as materialized("})
        BOOST_TEST(shadows_published_view(sql), sql);
}

BOOST_AUTO_TEST_SUITE_END()

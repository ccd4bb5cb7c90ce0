#include <boost/test/unit_test.hpp>

#include "app/cli/table.hpp"

using namespace tributary::app::cli;

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(columns_are_aligned_by_characters) {
    document list = document::list();
    list.push(document::record().set("id", 7).set("name", "\xc3\xa9t\xc3\xa9"));
    list.push(document::record().set("id", 12345).set("name", "x"));
    BOOST_TEST(table_text(list, {{"name", "NAME"}, {"id", "ID"}}, "none") ==
               "NAME  ID\n\xc3\xa9t\xc3\xa9   7\nx     12345\n");
}

BOOST_AUTO_TEST_CASE(an_empty_list_says_so) {
    BOOST_TEST(table_text(document::list(), {{"id", "ID"}}, "no key") == "no key\n");
}

BOOST_AUTO_TEST_CASE(a_cell_cannot_leave_its_line) {
    document list = document::list();
    list.push(document::record().set("reason", "first\nsecond"));
    BOOST_TEST(table_text(list, {{"reason", "REASON"}, {"absent", "ABSENT"}}, "") ==
               "REASON        ABSENT\nfirst second  -\n");
}

BOOST_AUTO_TEST_CASE(fields_that_are_absent_are_left_out) {
    const document record = document::record().set("a", 1).set("long", document());
    BOOST_TEST(fields_text(record, {{"a", "a"}, {"b", "b is absent"}, {"long", "long"}}) ==
               "a     1\nlong  -\n");
}

BOOST_AUTO_TEST_CASE(indenting_leaves_empty_lines_empty) {
    BOOST_TEST(indented("a\n\nb", 2) == "  a\n\n  b\n");
}

BOOST_AUTO_TEST_CASE(long_texts_are_wrapped_between_words) {
    BOOST_TEST(wrapped("one two three four", 9, 0) == "one two\nthree\nfour\n");
    BOOST_TEST(wrapped("-> one two three", 9, 3) == "-> one\n   two\n   three\n");
    BOOST_TEST(wrapped("-> one two three", 9, 3, 6) == "-> one\n         two\n         three\n"); // A margin.
    BOOST_TEST(wrapped("see https://a.example/with/a/long/path for it", 12, 2) ==
               "see\n  https://a.example/with/a/long/path\n  for it\n");
    BOOST_TEST(wrapped("\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9 x", 5, 0) ==
               "\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\nx\n");
    BOOST_TEST(wrapped("a\n\n b", 80, 0) == "a b\n");
    BOOST_TEST(wrapped("", 80, 0) == "\n");
}

BOOST_AUTO_TEST_SUITE_END()

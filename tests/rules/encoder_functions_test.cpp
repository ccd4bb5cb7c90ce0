#include <boost/test/unit_test.hpp>

#include "call.hpp"
#include "functions.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

BOOST_AUTO_TEST_SUITE(encoder_functions)

BOOST_AUTO_TEST_CASE(octets_become_base64_and_octets_again) {
    caller with(add_encoder_functions);
    // The vectors of RFC 4648, section 10, and octets that need the last two digits.
    const std::pair<std::string_view, std::string_view> table[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xFB\xFF\xBF", "+/+/"},
        {std::string_view("\0\0", 2), "AAA="},
        {"Hello World!", "SGVsbG8gV29ybGQh"},
    };
    for (const auto& [octets, digits] : table) {
        BOOST_TEST(with.call("base64.encode", {value::bytes(octets)}).as_text() == digits);
        BOOST_TEST(with.call("base64.decode", {value::string(digits)}).as_text() == octets);
        const std::string_view bare = digits.substr(0, digits.find('='));
        BOOST_TEST(with.call("base64.decode", {value::string(bare)}).as_text() == octets);
    }
    BOOST_TEST(show(with.call("base64.encode", {value::bytes("f")})) == "'Zg=='");
    BOOST_TEST(show(with.call("base64.decode", {value::string("Zg==")})) == "b'f'");
}

BOOST_AUTO_TEST_CASE(every_octet_survives) {
    caller with(add_encoder_functions);
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    for (std::size_t from = 0; from < 3; ++from) {
        const value digits = with.call("base64.encode", {value::bytes(std::string_view(all).substr(from))});
        BOOST_TEST(with.call("base64.decode", {digits}).as_text() == std::string_view(all).substr(from));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_base64_is_refused) {
    caller with(add_encoder_functions);
    for (const std::string_view bad :
         {"a", "=", "==", "====", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v==", "Z=g=", "Zg==Zg==", "Zm9v Zm9v",
          "Zm9v\n", "-_-_", "Zm9\xFF", "Zh==", "Zh", "Zm9="})
        BOOST_TEST(show(with.call("base64.decode", {value::string(bad)})) == "error: invalid argument", bad);
    BOOST_TEST(with.call("base64.decode", {value::string("?")}).error_detail() == "'?' is not base64");
    BOOST_TEST(show(with.call("base64.decode", {value::bytes("Zg==")})) == "error: no such overload");
    BOOST_TEST(show(with.call("base64.encode", {value::string("f")})) == "error: no such overload");
    BOOST_TEST(show(with.call("base64.encode", {})) == "error: no such overload");
}

BOOST_AUTO_TEST_CASE(both_ways_keep_to_their_limits) {
    const std::string large(1600, 'a');
    caller poor(add_encoder_functions, {.cost = 99});
    BOOST_TEST(show(poor.call("base64.encode", {value::bytes(large)})) == "error: the cost limit is used up");
    BOOST_TEST(show(poor.call("base64.decode", {value::string(large)})) ==
               "error: the cost limit is used up");
    caller small(add_encoder_functions, {.memory_bytes = 1000});
    BOOST_TEST(show(small.call("base64.encode", {value::bytes(large)})) ==
               "error: the memory limit is used up");
    BOOST_TEST(show(small.call("base64.decode", {value::string(large)})) ==
               "error: the memory limit is used up");
}

BOOST_AUTO_TEST_SUITE_END()

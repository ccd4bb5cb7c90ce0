#include <boost/test/unit_test.hpp>

#include "bots.hpp"
#include "redirect_url.hpp"
#include "request.hpp"

using namespace tributary::attribution;

BOOST_AUTO_TEST_SUITE(redirect_url)

BOOST_AUTO_TEST_CASE(the_click_id_is_appended_and_the_fragment_stays_last) {
    BOOST_TEST(
        build_redirect_url({.url = "https://shop.example/p?a=1#top", .click_id = "0123456789abcdef"}) ==
        "https://shop.example/p?a=1&dub_id=0123456789abcdef#top");
}

BOOST_AUTO_TEST_CASE(a_partner_link_says_via) {
    BOOST_TEST(build_redirect_url({.url = "https://shop.example", .click_id = "c", .partner_key = "jane"}) ==
               "https://shop.example?via=jane&dub_id=c");
}

BOOST_AUTO_TEST_CASE(a_target_may_ask_for_a_client_reference_id) {
    BOOST_TEST(build_redirect_url({.url = "https://buy.example/x?dub_client_reference_id=1",
                                   .click_id = "c"}) == "https://buy.example/x?client_reference_id=dub_id_c");
    BOOST_TEST(build_redirect_url({.url = "https://buy.example/x?dub_client_reference_id=1"}) ==
               "https://buy.example/x");
}

BOOST_AUTO_TEST_CASE(the_visitors_parameters_win_over_the_targets) {
    BOOST_TEST(build_redirect_url(
                   {.url = "https://shop.example/?utm_source=a&b=2", .visitor_query = "utm_source=c&d"}) ==
               "https://shop.example/?b=2&utm_source=c&d");
}

BOOST_AUTO_TEST_CASE(the_visitor_cannot_choose_the_click_the_partner_or_the_target) {
    const std::string url = build_redirect_url(
        {.url = "https://shop.example/",
         .click_id = "real",
         .partner_key = "jane",
         .visitor_query = "dub_id=fake&dub%5Fid=fake&client_reference_id=dub_id_fake&via=eve&"
                          "redir_url=https://evil.example&qr=1&skip_deeplink_preview=1&ok=1"});
    BOOST_TEST(url == "https://shop.example/?via=jane&dub_id=real&ok=1");
}

BOOST_AUTO_TEST_CASE(nothing_that_ends_a_header_line_gets_through) {
    const std::string url = build_redirect_url({.url = "https://shop.example/a\r\nSet-Cookie: x=1",
                                                .partner_key = "k\r\nX: y",
                                                .visitor_query = "a=1\r\nLocation: https://evil.example"});
    BOOST_TEST(url.find_first_of("\r\n ") == std::string::npos);
    BOOST_TEST(click_cookie_name("go.example.com", "a;b\r\n/c") == "dub_id_go.example.com_a%3Bb%0D%0A%2Fc");
}

BOOST_AUTO_TEST_CASE(cookies_are_found_by_their_whole_name) {
    BOOST_TEST(cookie_value("x=1; dub_id_a=2; dub_id_a_b=3", "dub_id_a") == "2");
    BOOST_TEST(cookie_value("x=1; dub_id_a_b=3", "dub_id_a") == "");
    BOOST_TEST(cookie_value("", "dub_id_a") == "");
}

BOOST_AUTO_TEST_CASE(only_web_addresses_are_targets) {
    for (const char* good : {"https://a.example", "HTTP://a.example/x?y#z", "https://user@a.example:8443/"})
        BOOST_TEST(is_web_url(good), good);
    for (const char* bad : {"javascript:alert(1)", "data:text/html,x", "ftp://a.example", "https://",
                            "https:///x", "//a.example", "https://a b", "https://a\r\nb", "https://:80/",
                            "https://user@", "", "https:\\\\a.example", "https://a.example/\"x"})
        BOOST_TEST(!is_web_url(bad), bad);
}

BOOST_AUTO_TEST_CASE(a_domain_is_taken_out_of_what_people_paste) {
    BOOST_TEST(bare_domain("https://www.Go.example.com:443/x") == "go.example.com");
    BOOST_TEST(bare_domain("go.example.com") == "go.example.com");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bots)

BOOST_AUTO_TEST_CASE(people_are_not_bots) {
    for (const char* agent :
         {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 "
          "Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/17.5 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
          "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"})
        BOOST_TEST(bot_word(agent) == "", agent);
}

BOOST_AUTO_TEST_CASE(crawlers_previews_and_libraries_are_and_the_word_says_why) {
    BOOST_TEST(bot_word("Mozilla/5.0 (compatible; Googlebot/2.1)") == "bot");
    BOOST_TEST(bot_word("curl/8.5.0") == "curl/");
    BOOST_TEST(bot_word("facebookexternalhit/1.1") == "facebookexternalhit");
    BOOST_TEST(bot_word("WhatsApp/2.23.20.0") == "whatsapp/");
    BOOST_TEST(bot_word("") == "empty");
}

BOOST_AUTO_TEST_CASE(devices_are_told_apart) {
    const auto words = read_user_agent("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
                                       "AppleWebKit/605 Version/17.5 Mobile Safari/604.1");
    BOOST_TEST(words.device == "Mobile");
    BOOST_TEST(words.browser == "Safari");
    BOOST_TEST(words.os == "iOS");
    BOOST_TEST(read_user_agent("something").os == "Unknown");
}

BOOST_AUTO_TEST_SUITE_END()

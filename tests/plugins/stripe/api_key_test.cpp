#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

#include "api_answer.hpp"
#include "api_key.hpp"

// Goal: what is no API key for this is told before anything is sent, and no text that is shown holds a
// secret.

using namespace tributary::stripe;
namespace bdata = boost::unit_test::data;

namespace {

struct form {
    const char* key;
    key_kind kind;
    int live; ///< -1: it does not say
};
std::ostream& operator<<(std::ostream& out, const form& of) {
    return out << of.key;
}

constexpr form forms[] = {
    {"", key_kind::absent, -1},
    {"rk_live_51abc", key_kind::restricted, 1},
    {"rk_test_51abc", key_kind::restricted, 0},
    {"rkcs_test_51abc", key_kind::restricted, 0},
    {"rkcs_live_51abc", key_kind::restricted, 1},
    {"sk_live_51abc", key_kind::secret, 1},
    {"sk_test_51abc", key_kind::secret, 0},
    {"sk_org_live_51abc", key_kind::secret, 1},
    {"sk_org_test_51abc", key_kind::secret, 0},
    {"pk_live_51abc", key_kind::publishable, 1},
    {"pk_test_51abc", key_kind::publishable, 0},
    {"whsec_abc", key_kind::signing, -1},
    {"rk_live_", key_kind::other, -1}, // cut off
    {"rk_51abc", key_kind::other, -1},
    {"rk_prod_51abc", key_kind::other, -1},
    {"rak_customer_read", key_kind::other, -1},
    {"SK_LIVE_51ABC", key_kind::other, -1},
    {" rk_test_51abc", key_kind::other, -1},
    {"rk_test_51 abc", key_kind::other, -1},
    {"rk_test_51abc\r", key_kind::other, -1},
    {"hunter2", key_kind::other, -1},
};

} // namespace

BOOST_AUTO_TEST_SUITE(api_keys)

BOOST_DATA_TEST_CASE(a_key_says_what_it_is, bdata::make(forms), each) {
    const api_key read = read_api_key(each.key);
    BOOST_TEST((read.kind == each.kind));
    BOOST_TEST(read.live.has_value() == (each.live >= 0));
    BOOST_TEST(read.live.value_or(false) == (each.live == 1));
    BOOST_TEST(read.usable() == (each.kind == key_kind::restricted || each.kind == key_kind::secret));
}

BOOST_AUTO_TEST_CASE(an_organisations_key_is_known_as_one) {
    BOOST_TEST(read_api_key("sk_org_live_abc").organisation);
    BOOST_TEST(!read_api_key("sk_live_abc").organisation);
}

BOOST_AUTO_TEST_CASE(no_secret_is_left_in_a_text_from_outside) {
    BOOST_TEST(cleaned("Invalid API Key provided: sk_test_51abc") == "Invalid API Key provided: sk_test_***");
    BOOST_TEST(cleaned("key 'rk_live_*****0001' on 'acct_1'") == "key 'rk_live_***' on 'acct_1'");
    BOOST_TEST(cleaned("sk_org_live_abc,pk_test_abc;whsec_abc rkcs_test_1") ==
               "sk_org_live_***,pk_test_***;whsec_*** rkcs_test_***");
    BOOST_TEST(cleaned("having 'rak_customer_read' helps") == "having 'rak_customer_read' helps");
}

BOOST_AUTO_TEST_CASE(a_text_from_outside_stays_on_its_line_and_ends_somewhere) {
    BOOST_TEST(cleaned("one\ntwo\x1b[31m\xc3\xa9") == "one two [31m  ");
    BOOST_TEST(cleaned(std::string(10'000, 'x')).size() == 300u);
    BOOST_TEST(cleaned(std::string(10'000, ' ')).size() == 300u);
}

BOOST_AUTO_TEST_SUITE_END()

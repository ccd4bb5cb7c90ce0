// The test kit's own cryptography against published vectors: an author's tests sign with it.
#include <tributary/testing/crypto.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace bdata = boost::unit_test::data;
using namespace tributary::testing;

namespace {

// FIPS 180-4 and NIST's examples; the lengths around a block's end are from sha256sum.
const std::vector<std::string> hashed{
    "",
    "abc",
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    std::string(1'000'000, 'a'),
    std::string(55, 'x'),
    std::string(64, 'x'),
};
const std::vector<std::string> digests{
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072",
    "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c",
};

// RFC 4231, test cases 1, 2, 3 and 6.
const std::vector<std::string> keys{std::string(20, '\x0b'), "Jefe", std::string(20, '\xaa'),
                                    std::string(131, '\xaa')};
const std::vector<std::string> signed_texts{"Hi There", "what do ya want for nothing?",
                                            std::string(50, '\xdd'),
                                            "Test Using Larger Than Block-Size Key - Hash Key First"};
const std::vector<std::string> signatures{"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                                          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                                          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                                          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"};

// RFC 4648.
const std::vector<std::string> plain{"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xfb\xff\xfe"};
const std::vector<std::string> encoded{"",         "Zg==",     "Zm8=",     "Zm9v",
                                       "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy", "+//+"};

} // namespace

BOOST_AUTO_TEST_SUITE(testing_crypto)

BOOST_DATA_TEST_CASE(sha256_gives_the_published_digests, bdata::make(hashed) ^ bdata::make(digests), text,
                     expected) {
    BOOST_TEST(hex(sha256(text)) == expected);
}

BOOST_DATA_TEST_CASE(hmac_gives_the_signatures_of_rfc_4231,
                     bdata::make(keys) ^ bdata::make(signed_texts) ^ bdata::make(signatures), key, text,
                     expected) {
    BOOST_TEST(hex(hmac_sha256(key, text)) == expected);
}

BOOST_DATA_TEST_CASE(base64_goes_there_and_back, bdata::make(plain) ^ bdata::make(encoded), bytes, text) {
    BOOST_TEST(base64(bytes) == text);
    BOOST_TEST((from_base64(text) == bytes));
    BOOST_TEST((from_hex(hex(bytes)) == bytes));
}

BOOST_DATA_TEST_CASE(malformed_base64_is_refused,
                     bdata::make({"Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Z g=", "Zg==Zg==", "Zm-v"}),
                     text) {
    BOOST_TEST(!from_base64(text).has_value());
}

BOOST_AUTO_TEST_CASE(hexadecimal_of_either_case_is_read_and_nothing_else) {
    BOOST_TEST((from_hex("00fFAb") == std::string("\0\xff\xab", 3)));
    BOOST_TEST(!from_hex("0").has_value());
    BOOST_TEST(!from_hex("0g").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

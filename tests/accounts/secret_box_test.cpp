#include <tributary/accounts/secret_box.hpp>
#include <tributary/base/crypto.hpp>
#include <tributary/base/log.hpp>

#include <type_traits>

#include "accounts/fixture.hpp"
#include "tributary/accounts/limits.hpp"

using namespace tributary;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

// A secret cannot be logged or printed by accident: it does not compile.
static_assert(!std::is_constructible_v<log_field, std::string_view, secret_text>);
static_assert(!std::is_convertible_v<secret_text, std::string_view>);
static_assert(!std::is_convertible_v<secret_text, std::string>);
template <class T>
concept printable = requires(std::ostream& out, const T& value) {
    out << value;
};
static_assert(printable<std::string> && !printable<secret_text> && !printable<master_key>);

BOOST_AUTO_TEST_SUITE(secrets_at_rest)

BOOST_FIXTURE_TEST_CASE(a_sealed_secret_opens_to_the_same_bytes, fixture) {
    for (const std::string& plain : {std::string("whsec_abc"), std::string(), std::string("a\0b", 3),
                                     std::string(secret_bytes_max, 'x')}) {
        const std::string sealed = box.seal(plain, "row", random);
        BOOST_TEST(must(box.open(sealed, "row")).reveal() == plain);
        BOOST_TEST(box.is_current(sealed));
        if (plain.size() > 8)
            BOOST_TEST(sealed.find(plain.substr(0, 8)) == std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(the_same_secret_never_looks_the_same, fixture) {
    BOOST_TEST(box.seal("plain", "row", random) != box.seal("plain", "row", random));
}

BOOST_FIXTURE_TEST_CASE(every_single_changed_bit_is_noticed, fixture) {
    const std::string sealed = box.seal("whsec_abc", "row", random);
    for (std::size_t at = 0; at < sealed.size() * 8; ++at) {
        std::string changed = sealed;
        changed[at / 8] = static_cast<char>(changed[at / 8] ^ (1 << at % 8));
        const auto opened = box.open(changed, "row");
        const bool in_key_id = at / 8 >= 1 && at / 8 <= 8;
        BOOST_TEST(code_of(opened) ==
                       (in_key_id ? accounts_errc::sealed_by_other_key : accounts_errc::seal_broken),
                   "bit " << at);
    }
}

BOOST_FIXTURE_TEST_CASE(every_cut_and_every_longer_one_is_noticed, fixture) {
    const std::string sealed = box.seal("whsec_abc", "row", random);
    for (std::size_t size = 0; size < sealed.size(); ++size)
        BOOST_TEST(code_of(box.open(sealed.substr(0, size), "row")) == accounts_errc::seal_broken);
    BOOST_TEST(code_of(box.open(sealed + "x", "row")) == accounts_errc::seal_broken);
    BOOST_TEST(code_of(box.open(std::string(100'000, '\1'), "row")) == accounts_errc::seal_broken);
}

BOOST_FIXTURE_TEST_CASE(a_secret_moved_to_another_row_does_not_open, fixture) {
    const std::string sealed = box.seal("whsec_abc", "con_1\nwebhook", random);
    BOOST_TEST(code_of(box.open(sealed, "con_2\nwebhook")) == accounts_errc::seal_broken);
    BOOST_TEST(code_of(box.open(sealed, "con_1\nwebhoo")) == accounts_errc::seal_broken);
    BOOST_TEST(code_of(box.open(sealed, "")) == accounts_errc::seal_broken);
}

BOOST_FIXTURE_TEST_CASE(another_key_does_not_open_it_and_says_so, fixture) {
    const secret_box other(master_key::generate(random));
    const std::string sealed = box.seal("whsec_abc", "row", random);
    BOOST_TEST(code_of(other.open(sealed, "row")) == accounts_errc::sealed_by_other_key);
    BOOST_TEST(!other.is_current(sealed));
}

BOOST_FIXTURE_TEST_CASE(an_earlier_key_in_the_ring_still_opens_and_is_not_sealed_with, fixture) {
    const master_key first = master_key::generate(random);
    const master_key second = master_key::generate(random);
    const secret_box before(first);
    const secret_box after(second, {first});
    const std::string old_seal = before.seal("whsec_abc", "row", random);
    BOOST_TEST(must(after.open(old_seal, "row")).reveal() == "whsec_abc");
    BOOST_TEST(!after.is_current(old_seal));
    const std::string new_seal = after.seal("whsec_abc", "row", random);
    BOOST_TEST(after.is_current(new_seal));
    BOOST_TEST(code_of(before.open(new_seal, "row")) == accounts_errc::sealed_by_other_key);
}

BOOST_AUTO_TEST_CASE(sealed_secrets_of_released_versions_open_for_ever) {
    // Made by the first version with the key 00 01 02 ... 1f and the random bytes of seed 1.
    std::string raw;
    for (char byte = 0; byte < 32; ++byte)
        raw += byte;
    const secret_box box(must(master_key::parse(hex_encode(raw))));
    const std::string kept =
        *hex_decode("0120edb12cbfffc506686f68bb5fbd45224efa18235092eb229a45e67ae7d182738dc8b938575366"
                    "b4911adc1e9f2516b0efb1e69f96a221a64542448df7");
    BOOST_TEST(must(box.open(kept, "golden row")).reveal() == "golden secret");
    seeded_entropy random(1);
    BOOST_TEST(hex_encode(box.seal("golden secret", "golden row", random)) == hex_encode(kept));
}

BOOST_AUTO_TEST_CASE(a_master_key_is_read_from_base64_and_from_hex) {
    seeded_entropy random(3);
    const master_key key = master_key::generate(random);
    const std::string base64(key.text().reveal());
    const std::string hex = hex_encode(key.bytes());
    for (const std::string& text : {base64, hex, " \n" + base64 + "\r\n", hex + "\n"}) {
        const master_key parsed = must(master_key::parse(text));
        BOOST_TEST((parsed.bytes() == key.bytes()));
        BOOST_TEST((parsed.id() == key.id()));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_master_key_is_refused) {
    seeded_entropy random(3);
    const std::string base64(master_key::generate(random).text().reveal());
    const std::vector<std::string> refused{
        "", " ", "key", base64.substr(1), base64 + base64, base64.substr(0, 43), std::string(64, 'g'),
        std::string(62, 'a'), base64_encode(std::string(31, 'a')), base64_encode(std::string(33, 'a')),
        // A template that nobody filled in.
        std::string(64, '0'), base64_encode(std::string(32, 'a')), base64_encode(std::string(32, '\0'))};
    for (const std::string& text : refused) {
        const auto parsed = master_key::parse(text);
        BOOST_TEST(code_of(parsed) == accounts_errc::bad_master_key);
        if (text.size() > 3)
            BOOST_TEST(parsed.error().text().find(text) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()

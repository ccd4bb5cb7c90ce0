#include <tributary/accounts/api_keys.hpp>
#include <tributary/accounts/limits.hpp>
#include <tributary/accounts/scope.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "accounts/fixture.hpp"

using namespace tributary;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

namespace {

new_api_key wanted(std::int64_t workspace_id = 1) {
    return {workspace_id, environment::live, "server", {"links.read", "conversions.*"}, std::nullopt};
}

/// Gives the same bytes for ever: a broken generator.
class stuck_entropy final : public entropy {
  public:
    void fill(void* bytes, std::size_t count) override {
        std::fill_n(static_cast<unsigned char*>(bytes), count, static_cast<unsigned char>(1));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(keys_of_the_api, fixture)

BOOST_AUTO_TEST_CASE(a_created_key_is_found_by_its_clear_text) {
    const created_api_key made = must(keys().create(wanted()));
    const std::string clear(made.clear.reveal());
    BOOST_TEST(clear.size() == 41u);
    BOOST_TEST(clear.starts_with("trb_live_"));
    BOOST_TEST(made.key.key_id == clear.substr(0, 17));
    const api_key found = must(keys().find(clear));
    BOOST_TEST(found.key_id == made.key.key_id);
    BOOST_TEST(found.workspace_id == 1);
    BOOST_TEST((found.environment == environment::live));
    BOOST_TEST(found.name == "server");
    BOOST_TEST(found.scopes == "conversions.* links.read");
    BOOST_TEST(scope_allows(found.scopes, "conversions.write"));
    BOOST_TEST(!scope_allows(found.scopes, "links.write"));
    BOOST_TEST(found.created_at == time.now);
    BOOST_TEST(!found.expires_at.has_value());
}

BOOST_AUTO_TEST_CASE(a_sandbox_key_says_so) {
    new_api_key sandbox = wanted();
    sandbox.environment = environment::sandbox;
    const created_api_key made = must(keys().create(sandbox));
    BOOST_TEST(made.clear.reveal().starts_with("trb_test_"));
    BOOST_TEST((must(keys().find(made.clear.reveal())).environment == environment::sandbox));
}

BOOST_AUTO_TEST_CASE(what_is_no_key_or_nearly_one_is_unknown) {
    const std::string clear(must(keys().create(wanted())).clear.reveal());
    std::string other_end = clear;
    other_end.back() = other_end.back() == 'a' ? 'b' : 'a';
    for (const std::string& text :
         {std::string(), std::string("trb_live_"), clear.substr(0, 17), clear.substr(0, 40), clear + " ",
          other_end, std::string(100'000, 'a'), std::string("\0", 1)})
        BOOST_TEST(code_of(keys().find(text)) == accounts_errc::unknown_key);
}

BOOST_AUTO_TEST_CASE(the_clear_text_is_stored_nowhere) {
    const created_api_key made = must(keys().create(wanted()));
    const std::string hidden(made.clear.reveal().substr(17));
    constexpr storage::statement everything{"test.everything",
                                            "SELECT key_hash, key_id, name, scopes FROM api_key"};
    int rows = 0;
    must(session->query(everything, {}, [&](const storage::row& row) {
        ++rows;
        BOOST_TEST(row.text(0).size() == 32u);
        for (int column = 0; column < row.columns(); ++column)
            BOOST_TEST(row.text(column).find(hidden) == std::string_view::npos);
    }));
    BOOST_TEST(rows == 1);
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_refused_and_stays_revoked_since_the_first_time) {
    const created_api_key made = must(keys().create(wanted()));
    time.now += 10;
    must(keys().revoke(1, made.key.key_id));
    time.now += 10;
    must(keys().revoke(1, made.key.key_id));
    BOOST_TEST(code_of(keys().find(made.clear.reveal())) == accounts_errc::revoked_key);
    BOOST_TEST(must(keys().list(1)).at(0).revoked_at.value() == time.now - 10);
}

BOOST_AUTO_TEST_CASE(a_workspace_cannot_revoke_or_see_the_key_of_another) {
    const created_api_key made = must(keys().create(wanted(1)));
    BOOST_TEST(code_of(keys().revoke(2, made.key.key_id)) == accounts_errc::not_found);
    BOOST_TEST(code_of(keys().revoke(1, "trb_live_")) == accounts_errc::not_found);
    must(keys().find(made.clear.reveal()));
    BOOST_TEST(must(keys().list(2)).empty());
    BOOST_TEST(must(keys().list(1)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_key_expires_in_the_millisecond_that_it_says) {
    new_api_key short_lived = wanted();
    short_lived.expires_at = time.now + 100;
    const created_api_key made = must(keys().create(short_lived));
    time.now += 99;
    BOOST_TEST(must(keys().find(made.clear.reveal())).expires_at.value() == time.now + 1);
    time.now += 1;
    BOOST_TEST(code_of(keys().find(made.clear.reveal())) == accounts_errc::expired_key);
}

BOOST_AUTO_TEST_CASE(keys_that_make_no_sense_are_refused) {
    new_api_key past = wanted();
    past.expires_at = time.now;
    BOOST_TEST(code_of(keys().create(past)) == accounts_errc::invalid_argument);
    new_api_key nameless = wanted();
    nameless.name = "";
    BOOST_TEST(code_of(keys().create(nameless)) == accounts_errc::invalid_argument);
    new_api_key useless = wanted();
    useless.scopes = {};
    BOOST_TEST(code_of(keys().create(useless)) == accounts_errc::invalid_argument);
    new_api_key nowhere = wanted();
    nowhere.environment = static_cast<environment>(0);
    BOOST_TEST(code_of(keys().create(nowhere)) == accounts_errc::invalid_argument);
    BOOST_TEST(must(keys().list(1)).empty());
}

BOOST_AUTO_TEST_CASE(every_character_of_the_alphabet_is_used_about_equally) {
    std::map<char, int> times;
    std::set<std::string> distinct;
    for (std::int64_t index = 0; index < 500; ++index) {
        const created_api_key made = must(keys().create(wanted()));
        distinct.emplace(made.clear.reveal());
        for (const char c : made.clear.reveal().substr(9))
            ++times[c];
    }
    BOOST_TEST(distinct.size() == 500u);
    BOOST_TEST(times.size() == 62u);
    // 16000 characters, 258 of each on average, standard deviation 16. Taking bytes modulo 62 would give the
    // first eight 312 each.
    for (const auto& [character, count] : times)
        BOOST_TEST((count > 258 - 5 * 16 && count < 258 + 5 * 16),
                   character << " came " << count << " times");
    int first_eight = 0;
    for (const char c : std::string_view("01234567"))
        first_eight += times[c];
    BOOST_TEST(first_eight < 8 * 258 + 5 * 45);
}

BOOST_AUTO_TEST_CASE(a_taken_beginning_is_never_given_twice) {
    stuck_entropy stuck;
    api_keys broken(*session, time, stuck);
    must(broken.create(wanted()));
    BOOST_TEST(code_of(broken.create(wanted())) == accounts_errc::too_many);
    BOOST_TEST(must(keys().list(1)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(keys_are_listed_oldest_first_up_to_a_greatest_number) {
    must(session->begin());
    for (std::size_t index = 0; index < keys_per_workspace_max; ++index) {
        time.now += 1;
        must(keys().create(wanted()));
    }
    must(session->commit());
    BOOST_TEST(code_of(keys().create(wanted())) == accounts_errc::too_many);
    must(keys().create(wanted(2)));
    const auto listed = must(keys().list(1));
    BOOST_TEST(listed.size() == keys_per_workspace_max);
    BOOST_TEST(std::ranges::is_sorted(listed, {}, &api_key::created_at));
}

BOOST_AUTO_TEST_SUITE_END()

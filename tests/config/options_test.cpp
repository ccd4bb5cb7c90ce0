#include <tributary/config/options.hpp>

#include <set>

#include "config/fixture.hpp"
#include "config/parse_value.hpp"

using namespace tributary::config;
using namespace tributary::config::test;

BOOST_AUTO_TEST_SUITE(table_of_options)

BOOST_AUTO_TEST_CASE(keys_are_unique_and_sections_stay_together) {
    std::set<std::string_view> keys;
    std::set<std::string_view> finished;
    std::string_view section;
    for (const option_info& option : options()) {
        BOOST_TEST(keys.insert(option.key).second, option.key);
        if (option.section() != section) {
            BOOST_TEST(finished.insert(section).second);
            BOOST_TEST(!finished.contains(option.section()), option.key);
            section = option.section();
        }
        BOOST_TEST(option.description.ends_with('.'), option.key);
    }
}

BOOST_AUTO_TEST_CASE(two_options_never_share_a_variable_and_only_the_key_file_looks_like_a_file_variable) {
    std::set<std::string> names;
    for (const option_info& option : options())
        BOOST_TEST(names.insert(environment_name(option.key)).second, option.key);
    for (const option_info& option : options())
        if (names.contains(environment_name(option.key) + "_FILE"))
            BOOST_TEST(option.key == "secrets.key");
}

BOOST_AUTO_TEST_CASE(every_default_would_be_accepted_if_it_were_given) {
    const configuration made;
    for (const option_info& option : options()) {
        if (option.secret())
            continue;
        const configuration again =
            loaded("[" + std::string(option.section()) + "]\n" + std::string(option.name()) + " = " +
                   toml_text(option, option.load(made)));
        BOOST_TEST((option.load(again) == option.load(made)), option.key);
        BOOST_TEST(again.origins.size() == 1u, option.key);
    }
}

BOOST_AUTO_TEST_CASE(an_option_writes_its_own_member_and_no_other) {
    for (const option_info& changed : options()) {
        configuration made;
        const setting_value before = changed.load(made);
        setting_value other = before;
        if (auto* number = std::get_if<std::int64_t>(&other))
            *number = *number == changed.maximum ? changed.minimum : *number + 1;
        else if (auto* text = std::get_if<std::string>(&other))
            *text = changed.kind == option_kind::address ? "1.2.3.4:5" : "other";
        else
            std::get<std::vector<std::string>>(other).emplace_back("other");
        changed.store(made, other);
        for (const option_info& each : options()) {
            const setting_value expected = each.key == changed.key ? other : each.load(configuration{});
            BOOST_TEST((each.load(made) == expected), changed.key << " changed " << each.key);
        }
    }
}

BOOST_AUTO_TEST_CASE(keys_are_found_by_their_whole_name) {
    BOOST_REQUIRE(find_option("server.listen") != nullptr);
    BOOST_TEST(find_option("server.listen")->name() == "listen");
    BOOST_TEST(find_option("server.liste") == nullptr);
    BOOST_TEST(find_option("") == nullptr);
    BOOST_TEST(environment_name("server.tls_key") == "TRIBUTARY_SERVER_TLS_KEY");
}

BOOST_AUTO_TEST_CASE(the_edit_distance_counts_letters_added_lost_replaced_and_swapped) {
    BOOST_TEST(edit_distance("listen", "listen") == 0u);
    BOOST_TEST(edit_distance("lisen", "listen") == 1u);
    BOOST_TEST(edit_distance("listten", "listen") == 1u);
    BOOST_TEST(edit_distance("lixten", "listen") == 1u);
    BOOST_TEST(edit_distance("litsen", "listen") == 1u);
    BOOST_TEST(edit_distance("", "abc") == 3u);
    BOOST_TEST(edit_distance("abc", "") == 3u);
    BOOST_TEST(edit_distance("kitten", "sitting") == 3u);
}

BOOST_AUTO_TEST_CASE(the_nearest_candidate_is_near) {
    const std::vector<std::string_view> candidates{"log.level", "server.tls_certificate", "storage.path"};
    BOOST_TEST(nearest("log.levle", candidates) == "log.level");
    BOOST_TEST(nearest("server.tls_cert", candidates) == "server.tls_certificate");
    BOOST_TEST(nearest("server.", candidates) == "");
    BOOST_TEST(nearest("completely.different", candidates) == "");
    BOOST_TEST(nearest("", candidates) == "");
    BOOST_TEST(nearest(std::string(1'000'000, 'a'), candidates) == "");
}

BOOST_AUTO_TEST_SUITE_END()

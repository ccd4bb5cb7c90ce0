#include <boost/test/unit_test.hpp>

#include <set>

#include "events.hpp"
#include "harness.hpp"

// Goal: the table of events is whole, and the page that people read says what the table says.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;

/// The table of docs/reference/stripe-events.md, as it must be.
std::string table_text() {
    std::string text = "| event | subscribe | becomes, or why nothing does |\n| --- | --- | --- |\n";
    for (const event_entry& entry : events()) {
        const std::string name = std::string(entry.type) + (entry.type.ends_with('.') ? "*" : "");
        const char* subscribe = entry.needed ? "yes" : entry.tell != nullptr ? "read when sent" : "no";
        text += "| `" + name + "` | " + subscribe + " | " + std::string(entry.becomes) + " |\n";
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_events)

BOOST_AUTO_TEST_CASE(each_event_is_in_one_row_and_says_what_becomes_of_it) {
    std::set<std::string_view> seen;
    for (const event_entry& entry : events()) {
        BOOST_TEST(seen.insert(entry.type).second, entry.type);
        BOOST_TEST(!entry.becomes.empty(), entry.type);
        BOOST_TEST((entry.tell != nullptr || !entry.needed), entry.type);
        BOOST_TEST(find_event(entry.type) == &entry, entry.type << " stands behind a row that takes it");
    }
}

BOOST_AUTO_TEST_CASE(an_endpoint_is_not_asked_for_what_is_not_read) {
    const std::vector<std::string_view> needed = needed_events();
    BOOST_TEST(needed.size() > 40u);
    BOOST_TEST(needed.size() < 100u);
    for (const std::string_view type : needed)
        BOOST_TEST(!type.ends_with('.'), type); // Stripe takes whole names only.
}

BOOST_AUTO_TEST_CASE(the_page_says_what_the_table_says) {
    const std::string page =
        read_file(std::filesystem::path(TRIBUTARY_SOURCE_DIR) / "docs" / "reference" / "stripe-events.md");
    BOOST_TEST((page.find(table_text()) != std::string::npos), "docs/reference/stripe-events.md must hold:\n"
                                                                   << table_text());
}

BOOST_AUTO_TEST_SUITE_END()

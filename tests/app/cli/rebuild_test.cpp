// Rebuilds through the built tool, and that they say the truth about differences.
#include <tributary/storage/storage.hpp>

#include <boost/test/unit_test.hpp>

#include "app/cli/shop.hpp"
#include "plugins/toy/toy_message.hpp"

using namespace tributary::test;

namespace {

constexpr std::int64_t noon = 1'709'208'000'000;

struct sold {
    shop in;
    std::string connection = in.connect();

    sold() {
        for (int index = 0; index < 5; ++index)
            in.deliver(
                connection,
                toy::payment("e" + std::to_string(index), "pay_" + std::to_string(index), noon, 1000).text());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rebuild_command, sold)

BOOST_AUTO_TEST_CASE(a_rebuild_of_sound_data_differs_in_nothing) {
    for (const auto& arguments : {std::vector<std::string>{"rebuild"}, {"rebuild", "--from-inbox"}}) {
        const auto done = in.ask(arguments);
        BOOST_TEST(!done.at("differs").as_bool());
        BOOST_TEST(done.at("subjects").as_int64() == 5);
        BOOST_TEST(done.at("tables").at(0).at("rows").as_int64() == 5);
        BOOST_TEST(done.at("failed_records").as_int64() == 0);
    }
    BOOST_TEST(in.ask({"rebuild", "--from-inbox"}).at("records").as_int64() == 5);
    BOOST_TEST(in.run({"rebuild"}).out.find("Nothing differs") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_row_that_somebody_changed_is_repaired_and_said_to_differ) {
    {
        tributary::storage::sqlite_options options;
        options.path = (in.directory() / "tributary.db").string();
        auto database = tributary::storage::open_sqlite(options);
        BOOST_REQUIRE(database);
        auto writer = (*database)->open_writer();
        BOOST_REQUIRE(writer);
        BOOST_REQUIRE((*writer)->execute_script("UPDATE toyfold_payment SET net_minor = 1 WHERE rowid = 1"));
    }
    const auto done = in.ask({"rebuild"});
    BOOST_TEST(done.at("differs").as_bool());
    for (const auto& table : done.at("tables").as_array())
        BOOST_TEST(table.at("differs").as_bool() == (table.at("table").as_string() == "toyfold_payment"));
    BOOST_TEST(!in.ask({"rebuild"}).at("differs").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()

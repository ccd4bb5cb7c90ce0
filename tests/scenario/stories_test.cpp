#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

#include "scenario/story_world.hpp"

// Promise 2: any order and any duplication of deliveries gives the same rows, to the byte. Each story is told
// in order once; that is the reference. Then all orders up to six deliveries, and random ones with
// repetitions and random batches beyond; every history gets a workspace of its own.

namespace tributary::test {
namespace {

namespace data = boost::unit_test::data;

struct story_case {
    const char* name;
    std::int64_t sales;      ///< succeeded payments
    std::int64_t commission; ///< 20 % of what remains
};
std::ostream& operator<<(std::ostream& out, const story_case& one) {
    return out << one.name;
}

const story_case stories[] = {
    {"one-time", 1, 580},      {"guest", 1, 580},          {"payment-link", 1, 580},
    {"subscription", 3, 1740}, {"refund-partial", 1, 290}, {"refund-full", 1, 0},
    {"refund-failed", 1, 580}, {"dispute-won", 1, 580},    {"dispute-lost", 1, 0},
    {"async-payment", 1, 580},
};

/// The newest API version gets the full number of shuffles, the older shapes a tenth.
const char* const older_versions[] = {"2020-08-27", "2022-11-15", "2025-02-24.acacia"};
constexpr int shuffles = 2000;
constexpr int shuffles_of_older = 200;
constexpr int histories_per_world = 250; ///< A fresh database now and then keeps memory bounded.

int scaled(int count) {
    const char* percent = std::getenv("TRIBUTARY_SCENARIO_PERCENT"); // sanitizer builds run fewer
    return percent == nullptr ? count : std::max(1, count * std::atoi(percent) / 100);
}

/// Runs histories of one story, each in its own workspace, against the reference.
class comparison {
  public:
    comparison(const story_case& what, std::string api_version)
        : what_(what), version_(std::move(api_version)) {
        reference_ = run({}, {});
    }

    void check(const std::vector<std::size_t>& order, const std::vector<bool>& batch_ends) {
        const std::string rows = run(order, batch_ends);
        BOOST_REQUIRE_MESSAGE(rows == reference_, what_.name << " " << version_ << " in the order "
                                                             << shown(order) << " gives other rows:\n"
                                                             << rows << "instead of\n"
                                                             << reference_);
    }

    std::size_t delivery_count() const { return count_; }

  private:
    std::string run(std::vector<std::size_t> order, const std::vector<bool>& batch_ends) {
        if (!world_ || ++histories_ % histories_per_world == 0)
            world_ = std::make_unique<story_world>();
        const space in = world_->new_workspace();
        const told_story told = world_->tell(what_.name, version_, in);
        count_ = told.deliveries.size();
        if (order.empty()) {
            order.resize(count_);
            std::iota(order.begin(), order.end(), std::size_t{0});
        }
        world_->deliver(told, order, batch_ends);
        BOOST_REQUIRE_EQUAL(world_->earned(in, "sale"), what_.commission);
        BOOST_REQUIRE_EQUAL(
            world_->world().number(in, "SELECT COUNT(*) FROM attribution_sale WHERE workspace_id = $1 AND "
                                       "environment = $2 AND status IN ('paid', 'refunded')"),
            what_.sales);
        BOOST_REQUIRE_EQUAL(told.expected.at("sales"), what_.sales);
        return world_->world().dump(in);
    }

    static std::string shown(const std::vector<std::size_t>& order) {
        std::string text;
        for (const std::size_t index : order)
            text += std::to_string(index) + " ";
        return text;
    }

    story_case what_;
    std::string version_;
    std::unique_ptr<story_world> world_;
    int histories_ = 0;
    std::size_t count_ = 0;
    std::string reference_;
};

void all_orders(comparison& compared) {
    std::vector<std::size_t> order(compared.delivery_count());
    std::iota(order.begin(), order.end(), std::size_t{0});
    do
        compared.check(order, {});
    while (std::next_permutation(order.begin(), order.end()));
}

void random_orders(comparison& compared, int count) {
    std::mt19937 random(20'261'122); // The same in every run: a failure is repeated by running again.
    for (int round = 0; round < scaled(count); ++round) {
        std::vector<std::size_t> order(compared.delivery_count());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const std::size_t repetitions = random() % 4;
        for (std::size_t extra = 0; extra < repetitions; ++extra)
            order.push_back(random() % compared.delivery_count());
        std::shuffle(order.begin(), order.end(), random);
        std::vector<bool> batch_ends(order.size());
        for (std::size_t at = 0; at < order.size(); ++at)
            batch_ends[at] = random() % 3 == 0;
        compared.check(order, batch_ends);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(stories_in_any_order)

BOOST_DATA_TEST_CASE(give_the_same_rows_to_the_byte, data::make(stories), what) {
    comparison compared(what, "");
    if (compared.delivery_count() <= 6)
        all_orders(compared);
    else
        random_orders(compared, shuffles);
}

BOOST_DATA_TEST_CASE(give_the_same_rows_in_older_shapes_too, data::make(stories) * data::make(older_versions),
                     what, version) {
    comparison compared(what, version);
    random_orders(compared, shuffles_of_older);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test

#include "events.hpp"

#include <array>
#include <random>
#include <span>

namespace tributary::bench::rules {
namespace {

/// Numbers that are the same with every standard library, which distributions are not.
class dice {
  public:
    std::int64_t below(std::int64_t end) {
        return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(end));
    }
    std::string one_of(std::span<const char* const> texts) {
        return texts[static_cast<std::size_t>(below(static_cast<std::int64_t>(texts.size())))];
    }

  private:
    std::mt19937_64 engine_{20261122};
};

constexpr std::array products = {"prod_premium", "prod_premium", "prod_premium", "prod_premium",
                                 "prod_premium", "prod_premium", "prod_regular", "prod_starter"};
constexpr std::array kinds = {"new", "recurring", "recurring"};
constexpr std::array countries = {"US", "US", "US", "CA", "CA", "GB", "GB", "GB", "DE", "FR"};
constexpr std::array sources = {"tracked", "tracked", "submitted", "trial"};

sale mixed_sale(dice& with) {
    sale made;
    // Whole units often, as prices are.
    made.amount = with.below(3) == 0 ? with.below(600) * 100 : with.below(60'000);
    made.quantity = 1 + with.below(6);
    made.product_id = with.one_of(products);
    made.type = with.one_of(kinds);
    made.country = with.one_of(countries);
    made.source = with.one_of(sources);
    made.months = with.below(36);
    made.partner_total = with.below(2'000'000);
    return made;
}

constexpr std::array addresses = {"10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4",
                                  "10.0.1.5", "10.0.1.7", "10.0.1.8", "10.0.1.9"};
constexpr std::array paths = {"v1/items",    "v2/items",     "/admin/users",
                              "/admin/keys", "v1/orders/77", "/public"};
constexpr std::array tokens = {"v1", "v2", "admin", "admin", "none"};

} // namespace

std::vector<sale> mixed_sales() {
    dice with;
    std::vector<sale> made(event_count);
    for (sale& each : made)
        each = mixed_sale(with);
    return made;
}

std::vector<sale> winning_sales() {
    dice with;
    std::vector<sale> made(event_count);
    for (sale& each : made) {
        each = mixed_sale(with);
        each.amount += 10'000;
        each.product_id = "prod_premium";
        each.country = with.one_of(std::span(countries).first(8));
    }
    return made;
}

std::vector<request> mixed_requests() {
    dice with;
    std::vector<request> made(event_count);
    for (request& each : made)
        each = {with.one_of(addresses), with.one_of(paths), with.one_of(tokens)};
    return made;
}

} // namespace tributary::bench::rules

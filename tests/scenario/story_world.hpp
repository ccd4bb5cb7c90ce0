#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/engine_fixture.hpp"

/// The engine with the Stripe and attribution plugins as they are shipped, one partner, one link, one reward.
namespace tributary::test {

inline constexpr const char* story_click = "Click00000000001";
inline constexpr std::int64_t story_amount = 2900;

/// A story told: deliveries in the order in which the provider sends them.
struct told_story {
    std::string name;
    std::vector<delivery> deliveries;
    std::map<std::string, std::int64_t> expected; ///< what the simulator says must come out
};

class story_world {
  public:
    story_world();
    ~story_world();

    engine_world& world() { return *world_; }
    /// A workspace with a connection, a partner's link that was clicked, 20 % on sales and 500 cents on a
    /// lead.
    space new_workspace();
    /// All stories that the plugin tells.
    std::vector<std::string> stories() const;
    /// Can this version tell it?
    bool can_tell(const std::string& name, const std::string& api_version) const;
    /// The story for a workspace; the same bytes for every workspace but for the connection's id.
    told_story tell(const std::string& name, const std::string& api_version, space in) const;
    /// Delivers in this order, in batches that end where `batch_ends` says (empty: each on its own), and
    /// settles.
    void deliver(const told_story& told, const std::vector<std::size_t>& order,
                 const std::vector<bool>& batch_ends);

    /// Sum of the earnings of open and paid commissions of a type.
    std::int64_t earned(space in, const std::string& type);

    /// What projections made of it: without the facts, which name the shape in which they came, and without
    /// what names documents, and without sales that no money stands behind.
    std::string rows(space in);

  private:
    struct loaded;
    std::unique_ptr<loaded> plugins_;
    std::unique_ptr<engine_world> world_;
};

} // namespace tributary::test

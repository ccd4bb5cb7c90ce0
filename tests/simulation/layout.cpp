#include "simulation/simulation.hpp"

// What a world is made of, drawn at its beginning.

namespace tributary::test {

simulation::simulation(std::uint64_t seed, simulation_counts& sums)
    : random_(seed), sums_(sums), world_(options()), disk_(database_->disk()) {
    draw_layout();
    draw_weather();
    furnish(world_);
    ++sums_.worlds;
}

world_options simulation::options() {
    world_options made;
    made.engine.interrupted_max = 1'000'000; // Here processes end for no reason that lies in a record.
    made.wrap = [this](std::unique_ptr<storage::database> inner) {
        auto wrapped = std::make_unique<dying_database>(std::move(inner));
        database_ = wrapped.get();
        return wrapped;
    };
    return made;
}

/// Accounts are connected in several workspaces, live and sandbox, and now and then twice in one.
void simulation::draw_layout() {
    for (const char* name : {"a", "b", "c"})
        accounts_.emplace_back("toy:" + std::string(name), name);
    workspaces_ = 1 + static_cast<std::int64_t>(random_.below(2));
    for (std::int64_t workspace = 1; workspace <= workspaces_; ++workspace) {
        people_.emplace_back(space{workspace, TRB_LIVE});
        if (random_.one_in(3))
            people_.emplace_back(space{workspace, TRB_SANDBOX});
    }
    for (const people& one : people_)
        for (std::size_t count = 1 + random_.below(2); count > 0; --count)
            endpoints_.emplace_back(engine_world::connection_of(one.in()) + "_" +
                                        std::to_string(endpoints_.size()),
                                    one.in(), random_.below(accounts_.size()));
}

void simulation::draw_weather() {
    const auto drawn = [&](std::size_t limit) { return random_.one_in(3) ? 0 : random_.below(limit); };
    weather_.lost_percent = drawn(40);
    weather_.unheard_percent = drawn(40);
    weather_.repeated_percent = drawn(60);
    weather_.mutilated_percent = drawn(10);
    weather_.reordered = !random_.one_in(4);
    death_percent_ = drawn(60);
    clock_slips_ = random_.one_in(3);
}

void simulation::furnish(engine_world& world) const {
    for (std::int64_t count = 0; count < workspaces_; ++count)
        world.new_workspace();
    for (const endpoint& one : endpoints_)
        world.where.add(one.connection(), one.in(), accounts_[one.account_index()].realm());
}

} // namespace tributary::test

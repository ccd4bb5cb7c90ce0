#pragma once

#include <string>
#include <vector>

#include "simulation/dice.hpp"
#include "support/engine_fixture.hpp"

namespace tributary::test {

/// What people do in one space: visitors click, programs call the API, somebody changes a rate. Each of it
/// is tried again until its answer was heard, and is of the kind that may be repeated.
class people {
  public:
    enum class deed { click, payment, rate };
    struct errand {
        deed what = deed::click;
        clicks::click click;        ///< of a click
        std::string body;           ///< of a call
        std::string key;            ///< of a payment: its Idempotency-Key
        std::string currency;       ///< of a rate
        time_ms effective_from = 0; ///< of a rate
        std::int64_t bps = 0;       ///< of a rate
        bool is_misfit = false;     ///< a call that must be refused
        bool heard = false;
        bool refused = false; ///< and given up
    };

    explicit people(space in);

    space in() const noexcept { return in_; }
    const std::vector<errand>& errands() const noexcept { return errands_; }

    void act(dice& random, time_ms now_ms);
    /// Some of what was not heard.
    std::vector<std::size_t> send(dice& random, std::size_t limit);
    void heard(std::size_t index, bool refused) {
        errands_[index].heard = true;
        errands_[index].refused = refused;
    }
    bool is_done() const;

    /// An errand as work for the engine.
    static job make_job(engine_world& world, space in, const errand& what);

  private:
    space in_;
    std::vector<errand> errands_;
    std::size_t calls_ = 0;
};

} // namespace tributary::test

#pragma once

#include <tributary/sdk/simulator.hpp>

#include <string_view>

#include "json_path.hpp"
#include "simulator/shop.hpp"

namespace tributary::stripe::simulated {

/// Does this version send the event?
enum class sent { yes, no };

/// Signs what happens and delivers it, one event a second.
///
/// An event that the version does not send takes its second and its id all the same.
class stage {
  public:
    stage(shop& in, std::string_view secret, const trb_host_crypto_v1& crypto, sdk::story_sink into)
        : shop_(in), secret_(secret), crypto_(crypto), into_(into) {}

    shop& in() noexcept { return shop_; }
    void happens(std::string_view type, json::object object, json::object previous = {},
                 sent is_sent = sent::yes);
    /// Moves the clock; no time passes when the story is told in a hurry (interval_s is 0).
    void wait(std::int64_t seconds);
    bool too_long() const noexcept;

  private:
    shop& shop_;
    std::string_view secret_;
    const trb_host_crypto_v1& crypto_;
    sdk::story_sink into_;
    std::size_t told_ = 0;
};

inline sent when(bool is_sent) noexcept {
    return is_sent ? sent::yes : sent::no;
}

} // namespace tributary::stripe::simulated

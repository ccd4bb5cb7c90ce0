#include "stripe_plugin.hpp"
namespace tributary::stripe {
std::span<const trb_story> stripe_plugin::stories() noexcept {
    return {};
}
sdk::outcome stripe_plugin::tell(const trb_story_request&, sdk::story_sink) const {
    return {};
}
} // namespace tributary::stripe

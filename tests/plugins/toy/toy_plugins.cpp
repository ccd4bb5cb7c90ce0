#include "plugins/toy/toy_plugins.hpp"

#include "plugins/toy/toy_projection.hpp"
#include "plugins/toy/toy_provider.hpp"

namespace toy {

const trb_plugin* provider_plugin() noexcept {
    return sdk::exporter<toy_provider>::entry(provider_id);
}
const trb_plugin* projection_plugin() noexcept {
    return sdk::exporter<toy_projection>::entry(projection_id);
}
const trb_plugin* next_projection_plugin() noexcept {
    return sdk::exporter<toy_projection_next>::entry(projection_id);
}

} // namespace toy

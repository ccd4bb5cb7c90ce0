// The toy projection without its routes: those run in the host's process only.
#include "plugins/toy/toy_fold.hpp"
#include "plugins/toy/toy_projection.hpp"

namespace toy {
namespace {

class bare_fold final : public sdk::plugin, public sdk::projection {
  public:
    static constexpr std::string_view short_name = "barefold";
    static constexpr std::string_view version = "1.0.0";
    static constexpr std::string_view vendor = "tributary tests";
    static constexpr std::string_view projection_name = "barefold";
    static constexpr std::uint32_t fold_version = 5;

    static sdk::outcome create(sdk::host, std::string_view, std::unique_ptr<bare_fold>& made) {
        made = std::make_unique<bare_fold>();
        return {};
    }
    static std::span<const trb_migration> migrations() { return toy_projection::migrations(); }
    static std::span<const trb_table> tables() { return toy_projection::tables(); }
    static std::span<const trb_lookup_source> lookups() { return toy_projection::lookups(); }

    sdk::outcome fold(const trb_history& history, std::int64_t now_ms, sdk::fold_sink into) const override {
        return folding(history, now_ms, into, 0).run();
    }
};

} // namespace
} // namespace toy

TRIBUTARY_PLUGIN(toy::bare_fold)

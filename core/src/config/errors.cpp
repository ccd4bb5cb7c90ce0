#include <tributary/config/errors.hpp>

namespace tributary::config {
namespace {

// Boost's base has no virtual destructor on purpose: categories are static and are never deleted through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "tributary.config"; }
    std::string message(int code) const override {
        switch (static_cast<config_errc>(code)) {
        case config_errc::unreadable: return "cannot be read";
        case config_errc::syntax: return "is not TOML";
        case config_errc::unknown_key: return "unknown key";
        case config_errc::wrong_type: return "value of a wrong type";
        case config_errc::malformed: return "malformed value";
        case config_errc::out_of_range: return "value out of range";
        case config_errc::conflict: return "settings exclude each other";
        }
        return "unknown configuration error";
    }
};
#pragma GCC diagnostic pop

} // namespace

const boost::system::error_category& config_category() noexcept {
    static const category instance;
    return instance;
}

std::string problems::text() const {
    std::string out;
    for (const problem& each : all) {
        out += each.text();
        out += '\n';
    }
    return out;
}

void throw_exception_from_error(const problems& found, const boost::source_location&) {
    throw boost::system::system_error(found.all.empty() ? error_code() : found.all.front().code,
                                      found.text());
}

} // namespace tributary::config

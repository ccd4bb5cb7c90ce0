#include <tributary/base/category.hpp>
#include <tributary/config/errors.hpp>

namespace tributary::config {
namespace {

std::string_view message(int code) noexcept {
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

constexpr message_category category("tributary.config", message);

} // namespace

const boost::system::error_category& config_category() noexcept {
    return category;
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

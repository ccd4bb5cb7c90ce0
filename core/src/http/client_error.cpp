#include <tributary/base/category.hpp>
#include <tributary/http/client.hpp>

namespace tributary::http {
namespace {

std::string_view message(int value) noexcept {
    switch (static_cast<client_errc>(value)) {
    case client_errc::bad_url: return "the URL cannot be used";
    case client_errc::not_allowed: return "the host is not allowed";
    case client_errc::resolve_failed: return "the host was not found";
    case client_errc::connect_failed: return "no connection";
    case client_errc::tls_failed: return "no trusted TLS connection";
    case client_errc::timed_out: return "no answer in time";
    case client_errc::too_large: return "the answer is too large";
    case client_errc::malformed: return "the answer is malformed or cut off";
    case client_errc::stopped: return "the client was stopped";
    case client_errc::bad_request: return "the request cannot be sent";
    }
    return "unknown";
}

constexpr message_category category("tributary.http.client", message);

} // namespace

const boost::system::error_category& client_category() noexcept {
    return category;
}

} // namespace tributary::http

#pragma once

#include <tributary/base/log.hpp>
#include <tributary/config/configuration.hpp>
#include <tributary/http/client.hpp>

#include <memory>
#include <string>

namespace tributary::app::cli {

/// Makes one request after the other, for commands that wait. Plain http is allowed to this machine and to
/// the host of [server].public_url; everything else needs https.
class http_caller {
  public:
    http_caller(const config::configuration& settings, logger& log);

    /// @errors those of http::client, naming the URL.
    result<http::response> call(http::client_request request);

  private:
    std::unique_ptr<http::client> client_;
};

inline constexpr int short_patience_ms = 1000;
/// A GET of the daemon's address for operators, as this machine reaches it.
http::client_request admin_request(const config::configuration& settings, const std::string& path,
                                   int patience_ms);

/// Does a daemon with this configuration answer on its address for operators?
bool daemon_answers(const config::configuration& settings, http_caller& caller);

} // namespace tributary::app::cli

#pragma once

#include <tributary/app/assembly.hpp>
#include <tributary/app/writer.hpp>
#include <tributary/http/client.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>

#include "app/session_pool.hpp"

namespace tributary::app {

/// Makes the requests that plugins want: puts secrets in, sends, hands the answers to the writer.
class fetcher {
  public:
    fetcher(assembly& parts, writer& writes);
    ~fetcher();

    /// Called on the writer's thread with what is due; those in flight already are left out.
    void fetch(std::vector<inbox::want> wanted);
    void stop();

  private:
    using key = std::tuple<std::int64_t, std::string, std::string>;

    result<http::client_request> prepare(const inbox::want& wanted);
    void finish(inbox::want wanted, result<http::response> answer);

    assembly& parts_;
    writer& writer_;
    session_pool readers_;
    std::mutex mutex_;
    std::shared_ptr<http::client> client_; ///< none once stopped
    std::set<key> in_flight_;
};

/// A want as a request that can be sent, with the connection's secrets in it.
/// @errors engine_errc::not_found: the connection has no secret of that name.
result<http::client_request> with_secrets(const inbox::want& wanted, const connection_info& connection);

} // namespace tributary::app

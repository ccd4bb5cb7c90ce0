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

/// Replaces each {secret:NAME} by the newest secret of that name. False: there is none; `missing` names it.
bool substitute_secrets(std::string& text, const connection_info& connection, std::string& missing);

} // namespace tributary::app

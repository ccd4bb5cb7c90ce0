#pragma once

#include <tributary/app/assembly.hpp>
#include <tributary/app/writer.hpp>
#include <tributary/http/server.hpp>

#include <functional>
#include <string_view>

namespace tributary::app {

/// Answers the admin listener: /healthz, /readyz, /metrics, /plugins.
class admin {
  public:
    using reload_function = std::function<result<plugins::plugin_ptr>(std::string_view instance)>;

    admin(assembly& parts, writer& writes, const http::server& front_server, reload_function reload)
        : parts_(parts), writer_(writes), server_(front_server), reload_(std::move(reload)) {}

    http::response handle(const http::request& request);
    /// Does handle() take long over it: a plugin is started, and the writer waited for?
    static bool takes_long(const http::request& request) noexcept;

  private:
    http::response ready();
    http::response metrics_text();
    http::response plugins_text() const;
    http::response reload(const http::request& request);

    assembly& parts_;
    writer& writer_;
    const http::server& server_;
    reload_function reload_;
};

} // namespace tributary::app

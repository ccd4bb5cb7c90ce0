#pragma once

#include <tributary/app/assembly.hpp>
#include <tributary/app/writer.hpp>
#include <tributary/http/server.hpp>

namespace tributary::app {

/// Answers the admin listener: /healthz, /readyz, /metrics.
class admin {
  public:
    admin(assembly& parts, writer& writes, const http::server& front_server)
        : parts_(parts), writer_(writes), server_(front_server) {}

    http::response handle(const http::request& request);

  private:
    http::response ready();
    http::response metrics_text();

    assembly& parts_;
    writer& writer_;
    const http::server& server_;
};

} // namespace tributary::app

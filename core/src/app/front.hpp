#pragma once

#include <tributary/app/assembly.hpp>
#include <tributary/app/writer.hpp>
#include <tributary/http/server.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "app/router.hpp"
#include "app/session_pool.hpp"

namespace tributary::app {

/// Answers the public listener: decides who a request is for, and hands it on.
class front {
  public:
    front(assembly& parts, writer& writes);

    void handle(http::request&& request, http::responder respond);
    /// The plugins have changed: from now on their routes are these.
    void refresh();
    /// Errors of the server itself, in the shape of the API.
    http::response render_error(int status, std::string_view code, std::string_view message,
                                std::string_view request_id) const;

  private:
    struct call_context;

    void webhook(http::request&& request, http::responder respond);
    void refuse_delivery(delivery_refusal refusal, std::string_view connection, std::string_view request_id,
                         const http::responder& respond);
    void api(http::request&& request, const http::responder& respond);
    bool redirect(http::request& request, const http::responder& respond);
    void call(std::shared_ptr<call_context> context, const http::responder& respond);
    void run_read(const std::shared_ptr<call_context>& context, const http::responder& respond);
    void run_write(const std::shared_ptr<call_context>& context, const http::responder& respond);
    http::response error(const plugins::plugin_ptr& shaped_by, int status, std::string_view code,
                         std::string_view message, std::string_view request_id) const;
    void submit(job what, const http::responder& respond, const std::string& request_id);

    assembly& parts_;
    writer& writer_;
    std::shared_ptr<const router> routes() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const router> router_; ///< under mutex_
    session_pool readers_;
};

} // namespace tributary::app

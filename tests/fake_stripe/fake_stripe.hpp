#pragma once

#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/http/server.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fake_stripe/endpoints.hpp"
#include "fake_stripe/faults.hpp"
#include "fake_stripe/permissions.hpp"
#include "fake_stripe/store.hpp"
#include "fake_stripe/wire.hpp"

namespace tributary::fake_stripe {

struct options {
    std::uint16_t port = 0; ///< 0: any free one
    std::string account = "acct_fake";
    std::vector<std::string> keys = {"sk_test_fake", "rk_test_fake"}; ///< All others are wrong.
    std::string api_version = "2026-10-28.endive"; ///< Of the account: for requests that name none.
    bool livemode = false;
};

/// A request that came in, for assertions.
struct logged_request {
    std::string method;
    std::string path;
    std::string query;
    std::string body;
    std::string key;
    std::string api_version;     ///< as asked for; "" for none
    std::string idempotency_key; ///< "" for none
    int status = 0;              ///< of the answer, as far as it was one
};

/// Stripe's API on 127.0.0.1: objects that a test gives, lists and filters as Stripe has them, and whatever
/// can go wrong on the way. See README.md for what it does and what it does not.
///
/// Listens from construction to destruction. Thread-safe.
class fake {
  public:
    /// @throws std::exception when it cannot listen.
    explicit fake(options chosen = {});
    ~fake();
    fake(const fake&) = delete;
    fake& operator=(const fake&) = delete;

    std::uint16_t port() const noexcept { return wire_->port(); }
    std::string base() const { return "http://127.0.0.1:" + std::to_string(port()); }

    /// One object, or an array of them, as JSON of the newest API version.
    /// @throws std::exception when it is neither.
    void put(std::string_view text);
    void generate(std::string_view collection, std::size_t count);
    void deny(std::string right);
    void allow(const std::string& right);
    void fail(fault with);
    void mend(); ///< Forgets the faults that were not used.
    std::vector<logged_request> requests() const;
    void forget_requests();
    /// A stored object as it is; "" when there is none.
    std::string object(std::string_view id) const;

  private:
    http::response handle(const http::request& asked);
    http::response answer(const http::request& asked, logged_request& logged);
    http::response read(std::string_view path, const parameters& query, std::string_view version) const;
    http::response list(std::string_view collection, std::string_view url,
                        const std::vector<json::value>& objects, const parameters& query,
                        std::string_view version) const;
    http::response sublist(std::string_view path, const parameters& query, std::string_view version) const;
    http::response write(const http::request& asked, std::string_view path);
    http::response control(const http::request& asked);

    options options_;
    mutable std::mutex mutex_; ///< of everything down to log_
    store objects_;
    webhook_endpoints endpoints_;
    permissions permissions_;
    fault_script faults_;
    idempotency idempotency_;
    std::vector<logged_request> log_;

    std::unique_ptr<logger> quiet_ = make_null_logger();
    seeded_entropy random_{1};
    std::unique_ptr<http::server> server_;
    std::unique_ptr<wire> wire_;
};

} // namespace tributary::fake_stripe

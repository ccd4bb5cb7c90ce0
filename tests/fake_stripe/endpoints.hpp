#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fake_stripe/answer.hpp"
#include "fake_stripe/store.hpp"

namespace tributary::fake_stripe {

/// What can be written: POST and DELETE of /v1/webhook_endpoints. Not thread-safe.
class webhook_endpoints {
  public:
    static constexpr std::size_t endpoints_max = 16; ///< Of an account, as at Stripe.

    webhook_endpoints(store& objects, bool livemode) : objects_(objects), livemode_(livemode) {}

    /// The only answer that ever holds the secret.
    http::response create(const parameters& form);
    http::response update(std::string_view id, const parameters& form);
    http::response remove(std::string_view id);

  private:
    store& objects_;
    bool livemode_;
    std::size_t made_ = 0;
};

/// Idempotency-Key: the same key gives the same answer, and may not come with another request. Not
/// thread-safe.
class idempotency {
  public:
    /// The answer that the key gave before, or the refusal; nothing for a key that is new.
    std::optional<http::response> recall(std::string_view key, std::string_view request) const;
    void remember(std::string_view key, std::string request, http::response answer);

  private:
    struct told {
        std::string request;
        http::response answer;
    };
    std::map<std::string, told, std::less<>> told_;
};

} // namespace tributary::fake_stripe

#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "fake_stripe/answer.hpp"

namespace tributary::fake_stripe {

/// The right that a request needs, "rak_customer_read"; "" when every key has it.
std::string_view right_for(std::string_view method, std::string_view collection) noexcept;

/// Which keys are right, and what restricted ones may not. Not thread-safe.
class permissions {
  public:
    explicit permissions(std::string account) : account_(std::move(account)) {}

    void accept_key(std::string key) { keys_.insert(std::move(key)); }
    void deny(std::string right) { denied_.insert(std::move(right)); }
    void allow(const std::string& right) { denied_.erase(right); }

    /// The refusal, if any: no key, a wrong one, a publishable one, or one without the right. A secret key
    /// (sk_) has every right.
    std::optional<http::response> judge(std::string_view key, std::string_view right) const;

  private:
    std::string account_;
    std::set<std::string, std::less<>> keys_;
    std::set<std::string, std::less<>> denied_;
};

/// The key of Bearer or Basic authorisation; "" when there is none.
std::string key_of_authorization(std::string_view header);

} // namespace tributary::fake_stripe

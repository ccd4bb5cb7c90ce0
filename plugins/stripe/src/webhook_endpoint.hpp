#pragma once

#include <tributary/sdk/actions.hpp>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "api_answer.hpp"
#include "settings.hpp"

/// The account's webhook endpoints: what check() looks at, and register and remove change.
namespace tributary::stripe {

/// One of them, as Stripe lists it. Views into the answers' JSON.
struct webhook_endpoint {
    std::string_view id;
    std::string_view url;
    std::string_view api_version; ///< "" for the account's default
    bool enabled = true;
    std::vector<std::string_view> events; ///< "*" is all of them

    /// Needed events that it does not deliver.
    std::vector<std::string_view> lacking() const;
};

/// The list, read page after page.
class endpoint_list {
  public:
    static constexpr std::size_t pages_max = 10; ///< A thousand; Stripe allows far less.

    /// Takes the pages that are there. Not complete() then: needs the next one, or has failed().
    void read(std::string_view api_base, sdk::records answers, sdk::action_sink into);
    bool complete() const noexcept { return complete_; }
    /// The answer that was no page; nullptr while all is well.
    const api_answer* failed() const noexcept { return failed_ ? &pages_.back() : nullptr; }
    /// Those that deliver to this URL.
    std::vector<webhook_endpoint> at(std::string_view url) const;
    /// All bytes of the pages and their heads: never the same twice, as each answer of Stripe's has an id.
    std::uint64_t fingerprint() const noexcept { return fingerprint_; }

  private:
    std::deque<api_answer> pages_;
    bool complete_ = false;
    bool failed_ = false;
    std::uint64_t fingerprint_ = 0xcbf29ce484222325ULL;
};

/// The endpoint that the kept signing secret belongs to, when it is another one; "" when not, or not known.
std::string secret_of_other(const settings& options, const webhook_endpoint& endpoint);

/// Says what an endpoint of ours lacks; what it says is good when it is.
void judge_endpoint(const webhook_endpoint& endpoint, std::string_view connection_id, sdk::action_sink into);

} // namespace tributary::stripe

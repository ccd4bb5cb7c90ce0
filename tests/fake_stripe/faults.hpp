#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "fake_stripe/answer.hpp"

namespace tributary::fake_stripe {

enum class fault_kind {
    too_many,  ///< 429
    error,     ///< 500
    down,      ///< 503
    slow,      ///< The right answer, late.
    cut,       ///< The right answer, and the connection ends in the middle of its body.
    closed,    ///< The connection ends without an answer.
    not_json,  ///< 200 with a page for people, as proxies have them.
    truncated, ///< 200 whose JSON ends in the middle, though HTTP says that it is complete.
};

/// The next `times` requests to a path answer so. In place of the whole right answer or of its way over the
/// wire.
struct fault {
    fault_kind kind = fault_kind::error;
    std::string path = {};   ///< "/v1/customers", exactly; empty: any.
    std::string method = {}; ///< empty: any
    int times = 1;
    int delay_ms = 0;              ///< slow
    std::string retry_after = {};  ///< header Retry-After; empty: none
    std::string should_retry = {}; ///< header Stripe-Should-Retry; empty: none
};

/// nothing for an unknown name. "429", "500", "503", "slow", "cut", "closed", "not_json", "truncated".
std::optional<fault_kind> fault_kind_of(std::string_view name) noexcept;

/// The script of faults: asked once for each request, in the order in which they were added. Not thread-safe.
class fault_script {
  public:
    void add(fault made) { script_.push_back(std::move(made)); }
    void clear() { script_.clear(); }
    std::optional<fault> take(std::string_view method, std::string_view path);

  private:
    std::deque<fault> script_;
};

/// Headers that tell the wire what to do with the answer; it takes them off again. See wire.hpp.
inline constexpr std::string_view wire_header = "X-Fake-Wire";

/// What comes of the right answer. The wire does the rest.
http::response spoil(http::response right, const fault& with);

} // namespace tributary::fake_stripe

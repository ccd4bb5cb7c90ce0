#include "fake_stripe/faults.hpp"

#include <algorithm>
#include <array>

namespace tributary::fake_stripe {
namespace {

struct named_kind {
    std::string_view name;
    fault_kind kind;
};

constexpr std::array<named_kind, 8> kinds{{
    {"429", fault_kind::too_many},
    {"500", fault_kind::error},
    {"503", fault_kind::down},
    {"slow", fault_kind::slow},
    {"cut", fault_kind::cut},
    {"closed", fault_kind::closed},
    {"not_json", fault_kind::not_json},
    {"truncated", fault_kind::truncated},
}};

http::response refusal(const fault& with) {
    if (with.kind == fault_kind::too_many)
        return invalid_request(429,
                               "Request rate limit exceeded. Learn more about rate limits here "
                               "https://stripe.com/docs/rate-limits.",
                               "rate_limit");
    return error_answer(with.kind == fault_kind::error ? 500 : 503, "api_error",
                        "Sorry! There was an error while talking to Stripe.");
}

} // namespace

std::optional<fault_kind> fault_kind_of(std::string_view name) noexcept {
    for (const named_kind& each : kinds)
        if (each.name == name)
            return each.kind;
    return std::nullopt;
}

std::optional<fault> fault_script::take(std::string_view method, std::string_view path) {
    const auto found = std::ranges::find_if(script_, [&](const fault& each) {
        return (each.path.empty() || each.path == path) && (each.method.empty() || each.method == method);
    });
    if (found == script_.end())
        return std::nullopt;
    fault taken = *found;
    if (--found->times <= 0)
        script_.erase(found);
    return taken;
}

http::response spoil(http::response right, const fault& with) {
    const std::string wire(wire_header);
    switch (with.kind) {
    case fault_kind::too_many:
    case fault_kind::error:
    case fault_kind::down: right = refusal(with); break;
    case fault_kind::slow: right.headers.push_back({wire, "slow " + std::to_string(with.delay_ms)}); break;
    case fault_kind::cut: right.headers.push_back({wire, "cut"}); break;
    case fault_kind::closed: right.headers.push_back({wire, "closed"}); break;
    case fault_kind::not_json:
        right = {200, {{"Content-Type", "text/html"}}, "<html><body>Please log in</body></html>"};
        break;
    case fault_kind::truncated: right.body.resize(right.body.size() / 2); break;
    }
    if (!with.retry_after.empty())
        right.headers.push_back({"Retry-After", with.retry_after});
    if (!with.should_retry.empty())
        right.headers.push_back({"Stripe-Should-Retry", with.should_retry});
    return right;
}

} // namespace tributary::fake_stripe

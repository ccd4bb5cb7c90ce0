#include "simulator/stage.hpp"

#include <array>

#include "signature.hpp"

namespace tributary::stripe::simulated {

using sdk::view;

namespace {

constexpr std::size_t events_max = 400; // 24 renewals of eight events each, twice.

}

bool stage::too_long() const noexcept {
    return told_ > events_max;
}

void stage::wait(std::int64_t seconds) {
    if (shop_.given.interval_s != 0)
        shop_.now_s += seconds;
}

void stage::happens(std::string_view type, json::object object, json::object previous, sent is_sent) {
    const std::string id = shop_.ids.make("evt_1");
    const std::int64_t at_s = shop_.now_s++;
    if (++told_ > events_max || is_sent == sent::no)
        return;
    json::object data{{"object", std::move(object)}};
    if (!previous.empty())
        data["previous_attributes"] = std::move(previous);
    const json::object event{{"id", id},
                             {"object", "event"},
                             {"api_version", shop_.api.name()},
                             {"created", at_s},
                             {"data", std::move(data)},
                             {"livemode", shop_.live},
                             {"pending_webhooks", 1},
                             {"request", {{"id", nullptr}, {"idempotency_key", nullptr}}},
                             {"type", type}};
    const std::string body = indented(event);
    const std::string signature = sign(body, secret_, at_s, crypto_);
    const std::array headers{
        trb_pair{view("Content-Type"), view("application/json; charset=utf-8")},
        trb_pair{view("Stripe-Signature"), view(signature)},
        trb_pair{view("User-Agent"), view("Stripe/1.0 (+https://stripe.com/docs/webhooks)")},
    };
    into_.deliver(type, at_s * 1000, headers, body);
}

} // namespace tributary::stripe::simulated

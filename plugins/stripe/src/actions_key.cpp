#include "actions_key.hpp"

#include "permissions.hpp"

namespace tributary::stripe {
namespace {

bool fits_environment(const trb_connection& connection, const api_key& key) noexcept {
    return !key.live || *key.live == (connection.environment == TRB_LIVE);
}

std::string add_command(const trb_connection& connection) {
    return "'tributary connection secret add " + std::string(sdk::view(connection.id)) + " api_key=-'";
}

void say_absent(const trb_connection& connection, sdk::action_sink into) {
    into.note({.code = "no_api_key",
               .message =
                   "there is no API key: webhooks are verified and booked without one. Not known then: "
                   "payments without invoice and checkout session (API 2025-03-31 and later), products "
                   "of a checkout without invoice, invoices of more than ten lines, fees",
               .subject = "api_key",
               .advice = "make a restricted key (" + create_key_url() + ") and add it with " +
                         add_command(connection)});
}

} // namespace

std::string_view newest_api_key(const trb_connection& connection) {
    const std::vector<std::string_view> keys = sdk::secrets_named(connection, "api_key");
    return keys.empty() ? std::string_view() : keys.back();
}

std::string_view why_unusable(const trb_connection& connection, const api_key& key) noexcept {
    switch (key.kind) {
    case key_kind::absent: return "the connection has no API key";
    case key_kind::publishable: return "the API key is a publishable one (pk_), which reads nothing";
    case key_kind::signing: return "the API key is a webhook's signing secret (whsec_)";
    case key_kind::other: return "the API key is none of Stripe's";
    case key_kind::restricted:
    case key_kind::secret: break;
    }
    return fits_environment(connection, key) ? "" : "the API key is of the other environment";
}

bool judge_key(const trb_connection& connection, const api_key& key, sdk::action_sink into) {
    const std::string add = "add it with " + add_command(connection);
    switch (key.kind) {
    case key_kind::absent: say_absent(connection, into); return false;
    case key_kind::publishable:
        into.problem(
            {.code = "publishable_key",
             .message = "the API key is a publishable one (pk_): it is for web pages and reads nothing",
             .subject = "api_key",
             .advice = "make a restricted key (rk_) in the Dashboard, Developers > API keys, and " + add});
        return false;
    case key_kind::signing:
        into.problem({.code = "signing_secret_as_key",
                      .message = "the secret 'api_key' is a webhook's signing secret (whsec_), no API key",
                      .subject = "api_key",
                      .advice = "add it under the name 'signing'; make a restricted key (rk_) and " + add});
        return false;
    case key_kind::other:
        into.problem({.code = "not_a_key",
                      .message = "the secret 'api_key' is no API key of Stripe's: those are rk_live_..., "
                                 "rk_test_..., sk_live_... or sk_test_..., without white space",
                      .subject = "api_key",
                      .advice = "copy the whole key from the Dashboard, Developers > API keys, and " + add});
        return false;
    case key_kind::restricted:
    case key_kind::secret: break;
    }
    if (!fits_environment(connection, key)) {
        into.problem({.code = "wrong_environment",
                      .message = *key.live ? "the API key is a live one, the connection is for a sandbox"
                                           : "the API key is for a sandbox, the connection is live",
                      .subject = "api_key",
                      .advice = *key.live
                                    ? "use a key of the sandbox (rk_test_), or make a live connection"
                                    : "use a live key (rk_live_), or make a connection with --sandbox"});
        return false;
    }
    if (key.kind == key_kind::secret)
        into.warning({.code = "secret_key",
                      .message = key.organisation ? "the API key is an organisation's secret key: it may "
                                                    "everything in every account"
                                                  : "the API key is a secret key: it may everything",
                      .subject = "api_key",
                      .advice = "a restricted key with these rights is enough: " + rights_text() + ", and " +
                                std::string(webhook_write_right) +
                                " to register webhooks from here: " + create_key_url()});
    return true;
}

} // namespace tributary::stripe

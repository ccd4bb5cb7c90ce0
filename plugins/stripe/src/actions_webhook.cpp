// Registering a webhook endpoint at Stripe, and removing it.
#include "actions_key.hpp"
#include "api_answer.hpp"
#include "events.hpp"
#include "fetch.hpp"
#include "permissions.hpp"
#include "settings.hpp"
#include "stripe_plugin.hpp"
#include "webhook_endpoint.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;

std::string form_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char letter : text) {
        const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= 'a' && letter <= 'z') || letter == '-' || letter == '_' ||
                           letter == '.';
        if (plain) {
            out += letter;
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        out += {'%', digits[byte >> 4U], digits[byte & 0xfU]};
    }
    return out;
}

void add_field(std::string& form, std::string_view name, std::string_view value) {
    form.append(form.empty() ? "" : "&").append(form_encoded(name)).append("=").append(form_encoded(value));
}

sdk::outcome told_by_hand(std::string how) {
    return {TRB_UNSUPPORTED, "by_hand", std::move(how)};
}

/// What both have in common: the key, the list, and what to say when it cannot be done from here.
class registering {
  public:
    registering(const trb_connection& connection, std::string_view url, sdk::records answers,
                sdk::action_sink into)
        : connection_(connection), url_(url), answers_(answers), into_(into) {}

    sdk::outcome register_it();
    sdk::outcome remove_it();

  private:
    /// Success with list_.complete(): go on. Success without: a request is needed.
    sdk::outcome read_list();
    sdk::outcome create();
    sdk::outcome complete(const webhook_endpoint& endpoint);
    sdk::outcome judge_write(const api_answer& answer, std::string_view why) const;
    sdk::outcome by_hand(const std::string& why) const;
    sdk::outcome remove_by_hand(const std::string& why) const;
    void tell_secret(const webhook_endpoint& endpoint) const;
    std::string id() const { return std::string(view(connection_.id)); }

    const trb_connection& connection_;
    std::string_view url_;
    sdk::records answers_;
    sdk::action_sink into_;
    settings options_;
    endpoint_list list_;
    bool removing_ = false;
};

sdk::outcome registering::by_hand(const std::string& why) const {
    for (const std::string_view name : needed_events())
        into_.note({.code = "event", .message = name});
    return told_by_hand(why + ".\nBy hand, in the Stripe Dashboard:\n" +
                        "1. Developers > Webhooks > Add destination: events of your account, API version " +
                        std::string(pinned_version) + " (any from 2020-08-27 on is read)\n" +
                        "2. select the events listed above\n" + "3. a webhook endpoint with the URL " +
                        std::string(url_) + "\n" +
                        "4. reveal its signing secret, and run: tributary connection secret add " + id() +
                        " signing=-");
}

sdk::outcome registering::remove_by_hand(const std::string& why) const {
    return told_by_hand(why + ".\nBy hand, in the Stripe Dashboard: Developers > Webhooks, the endpoint of " +
                        std::string(url_) + ", Delete.");
}

sdk::outcome registering::judge_write(const api_answer& answer, std::string_view why) const {
    switch (answer.state) {
    case answer_state::key_refused: return key_refused(answer);
    case answer_state::right_missing:
    case answer_state::forbidden: {
        const std::string reason = std::string(why) + " (" + answer.message + ")";
        return removing_ ? remove_by_hand(reason) : by_hand(reason);
    }
    case answer_state::absent:
    case answer_state::refused: return sdk::invalid("refused", "Stripe refuses: " + answer.message);
    case answer_state::good: return {};
    case answer_state::not_known: break;
    }
    return try_again(answer);
}

sdk::outcome registering::read_list() {
    if (sdk::outcome done = parse_settings(view(connection_.settings), options_); !done)
        return done;
    const std::string_view unusable = why_unusable(connection_, read_api_key(newest_api_key(connection_)));
    if (!unusable.empty())
        return removing_ ? remove_by_hand(std::string(unusable)) : by_hand(std::string(unusable));
    list_.read(options_.api_base, answers_, into_);
    if (list_.failed() != nullptr)
        return judge_write(*list_.failed(), "the key may not read webhook endpoints");
    return {};
}

sdk::outcome registering::create() {
    constexpr std::string_view purpose = "create";
    const trb_record* answer = sdk::answer_to(answers_, purpose);
    if (answer == nullptr) {
        std::string form;
        add_field(form, "url", url_);
        for (const std::string_view name : needed_events())
            add_field(form, "enabled_events[]", name);
        add_field(form, "api_version", pinned_version);
        add_field(form, "description", "tributary " + id());
        // Sent twice by something on the way, it makes one endpoint. Another run has seen another list and
        // gets another key: Stripe would otherwise hand out the secret of an endpoint that was removed since.
        into_.need(
            api_request("POST", options_.api_base, "/v1/webhook_endpoints", std::string(purpose), form)
                .header("Idempotency-Key", "tributary-" + id() + "-" + std::to_string(list_.fingerprint())));
        return {};
    }
    const api_answer made = read_answer(*answer);
    if (made.state != answer_state::good)
        return judge_write(made, "the key may not write webhook endpoints");
    const std::string_view secret = text(made.body, "secret");
    into_.good({.code = "webhook_made",
                .message = "Stripe delivers " + std::to_string(needed_events().size()) +
                           " kinds of events to " + std::string(url_),
                .subject = text(made.body, "id")});
    if (secret.starts_with("whsec_")) {
        into_.keep_secret("signing", secret);
        into_.keep_setting("webhook_endpoint", json::serialize(json::string(text(made.body, "id"))));
    } else {
        into_.problem({.code = "no_secret",
                       .message = "Stripe's answer holds no signing secret",
                       .subject = text(made.body, "id"),
                       .advice = "reveal it in the Dashboard and run 'tributary connection secret add " +
                                 id() + " signing=-'"});
    }
    return {};
}

/// Only the answer that made an endpoint ever holds its secret: one that was lost on its way, or that belongs
/// to an endpoint of before, is no use.
void registering::tell_secret(const webhook_endpoint& endpoint) const {
    if (!sdk::secrets_named(connection_, "signing").empty()) {
        if (const std::string other = secret_of_other(options_, endpoint); !other.empty())
            into_.problem({.code = "secret_of_other",
                           .message = "the signing secret that was kept is that of the endpoint " + other +
                                      ", and this one's was never seen: its deliveries may be refused",
                           .subject = endpoint.id,
                           .advice = "reveal it in the Dashboard and run 'tributary connection secret add " +
                                     id() + " signing=-'; or unregister and register anew"});
        return;
    }
    into_.problem(
        {.code = "secret_not_known",
         .message = "the endpoint was there before, and Stripe tells its signing secret to nobody again: "
                    "the connection has none, and refuses deliveries",
         .subject = endpoint.id,
         .advice = "reveal it in the Dashboard (Developers > Webhooks > the endpoint) and run 'tributary "
                   "connection secret add " +
                   id() + " signing=-'; or unregister and register anew"});
}

sdk::outcome registering::complete(const webhook_endpoint& endpoint) {
    const std::string purpose = "complete:" + std::string(endpoint.id);
    const trb_record* answer = sdk::answer_to(answers_, purpose);
    if (answer == nullptr) {
        std::string form;
        add_field(form, "disabled", "false");
        for (const std::string_view name : endpoint.events) // What is not named again is gone.
            add_field(form, "enabled_events[]", name);
        for (const std::string_view name : endpoint.lacking())
            add_field(form, "enabled_events[]", name);
        into_.need(api_request("POST", options_.api_base, "/v1/webhook_endpoints/" + std::string(endpoint.id),
                               purpose, form));
        return {};
    }
    const api_answer changed = read_answer(*answer);
    if (changed.state != answer_state::good)
        return judge_write(changed, "the key may not write webhook endpoints");
    into_.good({.code = "webhook_completed",
                .message = std::string(endpoint.enabled ? "" : "enabled again; ") + "added " +
                           std::to_string(endpoint.lacking().size()) + " kinds of events",
                .subject = endpoint.id});
    tell_secret(endpoint);
    return {};
}

sdk::outcome registering::register_it() {
    if (url_.empty())
        return sdk::invalid("no_url", "where Stripe is to deliver is not known");
    if (sdk::outcome done = read_list(); !done || !list_.complete())
        return done;
    const std::vector<webhook_endpoint> here = list_.at(url_);
    if (here.empty())
        return create();
    // One that delivers is left to deliver, whatever lies beside it.
    const auto enabled =
        std::find_if(here.begin(), here.end(), [](const webhook_endpoint& each) { return each.enabled; });
    const webhook_endpoint& first = enabled == here.end() ? here.front() : *enabled;
    if (!first.enabled || !first.lacking().empty())
        return complete(first);
    into_.good({.code = "webhook",
                .message = "the endpoint is there already, is enabled and delivers all that is needed",
                .subject = first.id});
    tell_secret(first);
    return {};
}

sdk::outcome registering::remove_it() {
    removing_ = true;
    if (sdk::outcome done = read_list(); !done || !list_.complete())
        return done;
    const std::vector<webhook_endpoint> here = list_.at(url_);
    if (here.empty())
        into_.good({.code = "no_webhook", .message = "no endpoint delivers here", .subject = url_});
    for (const webhook_endpoint& each : here) {
        const std::string purpose = "remove:" + std::string(each.id);
        const trb_record* answer = sdk::answer_to(answers_, purpose);
        if (answer == nullptr) {
            into_.need(api_request("DELETE", options_.api_base,
                                   "/v1/webhook_endpoints/" + std::string(each.id), purpose));
            continue;
        }
        const api_answer removed = read_answer(*answer);
        // Gone meanwhile is gone.
        if (removed.state != answer_state::good && removed.state != answer_state::absent)
            return judge_write(removed, "the key may not write webhook endpoints");
        into_.good({.code = "webhook_removed",
                    .message = "Stripe does not deliver to " + std::string(url_) + " any more",
                    .subject = each.id});
        if (options_.webhook_endpoint == each.id)
            into_.keep_setting("webhook_endpoint", "null"); // Its secret opens nothing any more.
    }
    return {};
}

} // namespace

sdk::outcome stripe_plugin::register_webhook(const trb_connection& connection, std::string_view url,
                                             sdk::records answers, sdk::action_sink into) const {
    return registering(connection, url, answers, into).register_it();
}

sdk::outcome stripe_plugin::remove_webhook(const trb_connection& connection, std::string_view url,
                                           sdk::records answers, sdk::action_sink into) const {
    return registering(connection, url, answers, into).remove_it();
}

} // namespace tributary::stripe

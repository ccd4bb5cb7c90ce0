// What does the connection's key allow, and does Stripe deliver here? Asks one list per resource, each on its
// own: one refusal says nothing about the others.
#include <algorithm>
#include <map>

#include "actions_key.hpp"
#include "api_answer.hpp"
#include "fetch.hpp"
#include "right_report.hpp"
#include "settings.hpp"
#include "stripe_plugin.hpp"
#include "webhook_endpoint.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;

/// After so many silent answers nobody waits for the next ones.
constexpr std::size_t silent_max = 3;

constexpr std::string_view account_purpose = "check:account";

class checking {
  public:
    checking(const trb_connection& connection, const settings& options, std::string_view url,
             sdk::records answers, sdk::action_sink into)
        : connection_(connection), options_(options), base_(options.api_base), url_(url), answers_(answers),
          into_(into) {}

    sdk::outcome run();

  private:
    /// The answer to one probe; nullptr when it has just been asked for, or is not asked at all.
    const api_answer* probe(const std::string& purpose, const std::string& path);
    void judge_resource(const resource& of, const api_answer& answer);
    void skip_resource(const resource& of);
    void learn(const api_answer& answer, const resource* of);
    right_report& report_of(std::string_view right);
    void tell();
    void tell_account();
    void tell_endpoint();
    void tell_signing_secret();

    const trb_connection& connection_;
    const settings& options_;
    std::string_view base_;
    std::string_view url_;
    sdk::records answers_;
    sdk::action_sink into_;

    std::map<std::string, api_answer> seen_;
    bool waits_ = false; ///< A request was needed: this is not the last step.
    bool refused_ = false;
    std::size_t silent_ = 0;
    std::size_t answered_ = 0;
    std::string account_;
    const resource* other_environment_ = nullptr; ///< where an object of the other one was seen
    std::vector<right_report> rights_;
    endpoint_list endpoints_;
};

const api_answer* checking::probe(const std::string& purpose, const std::string& path) {
    const trb_record* answer = sdk::answer_to(answers_, purpose);
    if (answer == nullptr) {
        if (silent_ < silent_max) {
            into_.need(api_request("GET", base_, path, purpose));
            waits_ = true;
        }
        return nullptr;
    }
    const api_answer& read = seen_.emplace(purpose, read_answer(*answer)).first->second;
    ++(read.silent ? silent_ : answered_);
    refused_ = refused_ || read.state == answer_state::key_refused;
    return &read;
}

void checking::learn(const api_answer& answer, const resource* of) {
    if (account_.empty())
        account_ = answer.account;
    if (answer.state != answer_state::good)
        return;
    if (account_.empty() && of == nullptr && text(answer.body, "id").starts_with("acct_"))
        account_ = text(answer.body, "id");
    const std::optional<bool> live = flag(answer.body, "data.0.livemode");
    if (of != nullptr && live && *live != (connection_.environment == TRB_LIVE) &&
        other_environment_ == nullptr)
        other_environment_ = of;
}

right_report& checking::report_of(std::string_view right) {
    for (right_report& each : rights_)
        if (each.name == right)
            return each;
    rights_.emplace_back().name = right;
    return rights_.back();
}

void checking::judge_resource(const resource& of, const api_answer& answer) {
    learn(answer, &of);
    // A refusal knows better than our table what the right is called.
    right_report& right = report_of(answer.right.empty() ? of.right : std::string_view(answer.right));
    if (answer.state == answer_state::good) {
        right.readable.push_back(&of);
        return;
    }
    const auto note = [&](std::vector<const resource*>& among, std::string& message) {
        if (among.empty())
            message = answer.message;
        among.push_back(&of);
    };
    if (answer.state == answer_state::right_missing)
        return note(right.missing, right.missing_message);
    if (answer.state == answer_state::forbidden)
        return note(right.forbidden, right.forbidden_message);
    note(right.unknown, right.unknown_message);
    right.advice = answer.retry_advice();
}

void checking::skip_resource(const resource& of) {
    right_report& right = report_of(of.right);
    if (right.unknown.empty())
        right.unknown_message =
            "not asked: Stripe was silent " + std::to_string(silent_max) + " times before";
    right.unknown.push_back(&of);
    right.advice = api_answer().retry_advice();
}

sdk::outcome checking::run() {
    // The account alone comes first: a key that is refused is refused once. Whether it may be read says
    // nothing.
    if (const api_answer* answer = probe(std::string(account_purpose), "/v1/account"))
        learn(*answer, nullptr);
    for (const resource& each : resources()) {
        if (waits_ || refused_)
            break;
        const std::string collection(each.collection);
        const api_answer* answer = probe("check:" + collection, "/v1/" + collection + "?limit=1");
        if (answer != nullptr)
            judge_resource(each, *answer);
        else if (!waits_)
            skip_resource(each);
    }
    if (refused_)
        for (const auto& [purpose, answer] : seen_)
            if (answer.state == answer_state::key_refused)
                return key_refused(answer);
    if (waits_)
        return {};
    if (answered_ == 0)
        return try_again(seen_.begin()->second);
    if (silent_ < silent_max && !url_.empty()) {
        endpoints_.read(base_, answers_, into_);
        if (!endpoints_.complete() && endpoints_.failed() == nullptr)
            return {};
    }
    tell();
    return {};
}

void checking::tell() {
    const bool accepted = std::any_of(seen_.begin(), seen_.end(), [](const auto& each) {
        return each.second.state == answer_state::good || each.second.state == answer_state::right_missing;
    });
    if (accepted)
        into_.good({.code = "key_works", .message = "Stripe accepts the key", .subject = "api_key"});
    tell_account();
    if (options_.api_base != settings().api_base)
        into_.note(
            {.code = "other_api",
             .message = "the key is sent to " + options_.api_base + ", as the connection's settings say",
             .subject = "api_base"});
    if (other_environment_ != nullptr)
        into_.problem({.code = "wrong_environment",
                       .message = connection_.environment == TRB_LIVE
                                      ? "the key lists test objects, the connection is live"
                                      : "the key lists live objects, the connection is for a sandbox",
                       .subject = other_environment_->collection,
                       .advice = "use a key of the connection's environment"});
    for (const right_report& each : rights_)
        tell_right(each, into_);
    tell_endpoint();
    tell_signing_secret();
}

void checking::tell_account() {
    constexpr std::string_view realm_prefix = "stripe:acct_";
    const std::string_view realm = view(connection_.realm);
    if (account_.empty())
        return into_.note({.code = "account_not_known",
                           .message =
                               "the key may not read its account, so that it was not compared with the "
                               "connection's realm",
                           .subject = realm});
    if (realm.starts_with(realm_prefix) && realm.substr(realm.find(':') + 1) != account_)
        return into_.warning(
            {.code = "other_account",
             .message = "the key belongs to " + cleaned(account_) + ", the connection's realm is " +
                        std::string(realm),
             .subject = "api_key",
             .advice = "use a key of that account, or make a connection with the realm stripe:" +
                       cleaned(account_)});
    into_.good(
        {.code = "account", .message = "the key belongs to this account", .subject = cleaned(account_)});
}

void checking::tell_endpoint() {
    if (url_.empty())
        return;
    if (!url_.starts_with("https://"))
        into_.warning({.code = "url_not_https",
                       .message = "Stripe delivers to https only, and this address is none",
                       .subject = url_,
                       .advice = "set public_url in tributary.toml to what the internet reaches"});
    const api_answer* failed = endpoints_.failed();
    if (failed != nullptr && failed->state == answer_state::right_missing)
        return into_.note(
            {.code = "webhook_not_known",
             .message = "the key may not read webhook endpoints, so that they were not looked at",
             .subject = failed->right,
             .advice = "allow it to look, or to write to register from here; by hand works as well"});
    if (!endpoints_.complete())
        return into_.warning({.code = "webhook_not_known",
                              .message = "whether Stripe delivers here is not known: " +
                                         (failed ? failed->message : std::string("Stripe is silent")),
                              .subject = url_,
                              .advice = failed ? failed->retry_advice() : api_answer().retry_advice()});
    const std::vector<webhook_endpoint> here = endpoints_.at(url_);
    if (here.empty())
        into_.warning({.code = "no_webhook",
                       .message = "no webhook endpoint of this account delivers here",
                       .subject = url_,
                       .advice = "'tributary connection register " + std::string(view(connection_.id)) +
                                 "' makes one, or says how to do it by hand"});
    if (here.size() > 1)
        into_.note(
            {.code = "several_webhooks",
             .message = std::to_string(here.size()) +
                        " webhook endpoints deliver here: each event comes that often and is booked once",
             .subject = url_});
    const auto delivers = [](const webhook_endpoint& each) { return each.enabled; };
    const bool one_delivers = std::any_of(here.begin(), here.end(), delivers);
    for (const webhook_endpoint& each : here) {
        if (!each.enabled && one_delivers)
            into_.note({.code = "webhook_disabled",
                        .message = "this endpoint is disabled; another one delivers here",
                        .subject = each.id});
        else
            judge_endpoint(each, view(connection_.id), into_);
    }
    if (here.size() == 1)
        if (const std::string other = secret_of_other(options_, here.front()); !other.empty())
            into_.warning({.code = "secret_of_other",
                           .message = "the signing secret that was kept is that of the endpoint " + other,
                           .subject = here.front().id,
                           .advice = "if deliveries are refused: reveal this one's in the Dashboard and run "
                                     "'tributary connection secret add " +
                                     std::string(view(connection_.id)) + " signing=-'"});
}

void checking::tell_signing_secret() {
    const std::vector<std::string_view> secrets = sdk::secrets_named(connection_, "signing");
    const std::string id(view(connection_.id));
    if (secrets.empty())
        into_.warning({.code = "no_signing_secret",
                       .message = "there is no signing secret: deliveries are refused",
                       .subject = "signing",
                       .advice = "'tributary connection register " + id +
                                 "' brings it, or 'tributary connection "
                                 "secret add " +
                                 id + " signing=-'"});
    else if (!secrets.back().starts_with("whsec_"))
        into_.warning({.code = "signing_secret_form",
                       .message =
                           "the newest signing secret does not begin with whsec_: no delivery of Stripe's "
                           "will fit it",
                       .subject = "signing",
                       .advice = "copy it from the endpoint's page in the Dashboard"});
    else if (secrets.back().find_first_of(" \t\r\n") != std::string_view::npos)
        into_.warning({.code = "signing_secret_form",
                       .message = "the newest signing secret contains white space: was it copied with a line "
                                  "break?",
                       .subject = "signing",
                       .advice = "copy it from the endpoint's page in the Dashboard"});
}

} // namespace

sdk::outcome stripe_plugin::check(const trb_connection& connection, std::string_view url,
                                  sdk::records answers, sdk::action_sink into) const {
    settings options;
    if (sdk::outcome done = parse_settings(view(connection.settings), options); !done)
        return done;
    if (!judge_key(connection, read_api_key(newest_api_key(connection)), into))
        return {};
    return checking(connection, options, url, answers, into).run();
}

} // namespace tributary::stripe

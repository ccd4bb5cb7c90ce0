#pragma once

#include <tributary/sdk/actions.hpp>
#include <tributary/testing/scripted_http.hpp>

#include <string>
#include <vector>

#include "permissions.hpp"
#include "stripe_plugin.hpp"

/// The plugin's actions against scripted answers: what is asked, in which order, and what is made of it.
namespace tributary::stripe::testing {

/// A page of a list with these elements.
inline std::string page_of(const std::string& elements = {}, bool more = false) {
    return R"({"object":"list","has_more":)" + std::string(more ? "true" : "false") + R"(,"data":[)" +
           elements + "]}";
}
inline std::string error_body(const std::string& message, const std::string& code = {}) {
    return R"({"error":{"type":"invalid_request_error","message":")" + message + R"(","code":")" + code +
           R"("}})";
}
/// As Stripe words it.
inline std::string lacks(const std::string& right) {
    return error_body(
        "The provided key 'rk_test_*********0001' does not have the required permissions for this "
        "endpoint on account 'acct_own'. Having the '" +
        right + "' permission would allow this request to continue.");
}

struct actions_bench {
    static constexpr const char* url = "https://shop.example/webhooks/con_1";

    tributary::testing::plugin_under_test plugin{sdk::exporter<stripe_plugin>::entry("org.tributary.stripe")};
    tributary::testing::connection with{
        .environment = TRB_SANDBOX,
        .id = "con_1",
        .realm = "stripe:acct_own",
        .secrets = {{"api_key", "rk_test_51abcdefSECRET0001"}, {"signing", "whsec_TOPSECRET"}}};
    tributary::testing::scripted_http http;

    actions_bench() { answer_all(); }

    static std::string api(const std::string& path) { return "https://api.stripe.com/v1/" + path; }
    static std::string list(const std::string& collection) { return api(collection + "?limit=1"); }

    /// Everything may be read, and an endpoint delivers here; but for what was refused.
    void answer_all() {
        http = {};
        for (const refusal& each : refused_)
            http.answer("GET", each.url, each.status, each.body);
        answer_well(api("account"), R"({"id":"acct_own","object":"account"})");
        for (const resource& each : resources())
            answer_well(list(std::string(each.collection)), page_of(R"({"id":"x","livemode":false})"));
        answer_well(api("webhook_endpoints?limit=100"), page_of(endpoint("we_1", url)));
    }
    /// In place of the good answer. Status 0: nobody answers.
    void instead(const std::string& of_url, std::int64_t status, const std::string& body) {
        refused_.push_back({of_url, status, body});
        answer_all();
    }

    static std::string endpoint(const std::string& id, const std::string& to,
                                const std::string& status = "enabled", const std::string& events = R"("*")",
                                const std::string& version = R"("2025-09-30.clover")") {
        return R"({"id":")" + id + R"(","object":"webhook_endpoint","url":")" + to + R"(","status":")" +
               status + R"(","enabled_events":[)" + events + R"(],"api_version":)" + version +
               R"(,"livemode":false})";
    }

    void set_key(const std::string& key) {
        with.secrets = {{"api_key", key}, {"signing", "whsec_TOPSECRET"}};
        if (key.empty())
            with.secrets.erase(with.secrets.begin());
    }
    tributary::testing::finished_action check() {
        return http.run_action(plugin, with, {.what = TRB_ACTION_CHECK, .target_url = url});
    }
    tributary::testing::finished_action register_it() {
        return http.run_action(plugin, with, {.what = TRB_ACTION_REGISTER, .target_url = url});
    }
    tributary::testing::finished_action remove() {
        return http.run_action(plugin, with, {.what = TRB_ACTION_REMOVE, .target_url = url});
    }

  private:
    struct refusal {
        std::string url;
        std::int64_t status;
        std::string body;
    };
    void answer_well(const std::string& of_url, const std::string& body) {
        for (const refusal& each : refused_)
            if (each.url == of_url)
                return;
        http.answer("GET", of_url, 200, body);
    }

    std::vector<refusal> refused_;
};

/// All that a person is shown, in one text.
inline std::string shown(const tributary::testing::finished_action& report) {
    std::string text = report.message;
    for (const tributary::testing::captured_finding& each : report.findings)
        text += "\n" + each.code + " " + each.subject + " " + each.message + " " + each.advice;
    return text;
}

/// The finding of that code about that subject; nullptr when there is none.
inline const tributary::testing::captured_finding*
find_about(const tributary::testing::finished_action& report, std::string_view code,
           std::string_view subject) {
    for (const tributary::testing::captured_finding& each : report.findings)
        if (each.code == code && each.subject == subject)
            return &each;
    return nullptr;
}

} // namespace tributary::stripe::testing

#include "plugins/toy/toy_provider.hpp"

namespace toy {
namespace {

/// The value of "api" in {"api":"https://api.toy.test"}: as much JSON as the toy understands.
std::string api_of(const trb_connection& connection) {
    const std::string_view settings = sdk::view(connection.settings);
    constexpr std::string_view opening = "\"api\":\"";
    const std::size_t at = settings.find(opening);
    if (at == std::string_view::npos)
        return "https://api.toy.test";
    const std::string_view rest = settings.substr(at + opening.size());
    return std::string(rest.substr(0, rest.find('"')));
}

sdk::outcome refused(const trb_record& answer) {
    if (answer.http_status == 0)
        return {TRB_RETRY, "no_answer", std::string(sdk::view(answer.body))};
    return sdk::rejected("bad_key", "the toy answered " + std::to_string(answer.http_status));
}

} // namespace

sdk::outcome toy_provider::check(const trb_connection& connection, std::string_view, sdk::records answers,
                                 sdk::action_sink into) const {
    const trb_record* answer = sdk::answer_to(answers, "rights");
    if (answer == nullptr) {
        into.need(sdk::request::get(api_of(connection) + "/rights", "rights").bearer("api_key"));
        return {};
    }
    if (answer->http_status != 200)
        return refused(*answer);
    into.good({.code = "key_works", .message = "the key is accepted"});
    if (sdk::view(answer->body).find("refunds") == std::string_view::npos)
        into.problem({.code = "permission_missing",
                      .message = "refunds cannot be read",
                      .subject = "refunds:read",
                      .advice = "allow it, so that returned money is known"});
    return {};
}

sdk::outcome toy_provider::register_webhook(const trb_connection& connection, std::string_view url,
                                            sdk::records answers, sdk::action_sink into) const {
    const trb_record* answer = sdk::answer_to(answers, "register");
    if (answer == nullptr) {
        into.need(
            sdk::request::post(api_of(connection) + "/webhooks", "register", "text/plain", std::string(url))
                .bearer("api_key"));
        return {};
    }
    if (answer->http_status != 200)
        return refused(*answer);
    into.keep_secret("signing", sdk::view(answer->body));
    into.keep_setting("endpoint", "\"we_1\"");
    return {};
}

sdk::outcome toy_provider::fetch(const trb_connection& connection, std::int32_t, std::string_view document_id,
                                 sdk::action_sink into) const {
    into.need(sdk::request::get(api_of(connection) + "/documents/" + std::string(document_id),
                                "document:" + std::string(document_id))
                  .bearer("api_key"));
    return {};
}

} // namespace toy

// Ledgerly's API, without I/O: which requests are needed, and what their answers mean. Each function is
// called again with all answers so far; the API key stands in the requests as {secret:api_key}, the host puts
// it in.
#include <algorithm>

#include "ledgerly.hpp"
#include "reader.hpp"

namespace ledgerly {
namespace {

const std::string base = "https://api.ledgerly.example/v1";

sdk::request get(const std::string& path, std::string purpose) {
    return sdk::request::get(base + path, std::move(purpose)).bearer("api_key");
}

/// What every answer has in common: success, or why nothing can be made of it.
sdk::outcome usable(const trb_record& answer) {
    if (answer.http_status >= 200 && answer.http_status <= 299)
        return {};
    if (answer.http_status == 401 || answer.http_status == 403)
        return sdk::rejected("unauthorised", "Ledgerly does not accept the secret 'api_key'");
    if (answer.http_status == 0 || answer.http_status == 429 || answer.http_status >= 500)
        return sdk::retry("unavailable", "Ledgerly does not answer now", 60'000);
    return sdk::invalid("refused", "Ledgerly answered " + std::to_string(answer.http_status));
}

/// The id of the webhook that delivers to this URL; empty when there is none.
std::string webhook_of(const json& all, std::string_view url) {
    for (const json& each : list(all, "data"))
        if (text(each, "url") == url)
            return text(each, "id");
    return {};
}

struct permission {
    const char* name;
    const char* unlocks;
};
constexpr permission permissions[] = {
    {"payments:read", "reading payments that happened before, and repairing what came ambiguous"},
    {"customers:read", "reading customers that were there before"},
    {"webhooks:write", "registering the webhook from here instead of by hand"}};

void judge_account(const trb_connection& connection, const json& account, sdk::action_sink into) {
    into.good({"account", "the key works", text(account, "id")});
    if ((text(account, "mode") == "live") != (connection.environment == TRB_LIVE))
        into.problem({"wrong_environment", "the key is of the other environment than the connection",
                      text(account, "mode"), "use the key of the same mode"});
    const json& granted = list(account, "permissions");
    for (const permission& each : permissions)
        if (std::find(granted.begin(), granted.end(), each.name) == granted.end())
            into.warning({"permission_missing", "the key does not have this permission", each.name,
                          std::string("grant it for ") + each.unlocks});
}

// ---- backfill: one stream after the other, pages of 100 by the last id seen -------------------------------

constexpr std::string_view streams[] = {"customers", "payments"};

void ask_page(std::string_view stream, const trb_backfill_range& range, const std::string& after,
              sdk::page_sink into) {
    std::string query = "?limit=100&until=" + std::to_string(range.until_ms);
    if (range.from_ms != INT64_MIN)
        query += "&from=" + std::to_string(range.from_ms);
    if (!after.empty())
        query += "&after=" + after;
    const std::string path = "/" + std::string(stream) + query;
    into.page(std::string(stream), get(path, "backfill" + path));
}

bool fits_url(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '_';
    });
}

} // namespace

std::optional<sdk::request> request_for(std::int32_t kind, std::string_view id, std::string purpose) {
    const std::string_view folder = kind == TRB_KIND_PAYMENT || id.starts_with("pay_")    ? "/payments/"
                                    : kind == TRB_KIND_REFUND || id.starts_with("ref_")   ? "/refunds/"
                                    : kind == TRB_KIND_CUSTOMER || id.starts_with("cus_") ? "/customers/"
                                                                                          : "";
    if (folder.empty() || !fits_url(id))
        return std::nullopt;
    return get(std::string(folder).append(id), std::move(purpose));
}

sdk::outcome ledgerly::check(const trb_connection& connection, std::string_view, sdk::records answers,
                             sdk::action_sink into) const {
    const trb_record* const account = sdk::answer_to(answers, "account");
    if (account == nullptr) {
        into.need(get("/account", "account"));
        return {};
    }
    if (sdk::outcome done = usable(*account); !done)
        return done;
    judge_account(connection, parse(sdk::view(account->body)), into);
    return {};
}

sdk::outcome ledgerly::register_webhook(const trb_connection&, std::string_view url, sdk::records answers,
                                        sdk::action_sink into) const {
    const trb_record* const known = sdk::answer_to(answers, "webhooks");
    const trb_record* const made = sdk::answer_to(answers, "webhook_made");
    for (const trb_record& answer : answers)
        if (sdk::outcome done = usable(answer); !done)
            return done;
    if (known == nullptr) {
        into.need(get("/webhooks", "webhooks"));
    } else if (!webhook_of(parse(sdk::view(known->body)), url).empty()) {
        into.warning({"registered_already", "Ledgerly delivers to this URL already", url,
                      "if its secret is not known here, remove the webhook and register it again"});
    } else if (made == nullptr) {
        into.need(sdk::request::post(base + "/webhooks", "webhook_made", "application/json",
                                     json{{"url", std::string(url)}}.dump())
                      .bearer("api_key"));
    } else {
        into.keep_secret("signing", text(parse(sdk::view(made->body)), "secret"));
        into.good({"registered", "Ledgerly delivers from now on", url});
    }
    return {};
}

sdk::outcome ledgerly::remove_webhook(const trb_connection&, std::string_view url, sdk::records answers,
                                      sdk::action_sink into) const {
    const trb_record* const known = sdk::answer_to(answers, "webhooks");
    for (const trb_record& answer : answers)
        if (sdk::outcome done = usable(answer); !done)
            return done;
    if (known == nullptr) {
        into.need(get("/webhooks", "webhooks"));
        return {};
    }
    const std::string id = webhook_of(parse(sdk::view(known->body)), url);
    if (id.empty())
        into.note({"not_registered", "Ledgerly does not deliver to this URL", url});
    else if (!fits_url(id))
        throw malformed("id");
    else if (sdk::answer_to(answers, "webhook_removed") == nullptr)
        into.need(sdk::request::remove(base + "/webhooks/" + id, "webhook_removed").bearer("api_key"));
    else
        into.good({"removed", "Ledgerly delivers no longer", url});
    return {};
}

sdk::outcome ledgerly::fetch(const trb_connection&, std::int32_t kind, std::string_view document_id,
                             sdk::action_sink into) const {
    const auto wanted = request_for(kind, document_id, "fetch " + std::string(document_id));
    if (!wanted)
        return sdk::invalid("no_such_object", "an id starts with pay_, ref_ or cus_");
    into.need(*wanted);
    return {};
}

sdk::outcome ledgerly::begin(const trb_connection&, const trb_backfill_range& range,
                             sdk::page_sink into) const {
    for (const std::string_view stream : streams)
        ask_page(stream, range, {}, into);
    return {};
}

sdk::outcome ledgerly::next(const trb_connection&, const trb_backfill_range& range, std::string_view cursor,
                            const trb_record& answer, sdk::page_sink into) const {
    if (std::find(std::begin(streams), std::end(streams), cursor) == std::end(streams))
        return sdk::invalid("unknown_cursor", "the cursor names no stream");
    try {
        const json page = parse(sdk::view(answer.body));
        const json& objects = list(page, "data");
        if (objects.empty())
            return {};
        into.progress(cursor, integer(objects.back(), "created_at"));
        const std::string last = text(objects.back(), "id");
        if (!fits_url(last))
            throw malformed("id");
        if (page.value("more", false))
            ask_page(cursor, range, last, into);
    } catch (const malformed& wrong) {
        return sdk::invalid("malformed_page", wrong.what());
    }
    return {};
}

} // namespace ledgerly

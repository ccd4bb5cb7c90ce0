#include <optional>

#include "bots.hpp"
#include "redirect_url.hpp"
#include "request.hpp"
#include "routes.hpp"
#include "views.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace {

using sdk::cell;

constexpr std::string_view cookie_seconds = "3600"; // As long as one click counts once.

struct recorded_click {
    std::string id;          ///< Empty when none was recorded.
    std::string_view reason; ///< Why not.
    std::string_view detail;
    bool repeated = false; ///< The visitor's cookie names a click that was recorded before.
};

bool is_click_id(std::string_view text) {
    return text.size() == 16 &&
           text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

/// Was this click recorded on this link? A cookie is the visitor's to write: only what the host knows counts.
bool is_recorded_on(route_context& context, std::string_view click_id, std::string_view link_id) {
    struct wanted {
        std::string_view link_id;
        bool found = false;
    } search{link_id};
    context.clicks->find(
        context.call.scope, sdk::view(click_id),
        [](void* self, std::int64_t, const trb_click* click) noexcept {
            auto& wanted_click = *static_cast<wanted*>(self);
            wanted_click.found =
                sdk::states(*click, TRB_CLICK_LINK_ID) && sdk::view(click->link_id) == wanted_click.link_id;
        },
        &search);
    return search.found;
}

trb_click describe_click(const route_context& context, const stored_row& link, std::string_view user_agent) {
    trb_click click{};
    click.struct_size = sizeof click;
    click.present = TRB_BIT(TRB_CLICK_LINK_ID) | TRB_BIT(TRB_CLICK_URL) | TRB_BIT(TRB_CLICK_DEVICE) |
                    TRB_BIT(TRB_CLICK_BROWSER) | TRB_BIT(TRB_CLICK_OS) | TRB_BIT(TRB_CLICK_TRIGGER) |
                    TRB_BIT(TRB_CLICK_REFERER);
    click.link_id = sdk::view(link[link_column::id].text);
    click.url = sdk::view(link[link_column::url].text);
    const device_words words = read_user_agent(user_agent);
    click.device = sdk::view(words.device);
    click.browser = sdk::view(words.browser);
    click.os = sdk::view(words.os);
    click.trigger = sdk::view(context.query.find("qr") == "1" ? "qr" : "link");
    return click;
}

recorded_click record(route_context& context, const stored_row& link, std::string_view cookie) {
    const std::string_view user_agent = header(context.call, "user-agent");
    if (sdk::view(context.call.method) == "HEAD")
        return {"", "head", ""};
    if (!header(context.call, "dub-no-track").empty() || context.query.has("dub-no-track"))
        return {"", "no_track", ""};
    if (context.query.has("bot"))
        return {"", "bot", "?bot"};
    if (const std::string_view word = bot_word(user_agent); !word.empty())
        return {"", "bot", word};
    const std::string& link_id = link[link_column::id].text;
    if (is_click_id(cookie) && is_recorded_on(context, cookie, link_id))
        return {std::string(cookie), "", "", true};
    const std::string visitor =
        std::string(sdk::view(context.call.remote_address)) + "\n" + std::string(user_agent);
    std::string id(16, '0');
    context.clicks->make_id(context.call.scope, sdk::view(link_id), sdk::view(visitor), id.data());
    const std::string referer = bare_domain(header(context.call, "referer"));
    trb_click click = describe_click(context, link, user_agent);
    click.referer = sdk::view(referer.empty() ? std::string_view("(direct)") : std::string_view(referer));
    // A visitor is sent on even when his click cannot be kept; then no id is passed on that nobody knows.
    if (context.clicks->append(context.call.scope, sdk::view(id), &click) != TRB_OK)
        return {"", "not_recorded", ""};
    return {std::move(id), "", ""};
}

sdk::outcome plain(sdk::reply& answer, std::int32_t status, std::string text) {
    answer.status = status;
    answer.headers.emplace_back("content-type", "text/plain; charset=utf-8");
    answer.headers.emplace_back("cache-control", "no-store");
    answer.body = std::move(text);
    return {};
}

void send_to(sdk::reply& answer, std::string url) {
    answer.status = 302;
    answer.headers.emplace_back("location", std::move(url));
    answer.headers.emplace_back("cache-control", "no-store");
    answer.headers.emplace_back("x-robots-tag", "noindex");
}

/// Takes the key as the path has it; an empty one is the domain's own page.
std::string link_key(const trb_call& call) {
    std::string key = lower(path_parameter(call, "key"));
    while (!key.empty() && key.back() == '/')
        key.pop_back();
    return key.empty() ? std::string(root_key) : key;
}

sdk::outcome find_link(route_context& context, std::string_view key, std::optional<stored_row>& link) {
    const std::string sql = "SELECT " + std::string(link_column::list) +
                            " FROM attribution_link WHERE workspace_id = $1 AND environment = $2"
                            " AND domain = $3 AND key_lower = $4";
    std::string_view host = sdk::view(context.call.host);
    if (sdk::outcome done = find_row(context.store, sql, {cell(host), cell(key)}, link); !done || link)
        return done;
    if (host.starts_with("www."))
        return find_row(context.store, sql, {cell(host.substr(4)), cell(key)}, link);
    return {};
}

} // namespace

sdk::outcome redirect(route_context& context) {
    const std::string key = link_key(context.call);
    std::optional<stored_row> link;
    if (sdk::outcome done = find_link(context, key, link); !done)
        return done;
    if (!link || !(*link)[link_column::disabled_at].is_null())
        return plain(context.answer, 404, "There is no link here.\n");
    const stored_cell& expires = (*link)[link_column::expires_at];
    if (!expires.is_null() && expires.integer <= context.now_ms()) {
        const std::string& instead = (*link)[link_column::expired_url].text;
        if (!is_web_url(instead))
            return plain(context.answer, 410, "This link has expired.\n");
        send_to(context.answer, build_redirect_url({.url = instead}));
        return {};
    }
    const std::string& url = (*link)[link_column::url].text;
    // Links are checked when they are made; an old or foreign row must not become a script all the same.
    if (!is_web_url(url))
        return plain(context.answer, 404, "There is no link here.\n");
    const std::string& domain = (*link)[link_column::domain].text;
    const std::string cookie_name = click_cookie_name(domain, key);
    const recorded_click click =
        record(context, *link, cookie_value(header(context.call, "cookie"), cookie_name));
    const bool has_partner = !(*link)[link_column::partner_id].is_null();
    const bool passes_id = has_partner || (*link)[link_column::track_conversion].integer != 0;
    send_to(context.answer, build_redirect_url({
                                .url = url,
                                .click_id = passes_id ? std::string_view(click.id) : std::string_view(),
                                .partner_key = has_partner ? std::string_view((*link)[link_column::key].text)
                                                           : std::string_view(),
                                .visitor_query = sdk::view(context.call.query),
                            }));
    if (click.id.empty()) {
        std::string verdict = "none; reason=" + std::string(click.reason);
        if (!click.detail.empty())
            verdict += ":" + std::string(click.detail);
        context.answer.headers.emplace_back("x-tributary-click", std::move(verdict));
        return {};
    }
    context.answer.headers.emplace_back("x-tributary-click",
                                        click.repeated ? "none; reason=repeated" : "recorded");
    context.answer.headers.emplace_back("set-cookie", cookie_name + "=" + click.id + "; Path=/" +
                                                          (key == root_key ? "" : percent_encode(key, true)) +
                                                          "; Max-Age=" + std::string(cookie_seconds));
    return {};
}

} // namespace tributary::attribution

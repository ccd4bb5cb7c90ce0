#include "redirect_url.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "wire.hpp"

namespace tributary::attribution {
namespace {

/// A parameter as it stands in a URL, and its decoded name to compare with.
struct raw_parameter {
    std::string name;
    std::string text;
};

/// Escapes what may not stand in a Location header or a URL; what is escaped already stays.
std::string safe(std::string_view text) {
    static constexpr std::string_view unsafe = " \"<>\\^`{|}#";
    std::string made;
    made.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte >= 0x7f || unsafe.find(c) != std::string_view::npos)
            made += percent_encode({&c, 1});
        else
            made += c;
    }
    return made;
}

std::vector<raw_parameter> split(std::string_view query) {
    std::vector<raw_parameter> parameters;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (!pair.empty())
            parameters.push_back({percent_decode(pair.substr(0, pair.find('=')), true), safe(pair)});
    }
    return parameters;
}

void drop(std::vector<raw_parameter>& from, std::string_view name) {
    std::erase_if(from, [&](const raw_parameter& one) { return one.name == name; });
}

void set(std::vector<raw_parameter>& in, std::string_view name, std::string_view value) {
    drop(in, name);
    in.push_back({std::string(name), percent_encode(name) + "=" + percent_encode(value)});
}

/// What a visitor may not say: the names by which a sale is attributed, and the switches of the redirect
/// itself.
bool is_reserved(const raw_parameter& one, bool has_partner) {
    static constexpr std::array<std::string_view, 8> reserved{"dub_id",
                                                              "client_reference_id",
                                                              "dub_client_reference_id",
                                                              "trb_click",
                                                              "trb_id",
                                                              "dub-no-track",
                                                              "redir_url",
                                                              "bot"};
    if (std::ranges::find(reserved, one.name) != reserved.end())
        return true;
    if (one.name == "qr" || one.name == "skip_deeplink_preview")
        return one.text.ends_with("=1");
    return one.name == "via" && has_partner;
}

} // namespace

std::string build_redirect_url(const redirect_target& target) {
    std::string_view rest = target.url;
    const std::size_t hash = rest.find('#');
    const std::string fragment = hash == std::string_view::npos ? "" : "#" + safe(rest.substr(hash + 1));
    rest = rest.substr(0, hash);
    const std::size_t mark = rest.find('?');
    const std::string base = safe(rest.substr(0, mark));
    auto parameters = split(mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1));

    if (!target.partner_key.empty())
        set(parameters, "via", target.partner_key);
    const bool by_reference = std::ranges::any_of(
        parameters, [](const raw_parameter& one) { return one.text == "dub_client_reference_id=1"; });
    if (by_reference)
        drop(parameters, "dub_client_reference_id");
    if (!target.click_id.empty()) {
        if (by_reference)
            set(parameters, "client_reference_id", "dub_id_" + std::string(target.click_id));
        else
            set(parameters, "dub_id", target.click_id);
    }
    auto visitor = split(target.visitor_query);
    std::erase_if(visitor,
                  [&](const raw_parameter& one) { return is_reserved(one, !target.partner_key.empty()); });
    for (const raw_parameter& one : visitor)
        drop(parameters, one.name);
    parameters.insert(parameters.end(), visitor.begin(), visitor.end());

    std::string url = base;
    char separator = '?';
    for (const raw_parameter& one : parameters) {
        url += separator;
        url += one.text;
        separator = '&';
    }
    return url + fragment;
}

std::string click_cookie_name(std::string_view domain, std::string_view key) {
    return "dub_id_" + percent_encode(domain) + "_" + percent_encode(key);
}

std::string_view cookie_value(std::string_view cookie_header, std::string_view name) {
    while (!cookie_header.empty()) {
        std::string_view pair = cookie_header.substr(0, cookie_header.find(';'));
        cookie_header.remove_prefix(std::min(cookie_header.size(), pair.size() + 1));
        while (!pair.empty() && pair.front() == ' ')
            pair.remove_prefix(1);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return pair.substr(name.size() + 1);
    }
    return {};
}

} // namespace tributary::attribution

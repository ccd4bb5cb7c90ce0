#include "bots.hpp"

#include <array>
#include <utility>

#include "wire.hpp"

namespace tributary::attribution {
namespace {

constexpr auto bot_words = std::to_array<std::string_view>({
    // Crawlers and whatever calls itself one.
    "bot",
    "crawl",
    "spider",
    "slurp",
    "scrap",
    "archiver",
    "ia_archiver",
    "feedfetcher",
    "yandex",
    "baidu",
    "mediapartners",
    "adsbot",
    "applebot",
    "gptbot",
    "claude",
    "perplexity",
    "bytespider",
    "petalbot",
    // Link previews.
    "facebookexternalhit",
    "facebookcatalog",
    "meta-externalagent",
    "meta-externalfetcher",
    "whatsapp/",
    "slack-imgproxy",
    "slackbot",
    "telegrambot",
    "discordbot",
    "skypeuripreview",
    "twitterbot",
    "linkedinbot",
    "pinterest/0",
    "redditbot",
    "embedly",
    "quora link preview",
    "vkshare",
    "outbrain",
    "flipboard",
    "tumblr/",
    "bitlybot",
    "iframely",
    "snapchat/",
    "preview",
    // Libraries and command lines.
    "curl/",
    "wget/",
    "python",
    "aiohttp",
    "httpx",
    "urllib",
    "go-http-client",
    "java/",
    "okhttp",
    "apache-http",
    "node-fetch",
    "undici",
    "axios",
    "got (",
    "ruby",
    "perl",
    "php/",
    "guzzle",
    "libwww",
    "postman",
    "insomnia",
    "httpie",
    "rest-client",
    "fetch/",
    // Browsers without a person.
    "headless",
    "phantomjs",
    "puppeteer",
    "playwright",
    "selenium",
    "lighthouse",
    "chrome-lighthouse",
    "google-inspectiontool",
    "googleother",
    "google-read-aloud",
    "pagespeed",
    // Monitors and scanners.
    "pingdom",
    "uptime",
    "statuscake",
    "site24x7",
    "newrelic",
    "datadog",
    "zabbix",
    "nagios",
    "check_http",
    "monitor",
    "nmap",
    "masscan",
    "zgrab",
    "nuclei",
    "sqlmap",
    "nikto",
    "qualys",
    "censys",
    "proofpoint",
    "barracuda",
    "mimecast",
    "safelinks",
});

using word_pair = std::pair<std::string_view, std::string_view>;

/// The first word that occurs decides: more telling ones stand first.
template <std::size_t Count>
std::string_view first_match(std::string_view text, const std::array<word_pair, Count>& words) {
    for (const auto& [word, meaning] : words)
        if (text.find(word) != std::string_view::npos)
            return meaning;
    return "Unknown";
}

} // namespace

std::string_view bot_word(std::string_view user_agent) {
    if (user_agent.empty())
        return "empty";
    std::string text = lower(user_agent);
    // Cubot makes telephones.
    if (const std::size_t phone = text.find("cubot"); phone != std::string::npos)
        text.erase(phone, 5);
    for (const std::string_view word : bot_words)
        if (text.find(word) != std::string::npos)
            return word;
    return {};
}

device_words read_user_agent(std::string_view user_agent) {
    static constexpr auto devices = std::to_array<word_pair>({{"ipad", "Tablet"},
                                                              {"tablet", "Tablet"},
                                                              {"mobile", "Mobile"},
                                                              {"iphone", "Mobile"},
                                                              {"android", "Tablet"},
                                                              {"windows", "Desktop"},
                                                              {"macintosh", "Desktop"},
                                                              {"linux", "Desktop"},
                                                              {"cros", "Desktop"}});
    static constexpr auto browsers = std::to_array<word_pair>({{"edg/", "Edge"},
                                                               {"edga/", "Edge"},
                                                               {"opr/", "Opera"},
                                                               {"samsungbrowser/", "Samsung Internet"},
                                                               {"firefox/", "Firefox"},
                                                               {"fxios/", "Firefox"},
                                                               {"crios/", "Chrome"},
                                                               {"chrome/", "Chrome"},
                                                               {"safari/", "Safari"}});
    static constexpr auto systems = std::to_array<word_pair>({{"iphone", "iOS"},
                                                              {"ipad", "iOS"},
                                                              {"android", "Android"},
                                                              {"windows", "Windows"},
                                                              {"mac os x", "Mac OS"},
                                                              {"cros", "Chrome OS"},
                                                              {"linux", "Linux"}});
    const std::string text = lower(user_agent);
    return {first_match(text, devices), first_match(text, browsers), first_match(text, systems)};
}

} // namespace tributary::attribution

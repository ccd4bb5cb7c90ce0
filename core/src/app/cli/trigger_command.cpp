#include <algorithm>
#include <charconv>
#include <map>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/inbox_view.hpp"
#include "app/cli/input_file.hpp"
#include "app/cli/post.hpp"
#include "app/cli/story.hpp"
#include "app/cli/table.hpp"
#include "app/cli/times.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

struct trigger_arguments {
    std::string provider;
    std::optional<std::string> story;
    std::optional<std::string> file;
    std::optional<std::string> connection;
    std::optional<std::string> workspace;
    std::int64_t times = 1;
    bool shuffle = false;
    bool duplicate = false;
    std::optional<std::string> api_version;
    std::optional<std::string> seed;
    std::optional<std::string> at;
    std::vector<std::string> parameters;
    std::optional<std::string> url;
    bool dry_run = false;
    bool list = false;
};

result<plugins::plugin_ptr> simulator_of(const plugins::plugin_set& loaded, const std::string& provider) {
    plugins::plugin_ptr found = loaded.find(provider);
    if (found == nullptr)
        return failure(cli_errc::not_found, "no plugin '" + provider + "' is loaded (tributary plugin list)");
    if (found->simulator == nullptr)
        return failure(cli_errc::not_found, "the plugin '" + provider + "' has no simulator");
    return found;
}

result<exit_status> list_stories(context& with, const plugins::plugin& provider) {
    document list = document::list();
    for (const auto& [name, summary] : stories_of(provider))
        list.push(document::record().set("story", name).set("summary", summary));
    with.show(document::record().set("provider", provider.short_name()).set("stories", list), [&] {
        return table_text(list, {{"story", "STORY"}, {"summary", "WHAT HAPPENS"}}, "no story");
    });
    return exit_status::ok;
}

/// The connection that is named, else the only enabled one of this provider in the sandbox.
result<accounts::connection> choose_connection(workbench& bench, const trigger_arguments& given) {
    if (given.connection)
        return bench.connection(*given.connection, given.workspace);
    TRIBUTARY_TRY_ASSIGN(all, bench.workspaces_named(given.workspace));
    std::vector<accounts::connection> fitting;
    for (const accounts::workspace& in : all) {
        TRIBUTARY_TRY_ASSIGN(connections, bench.connections().list(in.workspace_id));
        for (accounts::connection& each : connections)
            if (each.provider == given.provider && !each.disabled_at &&
                each.environment == accounts::environment::sandbox)
                fitting.push_back(std::move(each));
    }
    if (fitting.empty())
        return failure(cli_errc::not_found, "no enabled sandbox connection of '" + given.provider +
                                                "'; 'tributary connection create --sandbox' makes one");
    if (fitting.size() > 1)
        return failure(cli_errc::usage,
                       "several connections fit; say which with --connection or --workspace");
    return std::move(fitting.front());
}

/// The newest secret named "signing"; when there is no such name, the only secret.
result<secret_text> signing_secret(workbench& bench, const std::string& connection_id) {
    TRIBUTARY_TRY_ASSIGN(opened, bench.connections().find(connection_id));
    for (auto each = opened.secrets.rbegin(); each != opened.secrets.rend(); ++each)
        if (each->name == "signing" || opened.secrets.size() == 1)
            return std::move(each->value);
    return failure(cli_errc::failed, connection_id +
                                         " has no secret 'signing'; 'tributary connection secret add " +
                                         connection_id + " signing=-' adds one");
}

/// What plugins take of a story is less: they say so.
constexpr std::size_t definition_bytes_max = 1 << 20;

result<story_request> make_request(context& with, workbench& bench, const trigger_arguments& given,
                                   const accounts::connection& connection) {
    story_request made;
    made.story = given.story.value_or("");
    if (given.file) {
        TRIBUTARY_TRY_ASSIGN(definition, read_input(with, *given.file, definition_bytes_max));
        made.definition = std::move(definition);
    }
    made.environment = static_cast<std::int64_t>(connection.environment);
    made.api_version = given.api_version.value_or("");
    made.at = bench.now();
    if (given.at) {
        TRIBUTARY_TRY_ASSIGN(at, parse_time(*given.at, made.at));
        made.at = at;
    }
    if (given.seed) {
        const char* end = given.seed->data() + given.seed->size();
        const auto [read, code] = std::from_chars(given.seed->data(), end, made.seed);
        if (code != std::errc() || read != end)
            return failure(cli_errc::usage, "--seed is a number from 0 to 18446744073709551615");
    } else {
        std::uint32_t chosen = 0; // Short enough to be typed again.
        bench.parts().random().fill(&chosen, sizeof chosen);
        made.seed = chosen;
    }
    for (const std::string& parameter : given.parameters) {
        const std::size_t equals = parameter.find('=');
        if (equals == std::string::npos || equals == 0)
            return failure(cli_errc::usage, "--set takes name=value");
        made.parameters.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
    }
    TRIBUTARY_TRY_ASSIGN(secret, signing_secret(bench, connection.connection_id));
    made.signing_secret = std::move(secret);
    return made;
}

struct whole_story {
    std::vector<told_delivery> deliveries;
    std::map<std::string, std::int64_t> expectations; ///< Sums over all tellings.
};

result<whole_story> tell_all(const plugins::plugin& provider, story_request request,
                             const trigger_arguments& given) {
    whole_story whole;
    const std::uint64_t seed = request.seed;
    for (std::int64_t time = 0; time < given.times; ++time) {
        TRIBUTARY_TRY_ASSIGN(told, tell(provider, request));
        std::ranges::move(told.deliveries, std::back_inserter(whole.deliveries));
        for (const auto& [name, value] : told.expectations)
            whole.expectations[name] += value;
        ++request.seed;
    }
    disturb(whole.deliveries, given.duplicate, given.shuffle, seed);
    return whole;
}

document describe_unsent(const told_delivery& of) {
    return document::record()
        .set("event", of.name)
        .set("at", time_text(of.at))
        .set("headers", describe_headers(of.headers))
        .set("body", of.body);
}

std::string unsent_text(const std::vector<told_delivery>& deliveries, const std::string& url) {
    std::string text;
    for (const told_delivery& each : deliveries) {
        text += "POST " + url + "    " + each.name + "\n";
        for (const http::header& header : each.headers)
            text += header.name + ": " + header.value + "\n";
        text += "\n" + printable(each.body) + "\n\n";
    }
    return text;
}

/// Posts everything in order. @return one record for each; `all_taken` says whether each got a 2xx.
result<document> post_all(workbench& bench, std::vector<told_delivery> deliveries, const std::string& url,
                          bool& all_taken) {
    http_caller caller(bench.settings(), bench.parts().log());
    document sent = document::list();
    all_taken = true;
    for (told_delivery& each : deliveries) {
        http::client_request request;
        request.method = "POST";
        request.url = url;
        request.headers = std::move(each.headers);
        request.body = std::move(each.body);
        TRIBUTARY_TRY_ASSIGN(answer, caller.call(std::move(request)));
        all_taken = all_taken && answer.status >= 200 && answer.status < 300;
        sent.push(document::record()
                      .set("event", each.name)
                      .set("at", time_text(each.at))
                      .set("status", answer.status)
                      .set("answer", answer.body));
    }
    return sent;
}

result<exit_status> trigger(context& with, const trigger_arguments& given) {
    if (given.story && given.file)
        return failure(cli_errc::usage, "name a story or give it with --file, not both");
    if (!given.story && !given.file && !given.list)
        return failure(cli_errc::usage, "name a story or give one with --file; 'tributary trigger " +
                                            given.provider + " --list' lists them");
    if (given.list) {
        TRIBUTARY_TRY_ASSIGN(settings, with.settings());
        TRIBUTARY_TRY_ASSIGN(parts, assembly::open(std::move(settings),
                                                   {.database = false, .require_key = false, .quiet = true}));
        TRIBUTARY_TRY_ASSIGN(provider, simulator_of(parts->plugins(), given.provider));
        return list_stories(with, *provider);
    }
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    TRIBUTARY_TRY_ASSIGN(provider, simulator_of(bench->parts().plugins(), given.provider));
    TRIBUTARY_TRY_ASSIGN(connection, choose_connection(*bench, given));
    if (connection.provider != given.provider)
        return failure(cli_errc::usage,
                       connection.connection_id + " is a connection of '" + connection.provider + "'");
    if (connection.environment == accounts::environment::live && !given.dry_run)
        return failure(cli_errc::usage,
                       connection.connection_id +
                           " is live, and made-up money never books there; use a sandbox connection");
    TRIBUTARY_TRY_ASSIGN(request, make_request(with, *bench, given, connection));
    const std::uint64_t seed = request.seed;
    TRIBUTARY_TRY_ASSIGN(whole, tell_all(*provider, std::move(request), given));
    const std::string url =
        (given.url ? *given.url : base_url(bench->settings())) + "/webhooks/" + connection.connection_id;
    document expectations = document::list();
    for (const auto& [name, value] : whole.expectations)
        expectations.push(document::record().set("name", name).set("value", value));
    document shown = document::record();
    shown.set("connection_id", connection.connection_id).set("url", url).set("seed", std::to_string(seed));
    if (given.dry_run) {
        document list = document::list();
        for (const told_delivery& each : whole.deliveries)
            list.push(describe_unsent(each));
        shown.set("deliveries", list).set("expectations", expectations);
        with.show(shown, [&] { return unsent_text(whole.deliveries, url); });
        return exit_status::ok;
    }
    bool all_taken = false;
    TRIBUTARY_TRY_ASSIGN(sent, post_all(*bench, std::move(whole.deliveries), url, all_taken));
    shown.set("deliveries", sent).set("expectations", expectations);
    with.show(shown, [&] {
        return fields_text(shown, {{"url", "to"}, {"seed", "seed"}}) + "\n" +
               table_text(sent,
                          {{"event", "EVENT"}, {"at", "AT"}, {"status", "STATUS"}, {"answer", "ANSWER"}},
                          "the story has no delivery") +
               "\nOnce all is booked:\n" +
               indented(table_text(expectations, {{"name", "EXPECTED"}, {"value", "VALUE"}},
                                   "nothing is expected"),
                        2);
    });
    return all_taken ? exit_status::ok : exit_status::failed;
}

} // namespace

void add_trigger_command(command root) {
    const auto given = std::make_shared<trigger_arguments>();
    constexpr std::int64_t times_max = 100'000;
    root.add("trigger", "Let a provider's simulator tell a story to the daemon, signed as the provider signs",
             "tributary trigger acme refund --shuffle --duplicate --set amount=1999")
        .text("PROVIDER", given->provider, "PROVIDER", "Short name of the provider's plugin")
        .required()
        .text("STORY", given->story, "STORY", "What happens")
        .text("--file", given->file, "FILE", "A story of your own, in the format that the plugin describes")
        .flag("--list", given->list, "List the stories")
        .text("--connection", given->connection, "CONNECTION",
              "Which signs and receives; default: the only one of the provider in the sandbox")
        .text("--workspace", given->workspace, "WORKSPACE", "In which the connection is looked for")
        .number("--times", given->times, 1, times_max, "Tell it so often, with the next seed each time")
        .flag("--shuffle", given->shuffle, "In an order that the seed decides")
        .flag("--duplicate", given->duplicate, "Each delivery twice")
        .text("--api-version", given->api_version, "VERSION", "Of the provider; default: the newest")
        .text("--seed", given->seed, "N", "All ids and the order follow from it; default: a new one")
        .text("--at", given->at, "TIME", "When the story happens; default: now")
        .texts("--set", given->parameters, "NAME=VALUE", "A parameter of the story; may be repeated")
        .text("--url", given->url, "URL", "The daemon; default: [server].public_url, else where it listens")
        .flag("--dry-run", given->dry_run, "Print the deliveries and send nothing")
        .runs([given](context& with) { return trigger(with, *given); });
}

} // namespace tributary::app::cli

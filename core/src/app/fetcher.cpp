#include "app/fetcher.hpp"

namespace tributary::app {

namespace {

/// Replaces each {secret:NAME} by the newest secret of that name. False: there is none; `missing` names it.
bool substitute_secrets(std::string& text, const connection_info& connection, std::string& missing) {
    constexpr std::string_view opening = "{secret:";
    for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
        const std::size_t end = text.find('}', at);
        if (end == std::string::npos)
            return true;
        const std::string name = text.substr(at + opening.size(), end - at - opening.size());
        const secret_text* newest = nullptr;
        for (const auto& [secret_name, secret] : connection.secrets)
            if (secret_name == name)
                newest = &secret;
        if (newest == nullptr) {
            missing = name;
            return false;
        }
        text.replace(at, end + 1 - at, newest->reveal());
        at += newest->reveal().size();
    }
    return true;
}

/// An address may come from a delivery, and so from a stranger: nothing inside our own network is asked.
http::client_options only_the_internet() {
    http::client_options options;
    options.internal_addresses_allowed = false;
    return options;
}

} // namespace

result<http::client_request> with_secrets(const inbox::want& wanted, const connection_info& connection) {
    http::client_request request;
    request.method = wanted.method;
    request.url = wanted.url;
    request.headers = wanted.headers;
    request.body = wanted.body;
    std::string missing;
    bool complete = substitute_secrets(request.body, connection, missing);
    for (http::header& one : request.headers)
        complete = complete && substitute_secrets(one.value, connection, missing);
    if (!complete)
        return failure(engine_errc::not_found, "the connection has no secret named '" + missing + "'");
    return request;
}

fetcher::fetcher(assembly& parts, writer& writes)
    : parts_(parts), writer_(writes), readers_(parts.database()),
      client_(http::make_client(only_the_internet(), parts.log())) {}

fetcher::~fetcher() {
    stop();
}

void fetcher::stop() {
    std::shared_ptr<http::client> last;
    {
        const std::lock_guard lock(mutex_);
        last.swap(client_);
    }
    // Going, it completes what is in flight, and that takes the lock: not while we hold it.
}

result<http::client_request> fetcher::prepare(const inbox::want& wanted) {
    TRIBUTARY_TRY_ASSIGN(reader, readers_.borrow());
    TRIBUTARY_TRY_ASSIGN(connection, parts_.where().connection(*reader, wanted.connection_id, true));
    return with_secrets(wanted, connection);
}

void fetcher::fetch(std::vector<inbox::want> wanted) {
    for (inbox::want& one : wanted) {
        std::shared_ptr<http::client> client;
        {
            const std::lock_guard lock(mutex_);
            client = client_;
            if (!client)
                return;
            if (!in_flight_.insert({one.in.workspace, one.connection_id, one.purpose}).second)
                continue;
        }
        auto request = prepare(one);
        if (!request) {
            finish(std::move(one), request.error());
            continue;
        }
        auto kept = std::make_shared<inbox::want>(std::move(one));
        client->send(std::move(*request), [this, kept](result<http::response> answer) {
            finish(std::move(*kept), std::move(answer));
        });
    }
}

void fetcher::finish(inbox::want wanted, result<http::response> answer) {
    parts_.counters().count("tributary_wants_total",
                            {{"outcome", answer ? std::to_string(answer->status) : "failed"}});
    const key name{wanted.in.workspace, wanted.connection_id, wanted.purpose};
    const auto forget = [this, name](const result<http::response>&) {
        const std::lock_guard lock(mutex_);
        in_flight_.erase(name);
    };
    if (!writer_.submit({wanted_answer{std::move(wanted), std::move(answer)}, forget}))
        forget(http::response());
}

} // namespace tributary::app

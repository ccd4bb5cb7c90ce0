#include <tributary/app/runtime.hpp>
#include <tributary/app/writer.hpp>
#include <tributary/http/server.hpp>

#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <thread>

#include "app/admin.hpp"
#include "app/fetcher.hpp"
#include "app/front.hpp"

namespace tributary::app {
namespace {

http::server_options public_options(const config::server_settings& settings) {
    http::server_options options;
    options.address = settings.listen.host;
    options.port = settings.listen.port;
    options.threads = settings.threads;
    options.header_bytes_max = settings.header_bytes_max;
    options.body_bytes_max = settings.body_bytes_max;
    options.connections_max = settings.connections_max;
    options.header_timeout_ms = settings.header_timeout_ms;
    options.body_timeout_ms = settings.body_timeout_ms;
    options.idle_timeout_ms = settings.idle_timeout_ms;
    options.response_timeout_ms = settings.response_timeout_ms;
    options.tls_certificate_file = settings.tls_certificate;
    options.tls_key_file = settings.tls_key;
    options.trusted_proxies = settings.trusted_proxies;
    return options;
}

http::server_options admin_options(const config::admin_settings& settings) {
    http::server_options options;
    options.address = settings.listen.host;
    options.port = settings.listen.port;
    options.connections_max = 64;
    options.body_bytes_max = 4096;
    options.response_timeout_ms = 600'000; // A reload may wait for schema steps.
    return options;
}

} // namespace

struct runtime::state {
    assembly& parts;
    std::function<void()> on_fatal;
    std::unique_ptr<writer> writes;
    std::unique_ptr<fetcher> fetches;
    std::unique_ptr<front> answers;
    std::unique_ptr<admin> operators;
    std::unique_ptr<http::server> public_server;
    std::unique_ptr<http::server> admin_server;
    std::mutex reloading;

    std::mutex watching;
    std::condition_variable stop_watching;
    bool watched = true;
    std::thread watchdog;

    std::mutex commanding;
    std::vector<std::future<void>> commands; ///< under way, or ended and not yet looked at

    state(assembly& from, std::function<void()> fatal) : parts(from), on_fatal(std::move(fatal)) {}

    void administer(http::request&& request, http::responder respond);
    void end_commands();
};

/// The thread of the listener must not wait: who asks for /healthz meanwhile would take the daemon for dead.
void runtime::state::administer(http::request&& request, http::responder respond) {
    if (!admin::takes_long(request))
        return respond(operators->handle(request));
    const std::lock_guard lock(commanding);
    std::erase_if(commands, [](const std::future<void>& one) {
        return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
    commands.push_back(
        std::async(std::launch::async, [this, asked = std::move(request), respond = std::move(respond)] {
            respond(operators->handle(asked));
        }));
}

void runtime::state::end_commands() {
    const std::lock_guard lock(commanding);
    commands.clear(); // Waits for each.
}

runtime::runtime(assembly& parts, std::function<void()> on_fatal)
    : state_(std::make_unique<state>(parts, std::move(on_fatal))) {}

runtime::~runtime() {
    stop();
}

result<void> runtime::start() {
    state& my = *state_;
    assembly& parts = my.parts;
    const config::configuration& settings = parts.settings();
    TRIBUTARY_TRY_ASSIGN(engine, parts.make_engine());
    TRIBUTARY_TRY_ASSIGN(upgraded, engine->upgrade_projections());
    if (upgraded > 0)
        parts.log().info("projections_upgraded", {{"subjects", upgraded}});

    writer_options options;
    options.batch_max = settings.engine.batch_max;
    options.batch_wait_us = settings.engine.batch_wait_us;
    options.queue_max = settings.engine.pending_max;
    my.writes = std::make_unique<writer>(std::move(engine), options, parts.log(), parts.counters(),
                                         [&my](const failure&) { my.on_fatal(); });
    my.fetches = std::make_unique<fetcher>(parts, *my.writes);
    my.writes->on_wants([&my](std::vector<inbox::want> wanted) { my.fetches->fetch(std::move(wanted)); });
    my.answers = std::make_unique<front>(parts, *my.writes);
    my.public_server = std::make_unique<http::server>(
        public_options(settings.server),
        [&my](http::request&& request, http::responder respond) {
            my.answers->handle(std::move(request), std::move(respond));
        },
        parts.log(), parts.random(),
        [&my](int status, std::string_view code, std::string_view message, std::string_view request_id) {
            return my.answers->render_error(status, code, message, request_id);
        });
    my.operators = std::make_unique<admin>(parts, *my.writes, *my.public_server,
                                           [this](std::string_view instance) { return reload(instance); });
    my.admin_server = std::make_unique<http::server>(
        admin_options(settings.admin),
        [&my](http::request&& request, http::responder respond) {
            my.administer(std::move(request), std::move(respond));
        },
        parts.log(), parts.random());
    if (parts.plugins().supervised_by() != nullptr)
        my.watchdog = std::thread([this] { watch(); });
    my.writes->start();
    TRIBUTARY_TRY(my.admin_server->start());
    TRIBUTARY_TRY(my.public_server->start());
    parts.log().info("listening",
                     {{"public", settings.server.listen.host + ":" + std::to_string(port())},
                      {"admin", settings.admin.listen.host + ":" + std::to_string(admin_port())}});
    return {};
}

result<plugins::plugin_ptr> runtime::reload(std::string_view instance) {
    state& my = *state_;
    const std::lock_guard one_at_a_time(my.reloading);
    plugins::plugin_set& plugins = my.parts.plugins();
    TRIBUTARY_TRY_ASSIGN(next, my.parts.prepare_reload(instance));
    const plugins::plugin_ptr now = plugins.find(instance);
    const auto projection_of = [](const plugins::plugin_ptr& of) {
        return of->projection == nullptr ? std::string_view() : plugins::view(of->projection->name);
    };
    if (now == nullptr || projection_of(now) != projection_of(next))
        return failure(plugins::plugin_errc::create_failed,
                       "its projection is another one: start the daemon again to fold everybody with it");
    std::promise<result<void>> swapped;
    const bool taken = my.writes->between(
        [&](engine& runs) -> result<void> {
            TRIBUTARY_TRY(runs.prepare(*next));
            plugins.replace(next);
            my.answers->refresh();
            return runs.adopt(*next);
        },
        [&](result<void> done) { swapped.set_value(std::move(done)); });
    if (!taken)
        return failure(plugins::plugin_errc::create_failed, "the daemon is stopping");
    TRIBUTARY_TRY(swapped.get_future().get());
    my.parts.log().info("plugin_reloaded", {{"plugin", next->name()},
                                            {"generation", next->generation()},
                                            {"version", next->version()},
                                            {"replaces", now->version()}});
    my.parts.counters().count("tributary_reloads_total", {{"plugin", next->name()}});
    return next;
}

/// A thread cannot be taken away from a plugin that does not come back: the process ends, the supervisor
/// starts it again, and a record that does this to every process is given up after some
/// (engine_options::interrupted_max).
void runtime::watch() {
    constexpr auto look_every = std::chrono::milliseconds(250);
    state& my = *state_;
    const plugins::supervisor& calls = *my.parts.plugins().supervised_by();
    std::unique_lock lock(my.watching);
    while (my.watched) {
        my.stop_watching.wait_for(lock, look_every);
        const auto stuck = calls.longer_than(3 * calls.deadline_ms());
        if (stuck.for_ms == 0)
            continue;
        my.parts.log().error("plugin_stuck",
                             {{"plugin", stuck.plugin}, {"call", stuck.what}, {"for_ms", stuck.for_ms}});
        std::_Exit(exit_start_again);
    }
}

void runtime::stop() {
    state& my = *state_;
    if (my.public_server)
        my.public_server->stop(my.parts.settings().server.shutdown_grace_ms);
    if (my.fetches)
        my.fetches->stop();
    if (my.writes)
        my.writes->stop();
    if (my.admin_server)
        my.admin_server->stop(100);
    my.end_commands();
    my.public_server.reset();
    my.admin_server.reset();
    my.operators.reset();
    my.answers.reset(); // It holds the plugins whose routes it knows.
    my.fetches.reset();
    my.writes.reset();
    {
        const std::lock_guard lock(my.watching);
        my.watched = false;
    }
    my.stop_watching.notify_one();
    if (my.watchdog.joinable())
        my.watchdog.join();
}

std::uint16_t runtime::port() const noexcept {
    return state_->public_server->port();
}
std::uint16_t runtime::admin_port() const noexcept {
    return state_->admin_server->port();
}

} // namespace tributary::app

#include "isolation/supervisor.hpp"

#include <tributary/plugins/error_report.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace tributary::isolation {
namespace {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds stop_grace{2000};
constexpr std::chrono::seconds long_life{60};
constexpr int heartbeats_missed_max = 5;

std::string version_text(std::uint32_t major, std::uint32_t minor) {
    return std::to_string(major) + "." + std::to_string(minor);
}

/// What every result begins with.
struct outcome {
    trb_status status = TRB_OK;
    bool reported = false;
    std::string_view code;
    std::string_view message;
    std::int64_t retry_after_ms = 0;

    explicit outcome(reader& in)
        : status(in.number<std::int32_t>()), reported(in.number<std::uint8_t>() != 0), code(in.text()),
          message(in.text()), retry_after_ms(in.number<std::int64_t>()) {}
};

} // namespace

result<digest256> digest_of_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    if (!in || !(bytes << in.rdbuf()))
        return failure(isolation_errc::not_loadable, file.string() + " cannot be read");
    return sha256(bytes.view());
}

supervisor::supervisor(launch what, logger& log, const clock& time, entropy& random, metrics& counters)
    : what_(std::move(what)), log_(log), metrics_(counters), services_(log, time, random, counters),
      pause_ms_(std::min(what_.with.restart_first_ms, what_.with.restart_max_ms)) {}

supervisor::~supervisor() {
    std::shared_ptr<session> last;
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        if (ready_)
            last = session_;
        else if (session_ != nullptr)
            session_->kill("the host stops");
        ready_ = false;
        changed_.notify_all();
    }
    if (last != nullptr) {
        writer arguments;
        arguments.number(static_cast<std::uint8_t>(method::stop));
        last->call(arguments.bytes(), stop_grace, nullptr); // It then ends by itself, or has been killed.
    }
    if (thread_.joinable())
        thread_.join();
}

result<void> supervisor::start() {
    thread_ = std::thread([this] { run(); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return first_.has_value(); });
    return *first_;
}

std::string supervisor::name() const {
    if (description_ == nullptr)
        return what_.file.filename().string();
    const trb_str short_name = description_->get().plugin.short_name;
    return {short_name.data, static_cast<std::size_t>(short_name.size)};
}

void supervisor::run() {
    bool closing = false;
    while (!closing) {
        const auto began = steady::now();
        auto started = start_once();
        std::string why;
        if (started) {
            log_.info("plugin_host_started", {{"plugin", name()}, {"pid", (*started)->pid()}});
            (*started)->serve(milliseconds(heartbeats_missed_max * what_.with.heartbeat_ms));
            why = (*started)->wait_for_end(what_.with.memory_bytes);
        } else {
            why = started.error().text();
        }
        std::unique_lock lock(mutex_);
        ready_ = false;
        session_.reset();
        status_.pid = 0;
        if (!first_) { // The first start failed: whoever waits for it decides.
            first_ = started.error();
            changed_.notify_all();
            return;
        }
        closing = closing_;
        if (!closing)
            status_.last_failure = why;
        lock.unlock();
        if (started) // Last: whoever wakes up sees the state that follows from the end.
            (*started)->fail_calls();
        log_.write(closing ? log_level::info : log_level::error, "plugin_host_ended",
                   {{"plugin", name()}, {"reason", why}});
        closing = closing || pause(steady::now() - began >= long_life);
    }
}

/// Waits until the next start. @return true when there is none.
bool supervisor::pause(bool lived_long) {
    std::unique_lock lock(mutex_);
    if (lived_long)
        pause_ms_ = std::min(what_.with.restart_first_ms, what_.with.restart_max_ms);
    const std::int64_t now = pause_ms_;
    pause_ms_ = std::min(2 * pause_ms_, what_.with.restart_max_ms);
    paused_until_ = steady::now() + milliseconds(now);
    ++status_.restarts;
    lock.unlock();
    metrics_.count("tributary_plugin_host_restarts_total", {{"plugin", name()}});
    log_.warn("plugin_host_restarting", {{"plugin", name()}, {"pause_ms", now}});
    lock.lock();
    return changed_.wait_until(lock, paused_until_, [this] { return closing_; });
}

result<std::shared_ptr<session>> supervisor::start_once() {
    unique_fd socket;
    TRIBUTARY_TRY_ASSIGN(child, child_process::start(what_.with.executable, socket));
    auto made = std::make_shared<session>(std::move(child), std::move(socket), services_);
    {
        const std::lock_guard lock(mutex_);
        session_ = made;
        status_.pid = made->pid();
        if (closing_)
            made->kill("the host stops");
    }
    auto shaken = shake_hands(*made);
    if (!shaken) {
        made->kill(shaken.error().text());
        made->wait_for_end(what_.with.memory_bytes);
        return shaken.error();
    }
    const std::lock_guard lock(mutex_);
    ready_ = !closing_;
    first_ = result<void>();
    changed_.notify_all();
    return made;
}

result<void> supervisor::shake_hands(session& with) {
    const options& limits = what_.with;
    const milliseconds allowed(limits.start_deadline_ms);
    writer load;
    load.number(static_cast<std::uint8_t>(method::load));
    load.number(protocol_version);
    load.text(what_.file.string());
    load.number(limits.memory_bytes);
    load.number(limits.heartbeat_ms);
    load.number(static_cast<std::uint8_t>(limits.files));
    const reply hello = with.call_while_starting(load.bytes(), allowed);
    if (!hello.arrived)
        return failure(isolation_errc::bad_handshake,
                       limits.executable.filename().string() + ": " + with.wait_for_end(limits.memory_bytes));
    TRIBUTARY_TRY(check_hello(hello.payload));

    writer create;
    create.number(static_cast<std::uint8_t>(method::create));
    create.text(what_.config_json);
    const reply created = with.call_while_starting(create.bytes(), allowed);
    if (!created.arrived)
        return failure(isolation_errc::create_failed, name() + ": " + with.wait_for_end(limits.memory_bytes));
    std::pmr::monotonic_buffer_resource arena;
    reader in(created.payload, arena);
    const outcome made(in);
    const std::string missing(in.text());
    if (!in.done())
        return failure(isolation_errc::bad_handshake, "the outcome of create cannot be read");
    if (made.status != TRB_OK)
        return failure(isolation_errc::create_failed,
                       name() + ": " + std::string(made.code).append(": ").append(made.message));
    const std::lock_guard lock(mutex_);
    if (!missing.empty() && status_.unprotected != missing)
        log_.warn("plugin_host_unprotected", {{"plugin", name()}, {"missing", missing}});
    status_.unprotected = missing;
    return {};
}

/// Is it our program, of this release, and did it load the file that was checked?
result<void> supervisor::check_hello(std::string_view payload) {
    std::pmr::monotonic_buffer_resource arena;
    reader in(payload, arena);
    const outcome loaded(in);
    const auto unreadable = failure(isolation_errc::bad_handshake, "it cannot be read");
    if (!in.ok())
        return unreadable;
    if (loaded.status != TRB_OK) {
        const auto code = in.number<std::int32_t>();
        if (!in.done() || code < static_cast<int>(isolation_errc::not_loadable) ||
            code > static_cast<int>(isolation_errc::create_failed))
            return unreadable;
        return failure(static_cast<isolation_errc>(code), std::string(loaded.message));
    }
    const auto magic = in.number<std::uint32_t>();
    const auto version = in.number<std::uint32_t>();
    const auto major = in.number<std::uint32_t>();
    const auto minor = in.number<std::uint32_t>();
    const std::string_view digest = in.raw(sizeof(digest256));
    if (!in.ok() || magic != protocol_magic)
        return unreadable;
    if (version != protocol_version)
        return failure(isolation_errc::bad_handshake, "it speaks version " + std::to_string(version) +
                                                          " of the protocol, this host version " +
                                                          std::to_string(protocol_version));
    if (major != TRB_ABI_MAJOR || minor != TRB_ABI_MINOR)
        return failure(isolation_errc::wrong_abi, "its process has " + version_text(major, minor) +
                                                      ", this host has " +
                                                      version_text(TRB_ABI_MAJOR, TRB_ABI_MINOR));
    const std::string loaded_sha256 = hex_encode(digest);
    if (loaded_sha256 != what_.with.sha256)
        return failure(isolation_errc::bad_handshake, "it loaded a file with the digest " + loaded_sha256 +
                                                          ", expected was " + what_.with.sha256);
    auto said = owned_description::read(std::string(in.rest()));
    if (said == nullptr)
        return unreadable;
    if (description_ != nullptr && description_->bytes() != said->bytes())
        return failure(isolation_errc::bad_handshake, "it describes itself in another way than before");
    if (description_ == nullptr) {
        const std::lock_guard lock(mutex_);
        description_ = std::move(said);
        services_.set_plugin(name());
    }
    return {};
}

std::int64_t supervisor::left_of_pause_ms() const {
    const std::lock_guard lock(mutex_);
    const auto left = std::chrono::duration_cast<milliseconds>(paused_until_ - steady::now()).count();
    // Not yet in the pause: the next one.
    return left > 0 ? left : pause_ms_;
}

trb_status supervisor::is_down(const trb_error_sink* error, std::string_view code, const std::string& why) {
    report(error, code, "the process of plugin '" + name() + "' is down: " + why, left_of_pause_ms());
    return TRB_RETRY;
}

trb_status supervisor::call(const writer& arguments, const trb_error_sink* error,
                            const replay_function& replay, const lookup_function* lookup,
                            bool one_at_a_time) {
    if (!arguments.ok()) {
        report(error, "too_large", "what is passed to the plugin does not fit a frame");
        return TRB_INTERNAL;
    }
    const milliseconds allowed(what_.with.deadline_ms);
    std::optional<turn> mine;
    if (one_at_a_time && !mine.emplace(instance_, steady::now() + allowed))
        return is_down(error, plugins::plugin_down, "another call did not return in time");
    std::shared_ptr<session> with;
    std::string why;
    {
        const std::lock_guard lock(mutex_);
        ++status_.calls;
        if (ready_)
            with = session_;
        else
            why = closing_ ? "the host stops" : status_.last_failure;
    }
    if (with == nullptr)
        return is_down(error, plugins::plugin_down, why);
    const reply got = with->call(arguments.bytes(), allowed, lookup);
    if (!got.arrived)
        return is_down(error, got.asked ? plugins::plugin_ended : plugins::plugin_down, got.why);

    std::array<std::byte, 4096> first_bytes;
    std::pmr::monotonic_buffer_resource arena(first_bytes.data(), first_bytes.size());
    reader in(got.payload, arena);
    const outcome done(in);
    while (in.ok() && !in.done())
        if (!replay(static_cast<said>(in.number<std::uint8_t>()), in))
            in.fail();
    if (!in.ok()) {
        with->kill("sent a result that cannot be read");
        return is_down(error, plugins::plugin_ended, "sent a result that cannot be read");
    }
    if (done.reported)
        report(error, done.code, done.message, done.retry_after_ms);
    return done.status;
}

process_status supervisor::status() const {
    const std::lock_guard lock(mutex_);
    process_status now = status_;
    now.ready = ready_ && !session_->is_ending();
    return now;
}

} // namespace tributary::isolation

#include "isolation/session.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <sys/time.h>

namespace tributary::isolation {
namespace {

using steady = std::chrono::steady_clock;

/// For an answer that the serving thread itself gives: a process that does not read for so long is broken.
constexpr std::chrono::seconds answer_patience{5};

/// Between the end of the connection and that of the process.
constexpr int end_grace_ms = 1000;

} // namespace

session::session(std::unique_ptr<child_process> child, unique_fd socket, forwarded_services& services)
    : child_(std::move(child)), socket_(std::move(socket)), services_(services) {}

session::~session() = default;

std::uint64_t session::enter(const std::shared_ptr<slot>& mine) {
    const std::lock_guard lock(mutex_);
    if (ended_ || !why_.empty()) // Killed, and perhaps not dead yet: nothing more is asked of it.
        return 0;
    const std::uint64_t id = next_id_++;
    slots_.emplace(id, mine);
    return id;
}

bool session::is_ending() {
    const std::lock_guard lock(mutex_);
    return ended_ || !why_.empty();
}

void session::leave(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    slots_.erase(id);
}

bool session::send(frame_kind kind, std::uint64_t id, std::string_view payload, steady::time_point deadline) {
    const turn mine(writing_, deadline);
    return mine && send_frame(socket_.get(), kind, id, {payload}, deadline);
}

void session::kill(std::string why) {
    {
        const std::lock_guard lock(mutex_);
        if (why_.empty())
            why_ = std::move(why);
    }
    child_->kill();
}

bool session::answer_lookup(std::uint64_t id, std::string_view question, const lookup_function& lookup,
                            steady::time_point deadline) {
    writer answer;
    if (!lookup(question, answer)) {
        kill("sent a lookup that cannot be read");
        return false;
    }
    return send(frame_kind::lookup_answer, id, answer.bytes(), deadline);
}

reply session::call(std::string_view arguments, milliseconds allowed, const lookup_function* lookup) {
    auto deadline = steady::now() + allowed;
    const auto mine = std::make_shared<slot>();
    mine->may_ask = lookup != nullptr;
    const std::uint64_t id = enter(mine);
    bool asked = id != 0 && send(frame_kind::call, id, arguments, deadline);
    if (id != 0 && !asked && steady::now() >= deadline) {
        asked = true; // Perhaps it is this that it does not take.
        kill("deadline of " + std::to_string(allowed.count()) + " ms passed");
    }
    // A send that failed for another reason: the process is ending, and the serving thread will say how.
    std::unique_lock lock(mutex_);
    while (id != 0) {
        const bool woken =
            mine->wake.wait_until(lock, deadline, [&] { return mine->is != slot::state::waiting; });
        if (!woken) {
            lock.unlock();
            kill("deadline of " + std::to_string(allowed.count()) + " ms passed");
            lock.lock();
            break;
        }
        if (mine->is != slot::state::asked)
            break;
        const std::string question = std::move(mine->payload);
        mine->is = slot::state::waiting;
        lock.unlock();
        const auto asked_at = steady::now();
        answer_lookup(id, question, *lookup, asked_at + allowed);
        deadline += steady::now() - asked_at;
        lock.lock();
    }
    slots_.erase(id);
    reply made;
    made.arrived = mine->is == slot::state::answered;
    made.asked = asked;
    if (made.arrived)
        made.payload = std::move(mine->payload);
    else
        made.why = why_;
    return made;
}

void session::set_receive_timeout(milliseconds limit) {
    const timeval value{static_cast<time_t>(limit.count() / 1000),
                        static_cast<suseconds_t>(limit.count() % 1000 * 1000)};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value);
}

reply session::call_while_starting(std::string_view arguments, milliseconds allowed) {
    const auto deadline = steady::now() + allowed;
    const auto mine = std::make_shared<slot>();
    const std::uint64_t id = enter(mine);
    set_receive_timeout(std::max(allowed, milliseconds(1)));
    reply made;
    bool alive = send(frame_kind::call, id, arguments, deadline);
    // Even when nothing could be sent: what was received may say why.
    while (mine->is == slot::state::waiting && (alive = read_frames()))
        if (steady::now() >= deadline)
            kill("did not start within " + std::to_string(allowed.count()) + " ms");
    leave(id);
    made.arrived = alive && mine->is == slot::state::answered;
    made.payload = std::move(mine->payload);
    return made;
}

void session::serve(milliseconds silence_max) {
    set_receive_timeout(silence_max);
    while (read_frames()) {
    }
}

/// One receive, and what came with it. @return false at the end.
bool session::read_frames() {
    const auto count = incoming_.receive(socket_.get());
    if (count < 0 && errno == EINTR)
        return true;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        kill("was silent for too long");
        return false;
    }
    if (count <= 0)
        return false;
    while (const auto got = incoming_.next()) {
        std::string wrong = receive(*got);
        if (!wrong.empty()) {
            kill(std::move(wrong));
            return false;
        }
    }
    if (incoming_.broken()) {
        kill("sent a frame that is too long");
        return false;
    }
    return true;
}

/// @return what is wrong with the frame; empty when nothing is.
std::string session::receive(const frame& got) {
    switch (got.kind) {
    case frame_kind::result: return deliver(got, slot::state::answered);
    case frame_kind::lookup: return deliver(got, slot::state::asked);
    case frame_kind::service: return answer_service(got);
    case frame_kind::log:
        return services_.write_log(got.payload) ? "" : "sent a log line that cannot be read";
    case frame_kind::count: return services_.count(got.payload) ? "" : "sent a count that cannot be read";
    case frame_kind::heartbeat: return {};
    default: return "sent a frame of unknown kind " + std::to_string(static_cast<int>(got.kind));
    }
}

std::string session::deliver(const frame& got, slot::state is) {
    std::unique_lock lock(mutex_);
    const auto found = slots_.find(got.id);
    if (found == slots_.end() || found->second->is != slot::state::waiting)
        return "answered a call that nobody made";
    const std::shared_ptr<slot> of = found->second;
    if (is == slot::state::asked && !of->may_ask)
        return "asked back where nothing is answered";
    of->payload.assign(got.payload);
    of->is = is;
    lock.unlock();
    of->wake.notify_one();
    return {};
}

std::string session::answer_service(const frame& got) {
    writer answer;
    if (!services_.answer(got.payload, answer))
        return "asked a service what cannot be read";
    if (!send(frame_kind::service_answer, got.id, answer.bytes(), steady::now() + answer_patience))
        return "did not take the answer of a service";
    return {};
}

std::string session::wait_for_end(std::int64_t memory_bytes) {
    // When it is ended from here, the reason is known; else the process itself tells.
    const std::string how = child_->wait(end_grace_ms, memory_bytes);
    const std::lock_guard lock(mutex_);
    if (why_.empty())
        why_ = how.empty() ? "closed its connection and went on" : how;
    return why_;
}

void session::fail_calls() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    for (const auto& [id, waiting] : slots_) {
        if (waiting->is != slot::state::answered)
            waiting->is = slot::state::ended;
        waiting->wake.notify_one();
    }
    slots_.clear();
}

} // namespace tributary::isolation

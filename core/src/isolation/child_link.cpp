#include "isolation/child_link.hpp"

#include <cerrno>
#include <unistd.h>

namespace tributary::isolation {

owned_frame child_link::next_call() {
    return wait([this]() -> std::optional<owned_frame> {
        if (calls_.empty())
            return std::nullopt;
        std::optional<owned_frame> taken(std::move(calls_.front()));
        calls_.pop_front();
        return taken;
    });
}

owned_frame child_link::wait_for(frame_kind kind, std::uint64_t id) {
    return wait([this, kind, id]() -> std::optional<owned_frame> {
        const auto found = answers_.find({kind, id});
        if (found == answers_.end())
            return std::nullopt;
        std::optional<owned_frame> taken(std::move(found->second));
        answers_.erase(found);
        return taken;
    });
}

template <class Take> owned_frame child_link::wait(Take take) {
    std::unique_lock lock(mutex_);
    for (bool has_read = false;;) {
        std::optional<owned_frame> taken = take();
        if (has_read) {
            // Nobody reads now. One of those that wait takes over, or all look when there is something for
            // them. No more are woken than must be, and without the lock: a wake-up costs as much as a
            // frame's whole way.
            has_read = false;
            const bool for_others = !calls_.empty() || !answers_.empty();
            lock.unlock();
            if (for_others)
                changed_.notify_all();
            else if (taken)
                changed_.notify_one();
            if (!taken) {
                lock.lock();
                continue;
            }
        }
        if (taken)
            return std::move(*taken);
        if (reading_) {
            changed_.wait(lock);
        } else {
            read(lock);
            has_read = true;
        }
    }
}

/// One receive, without the lock, and everything that came with it.
void child_link::read(std::unique_lock<std::mutex>& lock) {
    reading_ = true;
    lock.unlock();
    const auto count = incoming_.receive(fd_);
    if (count == 0 || (count < 0 && errno != EINTR))
        ::_exit(0); // The host is gone. No destructor may make this last longer.
    lock.lock();
    while (const auto got = incoming_.next()) {
        if (got->kind == frame_kind::call)
            calls_.emplace_back(*got);
        else
            answers_.emplace(std::pair(got->kind, got->id), owned_frame(*got));
    }
    reading_ = false; // wait() tells the others.
}

void child_link::send(frame_kind kind, std::uint64_t id, std::initializer_list<std::string_view> payload) {
    const std::lock_guard lock(write_mutex_);
    if (!send_frame(fd_, kind, id, payload, std::chrono::steady_clock::now() + std::chrono::hours(24)))
        ::_exit(0);
}

std::uint64_t child_link::make_id() {
    const std::lock_guard lock(mutex_);
    return next_id_++;
}

} // namespace tributary::isolation

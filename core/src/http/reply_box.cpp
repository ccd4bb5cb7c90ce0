#include "http/reply_box.hpp"

#include <utility>

namespace tributary::http {

void reply_box::put(const std::weak_ptr<reply_receiver>& to, std::uint64_t number,
                    std::optional<response>&& answer) {
    if (worker_thread_.load(std::memory_order_relaxed) == std::this_thread::get_id()) {
        if (const auto receiver = to.lock()) {
            receiver->take_reply(number, std::move(answer));
            receiver->replies_taken();
        }
        return;
    }
    const std::lock_guard lock(mutex_);
    if (!wake_)
        return;
    replies_.push_back({to, number, std::move(answer)});
    if (replies_.size() == 1)
        wake_();
}

void reply_box::deliver() {
    std::vector<reply> batch;
    {
        const std::lock_guard lock(mutex_);
        batch.swap(replies_);
    }
    std::vector<std::shared_ptr<reply_receiver>> receivers;
    for (reply& next : batch) {
        if (auto receiver = next.to.lock()) {
            receiver->take_reply(next.number, std::move(next.answer));
            receivers.push_back(std::move(receiver));
        }
    }
    for (const auto& receiver : receivers)
        receiver->replies_taken();
}

void reply_box::close() noexcept {
    const std::lock_guard lock(mutex_);
    log_ = nullptr;
    wake_ = nullptr;
    replies_.clear();
    worker_thread_ = std::thread::id();
}

void reply_box::log_second_answer() noexcept {
    const std::lock_guard lock(mutex_);
    if (log_ != nullptr)
        log_->error("http_answered_twice",
                    {{"hint", "a responder was called again; the first answer was sent"}});
}

reply_right::~reply_right() {
    if (!used_.exchange(true))
        box_->put(to_, number_, std::nullopt);
}

void reply_right::answer(response with) {
    if (used_.exchange(true))
        box_->log_second_answer();
    else
        box_->put(to_, number_, std::move(with));
}

} // namespace tributary::http

#include <tributary/app/writer.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>

#include <chrono>

namespace tributary::app {

writer::writer(std::unique_ptr<engine> runs, writer_options options, logger& log, metrics& counters,
               std::function<void(const failure&)> on_fatal)
    : engine_(std::move(runs)), options_(options), log_(log), metrics_(counters),
      on_fatal_(std::move(on_fatal)) {}

writer::~writer() {
    stop();
}

void writer::start() {
    thread_ = std::thread([this] { run(); });
}

bool writer::submit(job what) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || failed_ || queue_.size() >= options_.queue_max)
            return false;
        queue_.push_back(std::move(what));
        if (queue_.size() > 1)
            return true; // The thread was woken by the first one.
    }
    wake_.notify_one();
    return true;
}

bool writer::between(std::function<result<void>(engine&)> work, std::function<void(result<void>)> done) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || failed_)
            return false;
        errands_.push_back({std::move(work), std::move(done)});
    }
    wake_.notify_one();
    return true;
}

void writer::run_between() {
    std::vector<errand> errands;
    {
        const std::lock_guard lock(mutex_);
        errands.swap(errands_);
    }
    for (errand& one : errands)
        one.done(one.work(*engine_));
}

bool writer::is_busy() const {
    return queued() > options_.queue_max / 4;
}

std::size_t writer::queued() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

std::vector<job> writer::take() {
    std::vector<job> batch;
    if (queue_.size() <= options_.batch_max) {
        batch.swap(queue_);
        return batch;
    }
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(options_.batch_max);
    batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    return batch;
}

void writer::run() {
    using clock_type = std::chrono::steady_clock;
    const auto tick = std::chrono::milliseconds(options_.tick_ms);
    auto next_tick = clock_type::now();
    while (true) {
        std::vector<job> batch;
        {
            std::unique_lock lock(mutex_);
            wake_.wait_until(lock, next_tick, [&] {
                return stopping_ || !queue_.empty() || !errands_.empty() || engine_->has_work();
            });
            if (options_.batch_wait_us > 0 && !stopping_ && !queue_.empty() &&
                queue_.size() < options_.batch_max)
                wake_.wait_for(lock, std::chrono::microseconds(options_.batch_wait_us),
                               [&] { return stopping_ || queue_.size() >= options_.batch_max; });
            if (stopping_ && queue_.empty() && errands_.empty() && !engine_->has_work())
                return;
            batch = take();
        }
        run_between();
        const bool ticking = clock_type::now() >= next_tick;
        result<void> done;
        if (ticking) {
            next_tick = clock_type::now() + tick;
            done = engine_->tick();
        }
        if (done && (!batch.empty() || engine_->has_work())) {
            metrics_.count("tributary_batches_total");
            metrics_.count("tributary_batch_jobs_total", {}, batch.size());
            done = engine_->run(std::move(batch));
        }
        if (done && ticking && on_wants_) {
            auto wants = engine_->due_wants();
            if (wants)
                on_wants_(std::move(*wants));
            else
                done = wants.error();
        }
        if (!done) {
            log_.error("writer_failed", {{"reason", done.error().text()}});
            failed_ = true;
            std::vector<job> refused;
            std::vector<errand> given_up;
            {
                const std::lock_guard lock(mutex_);
                refused.swap(queue_);
                given_up.swap(errands_);
            }
            for (errand& one : given_up)
                one.done(done.error());
            for (job& one : refused)
                if (one.done)
                    one.done(done.error());
            on_fatal_(done.error());
            return;
        }
    }
}

void writer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

} // namespace tributary::app

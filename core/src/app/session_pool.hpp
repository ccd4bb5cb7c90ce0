#pragma once

#include <tributary/storage/storage.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace tributary::app {

/// Readers that are lent to one thread at a time. Thread-safe.
class session_pool {
  public:
    explicit session_pool(storage::database& database) : database_(database) {}

    /// A reader that goes back when it is done.
    class lease {
      public:
        lease(session_pool& pool, std::unique_ptr<storage::session> session)
            : pool_(&pool), session_(std::move(session)) {}
        ~lease() {
            if (session_)
                pool_->give_back(std::move(session_));
        }
        lease(lease&&) = default;
        lease& operator=(lease&&) = delete;
        storage::session& operator*() const noexcept { return *session_; }
        storage::session* operator->() const noexcept { return session_.get(); }

      private:
        session_pool* pool_;
        std::unique_ptr<storage::session> session_;
    };

    result<lease> borrow() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                lease lent(*this, std::move(idle_.back()));
                idle_.pop_back();
                return lent;
            }
        }
        TRIBUTARY_TRY_ASSIGN(made, database_.open_reader());
        return lease(*this, std::move(made));
    }

  private:
    void give_back(std::unique_ptr<storage::session> session) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(session));
    }

    storage::database& database_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<storage::session>> idle_;
};

} // namespace tributary::app

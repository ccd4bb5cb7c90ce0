#pragma once

#include <tributary/storage/storage.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <storage/sqlite_authorizer.hpp>

namespace tributary::storage {

class sqlite_session;

/// One sqlite3 handle, configured, with its authorizer.
///
/// A file has one connection per session. A database in memory has a single connection that all its sessions
/// share: SQLite's own way (shared cache) locks whole tables between the sessions and answers SQLITE_LOCKED
/// where a file in WAL mode would not, and its memdb VFS has no WAL. Sharing one handle is faster and never
/// locked, at a price:
///
///  - a transaction holds the handle, so that sessions of other threads wait for its end. It must end on the
///  thread
///    that began it.
///  - a reader used by the thread that is inside a writer's transaction sees what is not yet committed, and a
///    reader's begin() takes no snapshot.
///
/// Otherwise as thread-safe as a session: not at all.
class sqlite_connection {
  public:
    enum class role { writer, reader, memory };

    /// Opens and configures. A writer creates the file if it is not there.
    ///
    /// @errors io when the file cannot be opened or cannot have a write-ahead log, corrupt when it is not a
    /// database.
    static result<std::shared_ptr<sqlite_connection>> open(const sqlite_options& options, role as);

    ~sqlite_connection();
    sqlite_connection(const sqlite_connection&) = delete;
    sqlite_connection& operator=(const sqlite_connection&) = delete;

    sqlite3* handle() const noexcept { return handle_; }
    sqlite_authorizer& authorizer() noexcept { return authorizer_; }
    bool is_shared() const noexcept { return role_ == role::memory; }

    /// Keeps other threads away from a shared handle; does nothing for one that is not shared.
    std::unique_lock<std::recursive_mutex> lock();

    /// The session whose transaction is open on this handle, if any.
    const sqlite_session* transaction_of = nullptr;

  private:
    explicit sqlite_connection(role as) noexcept : role_(as) {}
    result<void> open_handle(const std::string& path);
    result<void> configure(const sqlite_options& options);
    result<void> pragma(const char* sql);
    result<void> use_write_ahead_log();

    role role_;
    sqlite3* handle_ = nullptr;
    sqlite_authorizer authorizer_;
    std::recursive_mutex mutex_;
};

} // namespace tributary::storage

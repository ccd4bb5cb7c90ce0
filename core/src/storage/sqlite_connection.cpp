#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <storage/sqlite_connection.hpp>
#include <storage/sqlite_error.hpp>
#include <string>
#include <unistd.h>

namespace tributary::storage {
namespace {

// A value or row beyond this is a mistake: bodies are limited far below. SQLite's own limit is a billion.
constexpr int value_bytes_max = 64 * 1024 * 1024;

// The database has people's data: only its owner may read it. SQLite would create the file for everybody, and
// its -wal and -shm files take the mode of the file. Only when the file is not there yet: closing a second
// descriptor of a file that SQLite has open would drop SQLite's locks (POSIX).
void create_private(const std::string& path) noexcept {
    const int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0)
        ::close(descriptor);
}

} // namespace

result<std::shared_ptr<sqlite_connection>> sqlite_connection::open(const sqlite_options& options, role as) {
    std::shared_ptr<sqlite_connection> connection(new sqlite_connection(as));
    // Debian's SQLite takes names that start with "file:" for URIs and ":memory:" for no file; "./" makes
    // them names.
    std::string path = options.path;
    if (!path.empty() && path.front() != '/')
        path.insert(0, "./");
    TRIBUTARY_TRY(connection->open_handle(path));
    TRIBUTARY_TRY(connection->configure(options));
    connection->authorizer_.install(connection->handle_);
    return connection;
}

sqlite_connection::~sqlite_connection() {
    sqlite3_close_v2(handle_);
}

std::unique_lock<std::recursive_mutex> sqlite_connection::lock() {
    return is_shared() ? std::unique_lock(mutex_) : std::unique_lock<std::recursive_mutex>();
}

result<void> sqlite_connection::open_handle(const std::string& path) {
    // No mutex: a session belongs to one thread at a time, and a shared handle has our lock.
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (role_ != role::reader)
        flags |= SQLITE_OPEN_CREATE;
    if (role_ == role::writer)
        create_private(path);
    const char* name = role_ == role::memory ? ":memory:" : path.c_str();
    const int code = sqlite3_open_v2(name, &handle_, flags, nullptr);
    if (code == SQLITE_OK)
        return {};
    auto why = sqlite_failure(handle_, code, "cannot open '" + path + "'");
    if (const int system_error = handle_ ? sqlite3_system_errno(handle_) : 0; system_error != 0)
        why.detail += std::string(" (") + std::strerror(system_error) + ")";
    return why;
}

result<void> sqlite_connection::pragma(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return sqlite_failure(handle_, code, "cannot set up the database");
    return {};
}

result<void> sqlite_connection::use_write_ahead_log() {
    std::string mode;
    const auto keep = [](void* out, int columns, char** values, char**) {
        if (columns > 0 && values[0])
            *static_cast<std::string*>(out) = values[0];
        return 0;
    };
    const int code = sqlite3_exec(handle_, "PRAGMA journal_mode=WAL", keep, &mode, nullptr);
    if (code != SQLITE_OK)
        return sqlite_failure(handle_, code, "cannot set up the database");
    if (mode != "wal")
        return named_failure(storage_errc::io, "cannot set up the database",
                             "its file system does not allow a write-ahead log (journal mode is " + mode +
                                 ")");
    return {};
}

result<void> sqlite_connection::configure(const sqlite_options& options) {
    sqlite3_busy_timeout(handle_, options.busy_timeout_ms);
    sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // "text" in double quotes is a name in SQL; SQLite's leniency would hide what PostgreSQL refuses.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    // References are kept by the code that deletes in order; a foreign key across distributed tables is not
    // portable. Deleted data is overwritten: a person's data can be erased.
    TRIBUTARY_TRY(pragma("PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;"
                         "PRAGMA secure_delete=ON"));
    if (role_ == role::memory)
        return {};
    // Of a new file only. Two bodies of 2 KiB with their columns share no page of 4 KiB; this writes half as
    // much.
    TRIBUTARY_TRY(pragma("PRAGMA page_size=8192"));
    TRIBUTARY_TRY(use_write_ahead_log());
    // Without FULL, a power cut loses the last commits, but never consistency.
    TRIBUTARY_TRY(pragma(options.synchronous ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
    if (role_ == role::reader) {
        // A mapped file turns a failed read into a signal, so only sessions that change nothing map any of
        // it.
        return pragma("PRAGMA query_only=ON; PRAGMA cache_size=-4096; PRAGMA mmap_size=67108864");
    }
    // A checkpoint writes each changed page once, so a longer log (16 MiB) saves writes; after a burst it
    // shrinks again.
    return pragma("PRAGMA cache_size=-32768; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=2000;"
                  "PRAGMA journal_size_limit=67108864");
}

} // namespace tributary::storage

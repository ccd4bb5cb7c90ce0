#include <cerrno>
#include <storage/sqlite_error.hpp>

namespace tributary::storage {
namespace {
constexpr int primary_code_mask =
    0xff; // @source sqlite.org/rescode.html: the low 8 bits are the primary code
} // namespace

storage_errc storage_error_of(int result_code, int system_error) noexcept {
    switch (result_code & primary_code_mask) {
    case SQLITE_CONSTRAINT: return storage_errc::conflict;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return storage_errc::busy;
    case SQLITE_FULL: return storage_errc::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return storage_errc::corrupt;
    case SQLITE_AUTH: return storage_errc::forbidden;
    case SQLITE_IOERR:
        // The shared-memory file and quotas: no space, though SQLite does not say SQLITE_FULL.
        return system_error == ENOSPC || system_error == EDQUOT ? storage_errc::full : storage_errc::io;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_NOLFS:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
    case SQLITE_INTERNAL: return storage_errc::io;
    default: return storage_errc::invalid;
    }
}

failure named_failure(storage_errc code, std::string_view what, std::string_view why) {
    std::string text(what);
    text += ": ";
    text += why;
    return {code, std::move(text)};
}

failure sqlite_failure(sqlite3* handle, int result_code, std::string_view what) {
    return named_failure(storage_error_of(result_code, handle ? sqlite3_system_errno(handle) : 0), what,
                         handle ? sqlite3_errmsg(handle) : sqlite3_errstr(result_code));
}

} // namespace tributary::storage

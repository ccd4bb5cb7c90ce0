#pragma once

#include <tributary/storage/storage.hpp>

#include <sqlite3.h>

#include <string_view>

namespace tributary::storage {

/// What one of SQLite's (extended) result codes means to our callers.
///
/// @param system_error errno of the failed system call, 0 if none: some ways of "disk full" reach SQLite as a
/// plain I/O error.
storage_errc storage_error_of(int result_code, int system_error) noexcept;

/// The failure that `handle` has just reported. The text names `what` and SQLite's message, which names
/// tables and columns but never a parameter's value.
failure sqlite_failure(sqlite3* handle, int result_code, std::string_view what);

/// "what: why".
failure named_failure(storage_errc code, std::string_view what, std::string_view why);

} // namespace tributary::storage

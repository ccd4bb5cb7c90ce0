// SQLite passes the storage contract, as a file and in memory.
#include <tributary/storage/storage.hpp>

#include <support/temporary_directory.hpp>
#include <tuple>

namespace tributary::storage {

struct sqlite_file {
    static constexpr bool isolates_readers = true;
    test::temporary_directory directory{};

    result<std::unique_ptr<database>> open() {
        sqlite_options options;
        options.path = directory.file("contract.db");
        options.busy_timeout_ms = 20; // The contract's busy writers wait for themselves.
        options.synchronous = false;
        return open_sqlite(options);
    }
};

struct sqlite_memory {
    static constexpr bool isolates_readers = false; // Its sessions share one handle.

    result<std::unique_ptr<database>> open() { return open_sqlite({}); }
};

using storage_backends = std::tuple<sqlite_file, sqlite_memory>;

} // namespace tributary::storage

#include <contract/storage_authority_contract.hpp>
#include <contract/storage_migrations_contract.hpp>
#include <contract/storage_transactions_contract.hpp>
#include <contract/storage_values_contract.hpp>

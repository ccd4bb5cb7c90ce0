#pragma once

#include <tributary/base/crypto.hpp>
#include <tributary/base/result.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <string>
#include <vector>

namespace tributary::storage {
class session;
}

namespace tributary::app::cli {

/// What one derived table holds: the same rows, the same digest, whatever order they were written in.
struct table_digest {
    std::string table;
    std::int64_t rows = 0;
    digest256 digest{};

    bool operator==(const table_digest&) const = default;
};

/// Of every table of every projection, and of the rollups that folds sum up. Reads all of them.
/// @errors of storage.
result<std::vector<table_digest>> digest_derived(storage::session& reader,
                                                 const plugins::plugin_set& plugins);

} // namespace tributary::app::cli

#pragma once

#include <tributary/abi/projection.h>
#include <tributary/base/clock.hpp>
#include <tributary/base/result.hpp>
#include <tributary/plugins/plugin_set.hpp>
#include <tributary/projections/folder.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tributary::projections {

/// A cell that owns its text.
struct owned_cell {
    std::int32_t type = TRB_CELL_NULL;
    std::int64_t integer = 0;
    std::string text;
};

struct message_out {
    bool money = false;
    time_ms at = 0;
    std::string body;
};

/// What one fold of one projection said, collected before anything is written: all of it counts, or nothing.
struct fold_output {
    using row_key = std::pair<std::uint32_t, std::string>; // table, row id
    using measure_key =
        std::tuple<std::string, std::string, std::string, std::int64_t>; // name, dimension, currency, day

    std::map<row_key, std::vector<owned_cell>> rows;
    std::map<std::pair<std::string, std::string>, message_out> messages; // kind, key
    std::map<measure_key, std::int64_t> measures;
    std::map<std::pair<std::string, std::string>, std::int64_t> lookups; // kind, key -> as_of
    std::optional<time_ms> wake_at;
    std::vector<trace_step> trace;
    std::string fault;          ///< a rule of the ABI that the plugin broke; empty: none
    time_ms retry_after_ms = 0; ///< of a fold that said TRB_RETRY
    bool not_asked = false;     ///< the plugin's process is down: the status was TRB_RETRY
};

/// What was stored about the last fold of a projection: enough to write differences and nothing else.
struct fold_state {
    std::map<fold_output::row_key, std::string> rows;                    ///< digest of the cells
    std::map<std::pair<std::string, std::string>, std::string> messages; ///< digest of the body
    std::map<fold_output::measure_key, std::int64_t> measures;
    std::map<std::pair<std::string, std::string>, std::int64_t> lookups;

    std::string serialise() const;
    static result<fold_state> parse(std::string_view text);
    static fold_state of(const fold_output& output);
};

/// First 16 hexadecimal digits of the SHA-256 of the cells.
std::string digest_of(const std::vector<owned_cell>& cells);
std::string digest_of(std::string_view text);

/// Days since 1970-01-01, UTC.
std::int64_t day_of(time_ms at) noexcept;

/// Runs plugin.fold and collects what it says.
///
/// @param read_lookup  answers a lookup with rows of cells; nothing when there is none.
using lookup_reader_function = std::function<result<std::vector<std::vector<owned_cell>>>(
    const trb_lookup_source& source, std::string_view key)>;
trb_status run_fold(const plugins::plugin& plugin, const trb_history& history, time_ms now_ms, bool tracing,
                    const lookup_reader_function& read_lookup, fold_output& into, std::string& failure_text);

/// The name under which lookups of a plugin are remembered: "<short name>.<kind>".
std::string lookup_kind(const plugins::plugin& plugin, std::string_view kind);

} // namespace tributary::projections

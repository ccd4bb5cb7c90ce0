#pragma once

#include <tributary/projections/folder.hpp>

#include <map>
#include <string>

#include "projections/output.hpp"

namespace tributary::projections {

/// What is stored of one projection of one subject.
struct stored_state {
    bool exists = false;
    std::int64_t fold_version = 0;
    time_ms folded_at = 0;
    std::optional<time_ms> wake_at;
    std::string failure;
    std::string text;
};
using stored_states = std::map<std::string, stored_state>; ///< by projection

result<stored_states> read_states(storage::session& reader, const subject_key& subject);

/// Changes of sums, added up until they are written: one statement for each sum, however many subjects share
/// it.
class sum_changes {
  public:
    void add(space in, const fold_state& before, const fold_state& after);
    result<void> write(storage::session& writer);

  private:
    std::map<std::pair<space, fold_output::measure_key>, std::int64_t> changes_;
};

/// Writes the difference between what is stored and what a fold said: rows, messages, readers, wake time;
/// sums go into `sums`.
result<void> write_difference(storage::session& writer, const subject_key& subject,
                              const plugins::plugin& plugin, const stored_state& before,
                              const fold_output& output, time_ms now_ms, fold_mode mode, sum_changes& sums);

/// Who read what, as far as it is different.
result<void> write_readers(storage::session& writer, const subject_key& subject, const fold_state& before,
                           const fold_state& after);

/// How long after a failed fold it is tried again on its own.
inline constexpr time_ms failure_retry_ms = 300'000;
/// ... and one that was not made, because its plugin is put aside for at least as long.
inline constexpr time_ms quarantine_retry_ms = 60'000;

/// Keeps a failure with the rows as they are, to be tried again when the history changes or at retry_at.
result<void> save_failure(storage::session& writer, const subject_key& subject, const std::string& projection,
                          const stored_state& before, std::string_view failure_text, time_ms retry_at);

shown_fact show_fact(const trb_merged_fact& fact, const std::vector<std::int64_t>& inbox_ids);
void show_rows(const plugins::plugin& plugin, const fold_output& output, std::vector<shown_row>& into);

} // namespace tributary::projections

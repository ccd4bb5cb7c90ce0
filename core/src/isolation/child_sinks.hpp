#pragma once

#include <string>
#include <string_view>

#include "isolation/abi_codec.hpp"
#include "isolation/child_link.hpp"
#include "isolation/frame.hpp"

namespace tributary::isolation {

/// What a plugin says during one call, kept until the call returns. The sinks' ctx.
class output {
  public:
    output() noexcept : error_{sizeof(trb_error_sink), 0, this, &output::report} {}
    output(const output&) = delete;
    output& operator=(const output&) = delete;

    const trb_error_sink* error() const noexcept { return &error_; }

    template <class Write> void keep(said what, Write&& write) noexcept {
        const std::size_t before = said_.size();
        if (!fault_.empty())
            return;
        said_.number(static_cast<std::uint8_t>(what));
        write(said_);
        if (said_.ok())
            return;
        fault_ = said_.what() == writer::problem::too_large ? "the plugin said more than fits a frame"
                                                            : "the plugin passed a struct that is too short";
        said_.take_back(before);
    }
    /// The payload of the result, in two parts; `head` is written here.
    std::string_view finish(trb_status status, writer& head);

    /// The function of error(): the last report counts.
    static void report(void* ctx, trb_str code, trb_str message, std::int64_t retry_after_ms) noexcept;

  private:
    trb_error_sink error_;
    writer said_;
    std::string_view fault_; ///< a rule of the ABI that the plugin broke
    bool reported_ = false;
    std::string code_;
    std::string message_;
    std::int64_t retry_after_ms_ = 0;
};

/// What normalise and reread say. Judges each fact as the host will, so that emit() answers at once.
struct fact_output : output {
    std::string_view realm;
    bool authentic = true;
    std::size_t count = 0;
};

/// What a fold says; it may ask back.
struct fold_output : output {
    child_link* link = nullptr;
    std::uint64_t call = 0;
};

trb_verify_sink verify_sink(output& into) noexcept;
trb_fact_sink fact_sink(fact_output& into) noexcept;
trb_action_sink action_sink(output& into) noexcept;
trb_backfill_sink backfill_sink(output& into) noexcept;
trb_fold_sink fold_sink(fold_output& into, bool tracing) noexcept;
trb_story_sink story_sink(output& into) noexcept;
trb_rule_sink rule_sink(output& into) noexcept;
trb_outgoing_sink outgoing_sink(output& into) noexcept;

} // namespace tributary::isolation

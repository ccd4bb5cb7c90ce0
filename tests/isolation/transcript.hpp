#pragma once

#include <tributary/plugins/plugin_set.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "isolation/abi_codec.hpp"
#include "isolation/frame.hpp"

/// What a plugin said during one call, as bytes: two calls that said the same have equal transcripts.
namespace isolation_tests {

namespace iso = tributary::isolation;

class transcript {
  public:
    transcript();
    transcript(const transcript&) = delete;
    transcript& operator=(const transcript&) = delete;

    trb_verify_sink verify{};
    trb_fact_sink facts{};
    trb_action_sink action{};
    trb_backfill_sink backfill{};
    trb_fold_sink fold{};
    trb_story_sink story{};
    trb_rule_sink rule{};
    trb_outgoing_sink outgoing{};
    tributary::plugins::error_report error;

    trb_status status = TRB_OK;
    std::string answer;                ///< the body of verify's answer
    std::vector<std::string> notes;    ///< "code: text"
    std::vector<std::string> requests; ///< "purpose url"
    std::string realm = "toy:acct_1";
    std::int64_t rate_bps = 2000; ///< what a lookup answers
    int lookups = 0;
    std::size_t rows = 0;

    /// Everything, with the status and the error.
    std::string bytes();

  private:
    static transcript& of(void* ctx) noexcept { return *static_cast<transcript*>(ctx); }
    template <class T> static void keep(void* ctx, const T* value) noexcept {
        transfer(of(ctx).said_, *value);
    }
    static void keep_request(void* ctx, const trb_http_request* request) noexcept;
    static void keep_texts(void* ctx, trb_str first, trb_str second) noexcept;
    static trb_status emit(void* ctx, const trb_fact* fact) noexcept;
    static trb_status lookup(void* ctx, trb_str kind, trb_str key, std::int64_t as_of_ms,
                             trb_lookup_row_fn row, void* row_ctx) noexcept;
    void fill_others() noexcept;

    iso::writer said_;
};

} // namespace isolation_tests

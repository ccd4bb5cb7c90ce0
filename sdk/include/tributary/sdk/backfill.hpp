#pragma once

#include <tributary/abi/backfill.h>
#include <tributary/sdk/base.hpp>
#include <tributary/sdk/request.hpp>

namespace tributary::sdk {

/// Where a backfill puts the pages that it asks for.
class page_sink {
  public:
    explicit page_sink(const trb_backfill_sink* sink) noexcept : sink_(sink) {}

    /// @param cursor  opaque bytes, up to 4096, that come back with the answer.
    void page(std::string_view cursor, const trb_http_request& wanted) const {
        sink_->page(sink_->ctx, view(cursor), &wanted);
    }
    void page(std::string_view cursor, const request& wanted) const {
        wanted.show_to([&](const trb_http_request& shown) { page(cursor, shown); });
    }
    /// How far a stream has been read, for people: a moment in the range, Unix milliseconds.
    void progress(std::string_view stream, std::int64_t at_ms) const {
        if (sink_->progress != nullptr)
            sink_->progress(sink_->ctx, view(stream), at_ms);
    }

  private:
    const trb_backfill_sink* sink_;
};

/// Reads what happened before the webhooks. See abi/backfill.h; both calls must be pure and thread-safe.
class backfill {
  public:
    virtual ~backfill() = default;
    /// The first page of each stream.
    virtual outcome begin(const trb_connection& connection, const trb_backfill_range& range,
                          page_sink into) const = 0;
    /// What follows the page that this answer (2xx) is: its next page, or nothing when the stream has ended.
    virtual outcome next(const trb_connection& connection, const trb_backfill_range& range,
                         std::string_view cursor, const trb_record& answer, page_sink into) const = 0;
};

template <class Plugin> struct backfill_table {
    static trb_status next(void* self, const trb_connection* connection, const trb_backfill_range* range,
                           trb_str cursor, const trb_record* answer, const trb_backfill_sink* sink,
                           const trb_error_sink* error) noexcept {
        return guarded(error, [&] {
            const backfill& offered = *static_cast<const Plugin*>(self);
            const page_sink into(sink);
            return answer == nullptr ? offered.begin(*connection, *range, into)
                                     : offered.next(*connection, *range, view(cursor), *answer, into);
        });
    }
    static constexpr trb_backfill_v1 table{sizeof(trb_backfill_v1), 0, &next};
};

} // namespace tributary::sdk

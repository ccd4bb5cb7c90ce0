#pragma once

#include <tributary/engine/engine.hpp>
#include <tributary/plugins/scope.hpp>

#include <set>
#include <string>
#include <vector>

namespace tributary {

/// The scope of a READ route: SQL on a snapshot, clicks to append.
class read_scope : public trb_scope {
  public:
    read_scope(storage::session& session, directory& where, const plugins::plugin& plugin, space in,
               time_ms now_ms, entropy& random)
        : session_(session), where_(where), plugin_(plugin), in_(in), now_ms_(now_ms), random_(random) {}
    virtual ~read_scope() = default;

    std::vector<clicks::click>& appended_clicks() noexcept { return clicks_; }

    std::int64_t workspace() noexcept override { return in_.workspace; }
    std::int64_t environment() noexcept override { return in_.environment; }
    trb_status query(trb_str sql, const trb_cell* parameters, std::uint64_t count, trb_lookup_row_fn row,
                     void* row_ctx, const trb_error_sink* error) noexcept override;
    trb_status execute(trb_str sql, const trb_cell* parameters, std::uint64_t count, std::uint64_t* changed,
                       const trb_error_sink* error) noexcept override;
    trb_status changed(trb_str kind, trb_str key, std::int64_t effective_from_ms) noexcept override;
    std::uint64_t make_id(trb_str prefix, char* out) noexcept override;
    trb_status emit(const trb_fact* fact, trb_str idempotency_key,
                    const trb_error_sink* error) noexcept override;
    trb_status settle(const trb_error_sink* error) noexcept override;
    void click_id(trb_str link_id, trb_str visitor, char out[16]) noexcept override;
    trb_status append_click(trb_str click_id, const trb_click* click) noexcept override;
    trb_status find_click(trb_str click_id, void (*found)(void*, std::int64_t, const trb_click*) noexcept,
                          void* ctx) noexcept override;

  protected:
    storage::session& session_;
    directory& where_;
    const plugins::plugin& plugin_;
    space in_;
    time_ms now_ms_;
    entropy& random_;
    std::vector<clicks::click> clicks_;
};

/// Tells a sink about a failure and gives the status that fits it.
trb_status report(const failure& why, const trb_error_sink* error) noexcept;

/// Receives the one reply of a handler.
class reply_collector {
  public:
    reply_collector() noexcept : sink_{sizeof(trb_reply_sink), 0, this, &receive} {}
    reply_collector(const reply_collector&) = delete;
    reply_collector& operator=(const reply_collector&) = delete;

    const trb_reply_sink* sink() const noexcept { return &sink_; }
    bool replied() const noexcept { return replied_; }
    http::response take() { return std::move(response_); }

  private:
    static void receive(void* ctx, std::int32_t status, const trb_pair* headers, std::uint64_t count,
                        trb_str body) noexcept;

    trb_reply_sink sink_;
    bool replied_ = false;
    http::response response_;
};

/// The HTTP answer for a handler that did not return TRB_OK, in the plugin's shape if it has one.
http::response status_response(const plugins::plugin& plugin, trb_status status,
                               const plugins::error_report& error);

} // namespace tributary

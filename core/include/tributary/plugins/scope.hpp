#pragma once

#include <tributary/abi/services.h>

#include <cstdint>

/// The core's side of trb_scope: what the services store, facts and clicks do inside one call of a plugin.
///
/// The name is the ABI's; the functions are noexcept because plugins call them through C tables.
struct trb_scope {
    virtual std::int64_t workspace() noexcept = 0;
    virtual std::int64_t environment() noexcept = 0;
    virtual trb_status query(trb_str sql, const trb_cell* parameters, std::uint64_t count,
                             trb_lookup_row_fn row, void* row_ctx, const trb_error_sink* error) noexcept = 0;
    virtual trb_status execute(trb_str sql, const trb_cell* parameters, std::uint64_t count,
                               std::uint64_t* changed, const trb_error_sink* error) noexcept = 0;
    virtual trb_status changed(trb_str kind, trb_str key, std::int64_t effective_from_ms) noexcept = 0;
    virtual std::uint64_t make_id(trb_str prefix, char* out) noexcept = 0;
    virtual trb_status emit(const trb_fact* fact, trb_str idempotency_key,
                            const trb_error_sink* error) noexcept = 0;
    virtual trb_status settle(const trb_error_sink* error) noexcept = 0;
    virtual void click_id(trb_str link_id, trb_str visitor, char out[16]) noexcept = 0;
    virtual trb_status append_click(trb_str click_id, const trb_click* click) noexcept = 0;
    virtual trb_status find_click(trb_str click_id,
                                  void (*found)(void*, std::int64_t, const trb_click*) noexcept,
                                  void* ctx) noexcept = 0;

  protected:
    ~trb_scope() = default;
};

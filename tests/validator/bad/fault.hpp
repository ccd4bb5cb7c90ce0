#pragma once

#include <tributary/abi/plugin.h>
#include <tributary/abi/services.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

/// What is wrong with a plugin of this folder. Each module is built from one of three sources with one of
/// these as TRIBUTARY_FAULT; with `none` it must pass everything.
enum class fault {
    none,
    own_thread, ///< No fault: it may use every service that is [any], also while it is asked something pure.
    // of the descriptor
    wrong_magic,
    wrong_version,
    short_descriptor,
    null_create,
    short_table,
    null_function,
    any_extension,
    exports_more,
    // of the life cycle
    refuses_to_start,
    one_instance_only,
    service_in_create,
    open_file_leak,
    dies_of_configuration,
    // of verify
    prefix_signature,
    accepts_anything,
    empty_secret,
    two_answers,
    kept_view,
    exact_struct_size,
    shared_state,
    told_secret,
    refuses_own_story,
    // of normalise
    short_fact,
    counter_in_fact,
    clock_in_fact,
    memory_leak,
    expects_nul,
    null_when_truncated,
    endless_when_truncated,
    recursion,
    throws,
    ends_process,
    invalid_when_unknown,
    two_decimals,
    booked_hint,
    // of the simulator
    any_story,
    seedless,
    // of the projection and the routes
    now_in_row,
    no_wake,
    counter_in_row,
    cell_too_many,
    same_row_id,
    kept_history,
    fixed_stride,
    undeclared_lookup,
    reply_twice,
    no_reply,
    writes_when_reading,
    forged_header,
    // of actions, backfill, rules and sinks
    endless_action,
    written_secret,
    any_action,
    same_purpose,
    two_amounts,
    two_requests,
};

inline constexpr fault this_fault = fault::TRIBUTARY_FAULT;
constexpr bool has(fault which) noexcept {
    return this_fault == which;
}

inline std::string_view view(trb_str text) noexcept {
    return {text.data == nullptr ? "" : text.data, static_cast<std::size_t>(text.size)};
}
inline trb_str view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// What create, start, stop and destroy do unless they are what is wrong.
struct bad_instance {
    const trb_host* host = nullptr;
    const trb_host_crypto_v1* crypto = nullptr;
    const trb_host_clock_v1* clock = nullptr;
    std::string_view kept; ///< A view that must not be kept.
    const void* kept_struct = nullptr;
    std::int64_t counter = 0;
    std::atomic<bool> stopping{false};
    std::thread worker;

    /// Reads every byte of what it kept.
    std::int64_t read_kept() const noexcept {
        std::int64_t sum = 0;
        for (const char each : kept)
            sum += each;
        if (kept_struct != nullptr)
            sum += *static_cast<const volatile std::uint32_t*>(kept_struct);
        return sum;
    }
};

inline bad_instance& of(void* self) noexcept {
    return *static_cast<bad_instance*>(self);
}

/// For the sources: the five functions of a descriptor.
trb_status bad_create(const trb_host* host, trb_str config, const trb_error_sink* error,
                      void** self) noexcept;
trb_status bad_start(void* self, const trb_error_sink* error) noexcept;
void bad_stop(void* self) noexcept;
void bad_destroy(void* self) noexcept;

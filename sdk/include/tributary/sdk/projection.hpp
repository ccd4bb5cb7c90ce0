#pragma once

#include <tributary/abi/projection.h>
#include <tributary/sdk/base.hpp>

#include <exception>
#include <functional>
#include <stdexcept>
#include <string>

namespace tributary::sdk {

inline trb_cell cell() noexcept {
    return {TRB_CELL_NULL, 0, 0, {nullptr, 0}};
}
template <class Integer>
requires std::is_integral_v<Integer> trb_cell cell(Integer value)
noexcept {
    return {TRB_CELL_INTEGER, 0, static_cast<std::int64_t>(value), {nullptr, 0}};
}
inline trb_cell cell(std::string_view text) noexcept {
    return {TRB_CELL_TEXT, 0, 0, view(text)};
}

/// The cells of one row; views are valid inside the callback.
using cells = std::span<const trb_cell>;
using row_callback = std::function<void(cells)>;

namespace detail {
/// Calls a row_callback from C. What it throws ends the rows and is thrown again by rethrow().
struct row_bridge {
    const row_callback& each;
    std::exception_ptr thrown;

    static void call(void* self, const trb_cell* first, std::uint64_t count) noexcept {
        auto& bridge = *static_cast<row_bridge*>(self);
        if (bridge.thrown)
            return;
        try {
            bridge.each({first, static_cast<std::size_t>(count)});
        } catch (...) {
            bridge.thrown = std::current_exception();
        }
    }
    void rethrow() const {
        if (thrown)
            std::rethrow_exception(thrown);
    }
};
} // namespace detail

/// Where fold() puts what follows, and where it looks things up.
class fold_sink {
  public:
    explicit fold_sink(const trb_fold_sink* sink) noexcept : sink_(sink) {}

    void row(std::uint32_t table, std::string_view id, cells values) const {
        const trb_row made{sizeof(trb_row), table, view(id), values.data(), values.size()};
        sink_->row(sink_->ctx, &made);
    }
    void measure(std::string_view name, std::string_view dimension, std::string_view currency,
                 std::int64_t at_ms, std::int64_t value) const {
        const trb_measure made{sizeof(trb_measure), 0,     view(name), view(dimension),
                               view(currency),      at_ms, value};
        sink_->measure(sink_->ctx, &made);
    }
    void message(std::string_view kind, std::string_view key, std::int64_t at_ms, std::string_view body,
                 bool money) const {
        const trb_message made{sizeof(trb_message), money ? 1u : 0u, view(kind),
                               view(key),           at_ms,           view(body)};
        sink_->message(sink_->ctx, &made);
    }
    void wake_at(std::int64_t at_ms) const { sink_->wake_at(sink_->ctx, at_ms); }

    bool tracing() const noexcept { return sink_->tracing != 0; }
    void trace(std::uint32_t table, std::string_view row_id, std::string_view label, std::string_view value,
               std::string_view fact_id = {}) const {
        const trb_trace_step step{sizeof(trb_trace_step), table, view(row_id), view(label), view(value),
                                  view(fact_id)};
        sink_->trace(sink_->ctx, &step);
    }

    /// False when there is nothing under that key.
    bool lookup(std::string_view kind, std::string_view key, std::int64_t as_of_ms,
                const row_callback& each) const {
        detail::row_bridge bridge{each, nullptr};
        const trb_status status =
            sink_->lookup(sink_->ctx, view(kind), view(key), as_of_ms, &detail::row_bridge::call, &bridge);
        bridge.rethrow();
        if (status != TRB_OK && status != TRB_NOT_FOUND)
            throw std::runtime_error("lookup of " + std::string(kind) + " failed");
        return status == TRB_OK;
    }

  private:
    const trb_fold_sink* sink_;
};

/// A projection. A derived class also has the static members
///   projection_name (string_view), fold_version (uint32), tables() and lookups() (spans of static data).
class projection {
  public:
    virtual ~projection() = default;
    virtual outcome fold(const trb_history& history, std::int64_t now_ms, fold_sink into) const = 0;
};

template <class Plugin> struct projection_table {
    static trb_status fold(void* self, const trb_history* history, std::int64_t now_ms,
                           const trb_fold_sink* sink, const trb_error_sink* error) noexcept {
        return guarded(
            error, [&] { return static_cast<const Plugin*>(self)->fold(*history, now_ms, fold_sink(sink)); });
    }
    static const trb_projection_v1* get() noexcept {
        static const trb_projection_v1 table{sizeof(trb_projection_v1),     Plugin::fold_version,
                                             view(Plugin::projection_name), Plugin::tables().data(),
                                             Plugin::tables().size(),       sizeof(trb_table),
                                             Plugin::lookups().data(),      Plugin::lookups().size(),
                                             sizeof(trb_lookup_source),     &fold};
        return &table;
    }
};

} // namespace tributary::sdk

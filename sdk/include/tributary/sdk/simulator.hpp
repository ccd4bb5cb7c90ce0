#pragma once

#include <tributary/abi/simulator.h>
#include <tributary/sdk/base.hpp>

namespace tributary::sdk {

/// Where tell() puts a story.
class story_sink {
  public:
    explicit story_sink(const trb_story_sink* sink) noexcept : sink_(sink) {}

    void deliver(std::string_view name, std::int64_t at_ms, std::span<const trb_pair> headers,
                 std::string_view body) const {
        const trb_told_delivery made{sizeof(trb_told_delivery),
                                     static_cast<std::uint32_t>(headers.size()),
                                     view(name),
                                     at_ms,
                                     headers.data(),
                                     view(body)};
        sink_->delivery(sink_->ctx, &made);
    }
    void expect(std::string_view name, std::int64_t value) const {
        sink_->expect(sink_->ctx, view(name), value);
    }

  private:
    const trb_story_sink* sink_;
};

/// The story itself, when the caller handed one over instead of a name; else "". A host that was
/// built before this member knows none. The view lives as long as the call.
inline std::string_view definition_of(const trb_story_request& request) noexcept {
    return TRB_HAS(trb_story_request, &request, definition) ? view(request.definition) : std::string_view();
}

/// A simulator. A derived class also has: static std::span<const trb_story> stories().
class simulator {
  public:
    virtual ~simulator() = default;
    virtual outcome tell(const trb_story_request& request, story_sink into) const = 0;
};

template <class Plugin> struct simulator_table {
    static trb_status tell(void* self, const trb_story_request* request, const trb_story_sink* sink,
                           const trb_error_sink* error) noexcept {
        return guarded(error,
                       [&] { return static_cast<const Plugin*>(self)->tell(*request, story_sink(sink)); });
    }
    static const trb_simulator_v1* get() noexcept {
        static const trb_simulator_v1 table{sizeof(trb_simulator_v1), 0,
                                            Plugin::stories().data(), Plugin::stories().size(),
                                            sizeof(trb_story),        &tell};
        return &table;
    }
};

} // namespace tributary::sdk

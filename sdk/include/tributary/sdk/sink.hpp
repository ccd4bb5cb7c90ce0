#pragma once

#include <tributary/abi/sink.h>
#include <tributary/sdk/base.hpp>
#include <tributary/sdk/request.hpp>

namespace tributary::sdk {

/// Where a sink hands the request that delivers a message, when it does not deliver by itself.
class outgoing_sink {
  public:
    explicit outgoing_sink(const trb_outgoing_sink* sink) noexcept : sink_(sink) {}

    /// At most once in a call.
    void send(const trb_http_request& made) const { sink_->request(sink_->ctx, &made); }
    void send(const request& made) const {
        made.show_to([this](const trb_http_request& shown) { send(shown); });
    }

  private:
    const trb_outgoing_sink* sink_;
};

/// Takes messages out. A derived class may have: static std::span<const trb_str> kinds(), those that it
/// wants; without it, all.
class message_sink {
  public:
    virtual ~message_sink() = default;
    /// Success: the message is on stable storage on the other side, or send() was called. Calls on one
    /// instance never overlap, and may take up to 10 s. See abi/sink.h for the other outcomes.
    virtual outcome deliver(const trb_outgoing& message, outgoing_sink into) = 0;
};

template <class Plugin> struct message_sink_table {
    static trb_status deliver(void* self, const trb_outgoing* message, const trb_outgoing_sink* sink,
                              const trb_error_sink* error) noexcept {
        return guarded(error,
                       [&] { return static_cast<Plugin*>(self)->deliver(*message, outgoing_sink(sink)); });
    }
    static std::span<const trb_str> wanted() noexcept {
        if constexpr (requires { Plugin::kinds(); })
            return Plugin::kinds();
        else
            return {};
    }
    static const trb_sink_v1* get() noexcept {
        static const trb_sink_v1 table{sizeof(trb_sink_v1), 0, wanted().data(), wanted().size(), &deliver};
        return &table;
    }
};

} // namespace tributary::sdk

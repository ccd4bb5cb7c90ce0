// The life cycle of all plugins of this folder.
#include <fcntl.h>

#include "fault.hpp"

namespace {
int alive = 0; // Of all instances: what one must not have.
}

trb_status bad_create(const trb_host* host, trb_str config, const trb_error_sink* error,
                      void** self) noexcept {
    if constexpr (has(fault::one_instance_only))
        if (alive > 0) {
            error->report(error->ctx, TRB_STR("busy"), TRB_STR("there is an instance already"), 0);
            return TRB_CONFLICT;
        }
    if constexpr (has(fault::dies_of_configuration))
        if (view(config).find('{') == std::string_view::npos)
            __builtin_trap();
    auto* made = new bad_instance;
    made->host = host;
    made->crypto =
        static_cast<const trb_host_crypto_v1*>(host->get_service(host, TRB_STR(TRB_SERVICE_CRYPTO)));
    made->clock = static_cast<const trb_host_clock_v1*>(host->get_service(host, TRB_STR(TRB_SERVICE_CLOCK)));
    if constexpr (has(fault::service_in_create))
        made->counter = made->clock->now_ms(host);
    if constexpr (has(fault::open_file_leak))
        made->counter = ::open("/dev/null", O_RDONLY);
    ++alive;
    *self = made;
    return TRB_OK;
}

trb_status bad_start(void* self, const trb_error_sink* error) noexcept {
    if constexpr (has(fault::own_thread))
        of(self).worker = std::thread([&me = of(self)] {
            std::uint8_t digest[32];
            while (!me.stopping) {
                me.crypto->sha256(TRB_STR("a"), digest);
                if (me.clock->now_ms(me.host) == 0)
                    return;
                std::this_thread::yield();
            }
        });
    if constexpr (has(fault::refuses_to_start)) {
        error->report(error->ctx, TRB_STR("not_today"), TRB_STR("it does not start on this day"), 0);
        return TRB_INTERNAL;
    }
    static_cast<void>(self);
    return TRB_OK;
}

void bad_stop(void* self) noexcept {
    of(self).stopping = true;
    if (of(self).worker.joinable())
        of(self).worker.join();
}

void bad_destroy(void* self) noexcept {
    --alive;
    delete static_cast<bad_instance*>(self);
}

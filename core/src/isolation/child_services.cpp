#include "isolation/child_services.hpp"

#include <tributary/abi/services.h>
#include <tributary/plugins/error_report.hpp>

#include <algorithm>

#include "isolation/abi_codec.hpp"
#include "plugins/services.hpp"

namespace tributary::isolation {
namespace {

using plugins::view;

child_link& link_of(const trb_host* host) noexcept {
    return *static_cast<child_link*>(host->ctx);
}

void log_write(const trb_host* host, std::int32_t level, trb_str event, const trb_pair* fields,
               std::uint64_t count) noexcept {
    writer line;
    line.number(level);
    line.text(view(event).substr(0, log_text_bytes_max));
    const auto crossing = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, log_fields_max));
    line.number(crossing);
    for (std::uint32_t index = 0; index < crossing; ++index) {
        line.text(view(fields[index].name).substr(0, log_text_bytes_max));
        line.text(view(fields[index].value).substr(0, log_text_bytes_max));
    }
    link_of(host).send(frame_kind::log, 0, {line.bytes()});
}

owned_frame ask(child_link& link, const writer& question) {
    const std::uint64_t id = link.make_id();
    link.send(frame_kind::service, id, {question.bytes()});
    return link.wait_for(frame_kind::service_answer, id);
}

std::int64_t clock_now(const trb_host* host) noexcept {
    writer question;
    question.number(static_cast<std::uint8_t>(service::now_ms));
    const owned_frame answer = ask(link_of(host), question);
    std::int64_t now_ms = 0;
    if (answer.payload.size() == sizeof now_ms)
        std::memcpy(&now_ms, answer.payload.data(), sizeof now_ms);
    return now_ms;
}

void clock_random(const trb_host* host, void* bytes, std::uint64_t count) noexcept {
    auto* into = static_cast<char*>(bytes);
    while (count > 0) {
        const auto now = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, random_bytes_max));
        writer question;
        question.number(static_cast<std::uint8_t>(service::random));
        question.number(now);
        const owned_frame answer = ask(link_of(host), question);
        if (answer.payload.size() != now)
            std::abort(); // Bytes that are not random are worse than none.
        std::memcpy(into, answer.payload.data(), now);
        into += now;
        count -= now;
    }
}

void metrics_count(const trb_host* host, trb_str name, trb_str reason, std::uint64_t add) noexcept {
    writer counted;
    counted.text(view(name));
    counted.text(view(reason));
    counted.number(add);
    if (counted.ok())
        link_of(host).send(frame_kind::count, 0, {counted.bytes()});
}

constexpr trb_host_log_v1 log_table{sizeof(trb_host_log_v1), 0, &log_write};
constexpr trb_host_clock_v1 clock_table{sizeof(trb_host_clock_v1), 0, &clock_now, &clock_random};
constexpr trb_host_metrics_v1 metrics_table{sizeof(trb_host_metrics_v1), 0, &metrics_count};

const void* find(std::string_view id) noexcept {
    if (id == TRB_SERVICE_LOG)
        return &log_table;
    if (id == TRB_SERVICE_CLOCK)
        return &clock_table;
    if (id == TRB_SERVICE_METRICS)
        return &metrics_table;
    if (id == TRB_SERVICE_CRYPTO) // Pure functions: the same as in the host's process.
        return plugins::find_service(id);
    return nullptr;
}

} // namespace

child_host::child_host(child_link& link) noexcept
    : table_{
          sizeof(trb_host), TRB_ABI_MAJOR, TRB_ABI_MINOR, 0, &link, [](const trb_host*, trb_str id) noexcept {
              return find(view(id));
          }} {}

bool child_host::offers(std::string_view service) noexcept {
    return find(service) != nullptr;
}

} // namespace tributary::isolation

#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// The frames between the host and a plugin's process:
///   u32 bytes of the payload, u8 kind, u64 id of the call, payload. All little-endian.
namespace tributary::isolation {

inline constexpr std::uint32_t protocol_magic = 0x49425254u; ///< "TRBI"
inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::size_t frame_head_bytes = 13;

enum class frame_kind : std::uint8_t {
    // host -> plugin
    call = 1,       ///< method, arguments
    lookup_answer,  ///< rows, status; id is that of the call
    service_answer, ///< what a service returned; id is that of the question
    // plugin -> host
    result = 16, ///< status, error, what was said to the sink
    lookup,      ///< kind, key, time; id is that of the call
    service,     ///< a question to the clock or the generator; id is of the plugin's choice
    log,
    count,
    heartbeat,
};

/// What a call asks for.
enum class method : std::uint8_t {
    load = 1, ///< file, limits -> the handshake
    create,   ///< configuration -> what of the sandbox is missing
    stop,
    verify,
    normalise,
    reread,
    run_action,
    next_page,
    fold,
    tell,
    evaluate,
    deliver,
};

/// What a service frame asks for.
enum class service : std::uint8_t { now_ms = 1, random };
inline constexpr std::uint32_t random_bytes_max = 4096; ///< In one question.

// Of a log line. A plugin's process cuts what is longer; a frame with more fields ends it.
inline constexpr std::uint32_t log_fields_max = 64;
inline constexpr std::size_t log_text_bytes_max = 8192;

/// What a plugin said to a sink: one entry of a result.
enum class said : std::uint8_t {
    item = 1,
    need,
    answer,
    emit,
    want,
    note,
    finding,
    keep,
    page,
    progress,
    row,
    measure,
    message,
    wake_at,
    trace,
    delivery,
    expect,
    amount,
    decline,
    explain,
    request,
};

/// Where the plugin's process finds its end of the socket pair.
inline constexpr int child_socket = 3;
/// How the plugin's process ends itself; the host turns it into words.
inline constexpr int exit_out_of_memory = 86;

struct frame {
    frame_kind kind{};
    std::uint64_t id = 0;
    std::string_view payload;
};

/// Puts frames together out of what a socket gives.
class frame_buffer {
  public:
    /// One recv() of what is there.
    /// @return its value: 0 at the end, -1 with errno.
    std::ptrdiff_t receive(int fd);
    /// As if these bytes had been received.
    void feed(std::string_view bytes);
    /// The next whole frame; valid until the next receive().
    std::optional<frame> next();
    /// A frame that is longer than allowed was announced: nothing that follows can be read.
    bool broken() const noexcept { return broken_; }

  private:
    void make_room(std::size_t bytes);

    std::string bytes_; ///< Its size is the room; only the part between used_ and filled_ means something.
    std::size_t used_ = 0;
    std::size_t filled_ = 0;
    bool broken_ = false;
};

/// Sends one frame whose payload lies in several parts. Blocks while the other side does not read.
/// @return false when the other side is gone, or did not read until `deadline`: the stream is then broken.
bool send_frame(int fd, frame_kind kind, std::uint64_t id, std::initializer_list<std::string_view> payload,
                std::chrono::steady_clock::time_point deadline);

} // namespace tributary::isolation

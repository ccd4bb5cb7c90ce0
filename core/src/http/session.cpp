#include "http/session.hpp"

#include <tributary/base/ids.hpp>

#include <algorithm>
#include <utility>

namespace tributary::http {
namespace {

constexpr std::size_t output_bytes_max =
    1024 * 1024; // Answers that the client does not fetch; then it must wait.
constexpr std::size_t request_id_bytes_max = 64;
constexpr std::size_t body_reserve_max = 64 * 1024; // A Content-Length alone must not cost memory.
constexpr std::size_t head_read_bytes = 4 * 1024;
constexpr std::size_t body_read_bytes = 64 * 1024;

constexpr refusal bare_line_feed{400, "bad_request", "Lines must end with CRLF."};
constexpr refusal empty_request{400, "bad_request", "The request is empty."};
constexpr refusal headers_too_large{431, "headers_too_large", "The header fields are too large."};
constexpr refusal body_too_large{413, "body_too_large", "The body is too large."};
constexpr refusal bad_chunk{400, "bad_request", "The chunked body is malformed."};
constexpr refusal request_timeout{408, "request_timeout", "The request did not arrive in time."};

bool is_request_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= request_id_bytes_max &&
           std::ranges::all_of(text, [](char character) {
               return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
                      (character >= '0' && character <= '9') || character == '-' || character == '_' ||
                      character == '.';
           });
}

} // namespace

session::session(session_services& services, responder_source& responders, peer remote)
    : services_(services), responders_(responders), peer_(std::move(remote)), answers_(services),
      idle_since_(services.now) {}

std::span<char> session::prepare_input() {
    return input_.prepare(phase_ == phase::body ? body_read_bytes : head_read_bytes);
}

bool session::has_room() const noexcept {
    // A request that has begun is read to its end, since its timeouts run.
    return phase_ != phase::idle || (answers_.size() < services_.options.pipelined_max &&
                                     answers_.body_bytes() <= services_.options.body_bytes_max &&
                                     answers_.output().size() <= output_bytes_max);
}

session::need session::process() {
    bool progress = true;
    while (reading_ && progress && has_room())
        progress = step();
    if (!reading_) {
        input_.consume(input_.view().size());
        return need::nothing;
    }
    return has_room() ? need::input : need::room;
}

/// Goes one step further; false when there are too few bytes.
bool session::step() {
    if (phase_ == phase::body)
        return read_body();
    if (input_.empty())
        return false;
    if (phase_ == phase::idle) {
        phase_ = phase::head;
        phase_deadline_ = services_.now + services_.options.header_timeout_ms;
    }
    return read_head();
}

bool session::read_head() {
    const auto bytes = input_.view().substr(0, services_.options.header_bytes_max);
    switch (scanner_.scan(bytes)) {
    case head_scanner::state::malformed: refuse_malformed(bare_line_feed); return false;
    case head_scanner::state::complete: return accept_head(scanner_.size());
    case head_scanner::state::incomplete: break;
    }
    if (bytes.size() == services_.options.header_bytes_max)
        refuse_malformed(headers_too_large);
    return false;
}

bool session::accept_head(std::size_t size) {
    scanner_.reset();
    if (size == 2) {
        // RFC 9112, 2.2: an old client may send one empty line after a body.
        if (blank_line_skipped_) {
            refuse_malformed(empty_request);
            return false;
        }
        blank_line_skipped_ = true;
        input_.consume(size);
        phase_ = phase::idle;
        return true;
    }
    head_ = request_head();
    if (const auto refused = parse_request_head(input_.view().substr(0, size), head_)) {
        refuse_malformed(*refused);
        return false;
    }
    input_.consume(size);
    if (head_.content_length > services_.options.body_bytes_max) {
        refuse(body_too_large);
        return false;
    }
    if (!head_.chunked && head_.content_length == 0) {
        dispatch();
        return true;
    }
    if (head_.chunked)
        chunks_.emplace(services_.options.body_bytes_max);
    else
        head_.message.body.reserve(std::min<std::size_t>(head_.content_length, body_reserve_max));
    phase_ = phase::body;
    phase_deadline_ = services_.now + services_.options.body_timeout_ms;
    continue_owed_ = head_.expects_continue && input_.empty();
    announce_continue();
    return true;
}

/// Tells the client to send its body, once all earlier requests are answered: 100 is an answer too and has
/// its order.
void session::announce_continue() {
    if (!continue_owed_ || !answers_.empty())
        return;
    continue_owed_ = false;
    answers_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
}

bool session::read_body() {
    std::string& body = head_.message.body;
    std::string_view bytes = input_.view();
    if (bytes.empty())
        return false;
    const std::size_t before = bytes.size();
    auto state = chunked_decoder::state::incomplete;
    if (head_.chunked) {
        state = chunks_->feed(bytes, body);
    } else {
        const std::size_t missing = static_cast<std::size_t>(head_.content_length) - body.size();
        body += bytes.substr(0, missing);
        bytes.remove_prefix(std::min(missing, bytes.size()));
        if (body.size() == head_.content_length)
            state = chunked_decoder::state::complete;
    }
    input_.consume(before - bytes.size());
    switch (state) {
    case chunked_decoder::state::complete: dispatch(); return true;
    case chunked_decoder::state::malformed: refuse_malformed(bad_chunk); return false;
    case chunked_decoder::state::too_large: refuse(body_too_large); return false;
    case chunked_decoder::state::incomplete: break;
    }
    return false;
}

void session::set_client() {
    request& message = head_.message;
    message.scheme = peer_.tls ? "https" : "http";
    message.remote_address = peer_.address;
    if (peer_.trusted_proxy) {
        message.remote_address = services_.setup.proxies.client_address(peer_.address, message.headers);
        if (const auto scheme = forwarded_scheme(message.headers); !scheme.empty())
            message.scheme = scheme;
    }
    const auto given_id = message.header_value("X-Request-Id");
    message.request_id = is_request_id(given_id) ? std::string(given_id)
                                                 : make_id("req_", services_.wall_now, services_.random);
}

void session::dispatch() {
    set_client();
    phase_ = phase::idle;
    blank_line_skipped_ = false;
    continue_owed_ = false;
    reading_ = reading_ && head_.keep_alive;
    server_counters::add(services_.counters.requests);
    const auto number = answers_.push({.deadline = services_.now + services_.options.response_timeout_ms,
                                       .request_id = head_.message.request_id,
                                       .body_bytes = head_.message.body.size(),
                                       .head_only = head_.message.method == "HEAD",
                                       .http_1_0 = head_.http_1_0,
                                       .keep_alive = head_.keep_alive,
                                       .dispatched = true,
                                       .ready = false,
                                       .answer = {}});
    const std::string request_id = head_.message.request_id;
    try {
        services_.setup.on_request(std::move(head_.message), responders_.make_responder(number));
    } catch (const std::exception& error) {
        services_.log.error("http_handler_failed", {{"reason", error.what()}, {"request_id", request_id}});
        answers_.complete_with_error(number, 500, "internal_error", "The request could not be handled.");
    } catch (...) {
        services_.log.error("http_handler_failed", {{"reason", "unknown"}, {"request_id", request_id}});
        answers_.complete_with_error(number, 500, "internal_error", "The request could not be handled.");
    }
    head_.message.method.clear(); // What comes next may be refused before its method is known.
    reading_ = reading_ && !answers_.closed();
    idle_since_ = services_.now;
}

void session::complete(std::uint64_t number, std::optional<response>&& answer) {
    if (answer)
        answers_.complete(number, std::move(*answer));
    else
        answers_.drop(number);
    reading_ = reading_ && !answers_.closed();
    idle_since_ = services_.now;
    announce_continue();
}

bool session::on_time() {
    answers_.expire();
    reading_ = reading_ && !answers_.closed();
    if (!reading_)
        return true;
    announce_continue();
    if (phase_ == phase::idle) {
        const bool busy = !answers_.empty() || !answers_.output().empty();
        return busy || services_.now < idle_since_ + services_.options.idle_timeout_ms;
    }
    if (services_.now >= phase_deadline_) {
        server_counters::add(services_.counters.timeouts);
        refuse(request_timeout);
    }
    return true;
}

bool session::drain() {
    if (!answers_.empty())
        reading_ = false;
    return !answers_.empty() || !answers_.output().empty() || !reading_ || phase_ != phase::idle ||
           !input_.empty();
}

void session::refuse_malformed(const refusal& why) {
    server_counters::add(services_.counters.malformed);
    refuse(why);
}

void session::refuse(const refusal& why) {
    reading_ = false;
    const std::string request_id = make_id("req_", services_.wall_now, services_.random);
    services_.log.debug("http_request_refused", {{"status", why.status},
                                                 {"reason", why.message},
                                                 {"remote", peer_.address},
                                                 {"request_id", request_id}});
    pending_answer place;
    place.request_id = request_id;
    place.keep_alive = false;
    place.head_only = head_.message.method == "HEAD";
    const auto number = answers_.push(std::move(place));
    answers_.complete_with_error(number, why.status, why.code, why.message);
}

} // namespace tributary::http

#include "http/answer_queue.hpp"

#include <utility>

namespace tributary::http {

std::uint64_t answer_queue::push(pending_answer place) {
    constexpr std::size_t gone_max = 64; // A pipeline that never runs dry must not grow the vector forever.
    if (first_ >= gone_max) {
        places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
    body_bytes_ += place.body_bytes;
    if (place.dispatched)
        server_counters::add(services_.counters.requests_in_flight);
    places_.push_back(std::move(place));
    return first_number_ + size() - 1;
}

pending_answer* answer_queue::find(std::uint64_t number) noexcept {
    // A number before the first one wraps around and is out of range as well.
    const std::uint64_t index = number - first_number_;
    if (index >= size())
        return nullptr;
    pending_answer& place = places_[first_ + static_cast<std::size_t>(index)];
    return place.ready ? nullptr : &place;
}

bool answer_queue::complete(std::uint64_t number, response&& answer) {
    pending_answer* const place = find(number);
    if (place == nullptr)
        return false;
    place->answer = std::move(answer);
    place->ready = true;
    if (number == first_number_)
        write_ready();
    return true;
}

bool answer_queue::complete_with_error(std::uint64_t number, int status, std::string_view code,
                                       std::string_view message) {
    const pending_answer* const place = find(number);
    return place != nullptr &&
           complete(number, services_.render_error(status, code, message, place->request_id));
}

void answer_queue::drop(std::uint64_t number) {
    const pending_answer* const place = find(number);
    if (place == nullptr)
        return;
    services_.log.error("http_request_unanswered", {{"request_id", place->request_id}});
    complete_with_error(number, 500, "internal_error", "The request was not answered.");
}

void answer_queue::expire() {
    // Completing the first one may remove others, so that positions are computed anew each time.
    const std::uint64_t end = first_number_ + size();
    for (std::uint64_t number = first_number_; number != end; ++number) {
        const pending_answer* const place = find(number);
        if (place == nullptr)
            continue;
        if (place->deadline > services_.now)
            return; // Later ones have later deadlines.
        server_counters::add(services_.counters.timeouts);
        services_.log.warn("http_response_timeout", {{"request_id", place->request_id}});
        complete_with_error(number, 503, "response_timeout", "The request took too long to answer.");
    }
}

void answer_queue::write_ready() {
    while (!empty() && places_[first_].ready) {
        write(places_[first_]);
        pop();
        if (closed_) {
            clear();
            return;
        }
    }
}

void answer_queue::write(pending_answer& place) {
    if (!is_sendable(place.answer)) {
        services_.log.error("http_answer_not_sendable",
                            {{"request_id", place.request_id}, {"status", place.answer.status}});
        place.answer =
            error_response(500, "internal_error", "The answer could not be sent.", place.request_id);
    }
    const bool last_of_draining = services_.draining && size() == 1;
    closed_ = !place.keep_alive || last_of_draining || asks_to_close(place.answer);
    append_response(output_, place.answer,
                    {.head_only = place.head_only,
                     .http_1_0 = place.http_1_0,
                     .keep_alive = !closed_,
                     .request_id = place.request_id,
                     .date = services_.date.at(services_.wall_now / 1000),
                     .server_name = services_.options.server_name});
    server_counters::add(services_.counters.responses[place.answer.status / 100]);
}

void answer_queue::pop() noexcept {
    pending_answer& place = places_[first_];
    if (place.dispatched)
        server_counters::subtract(services_.counters.requests_in_flight);
    body_bytes_ -= place.body_bytes;
    place.answer = {}; // The body is not kept until the vector is tidied up.
    ++first_;
    ++first_number_;
    if (empty()) {
        places_.clear();
        first_ = 0;
    }
}

void answer_queue::clear() {
    while (!empty())
        pop();
}

} // namespace tributary::http

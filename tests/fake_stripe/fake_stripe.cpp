#include "fake_stripe/fake_stripe.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace tributary::fake_stripe {

fake::fake(options chosen)
    : options_(std::move(chosen)), endpoints_(objects_, options_.livemode), permissions_(options_.account) {
    for (const std::string& key : options_.keys)
        permissions_.accept_key(key);
    http::server_options setup;
    setup.server_name = "nginx"; // As Stripe's.
    server_ = std::make_unique<http::server>(
        std::move(setup),
        [this](http::request&& asked, const http::responder& respond) { respond(handle(asked)); }, *quiet_,
        random_);
    if (auto started = server_->start(); !started)
        throw std::runtime_error(started.error().text());
    wire_ = std::make_unique<wire>(options_.port, server_->port());
}

fake::~fake() {
    wire_.reset(); // Before the server: it passes nothing on any more.
    server_.reset();
}

void fake::put(std::string_view text) {
    const json::value given = json::parse({text.data(), text.size()});
    const std::lock_guard lock(mutex_);
    if (const json::array* all = given.if_array())
        for (const json::value& each : *all)
            objects_.put(each.as_object());
    else
        objects_.put(given.as_object());
}

void fake::generate(std::string_view collection, std::size_t count) {
    const std::lock_guard lock(mutex_);
    objects_.generate(collection, count, options_.livemode);
}

void fake::deny(std::string right) {
    const std::lock_guard lock(mutex_);
    permissions_.deny(std::move(right));
}

void fake::allow(const std::string& right) {
    const std::lock_guard lock(mutex_);
    permissions_.allow(right);
}

void fake::fail(fault with) {
    const std::lock_guard lock(mutex_);
    faults_.add(std::move(with));
}

void fake::mend() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
}

std::vector<logged_request> fake::requests() const {
    const std::lock_guard lock(mutex_);
    return log_;
}

void fake::forget_requests() {
    const std::lock_guard lock(mutex_);
    log_.clear();
}

std::string fake::object(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const json::value* found = objects_.find(id);
    return found == nullptr ? std::string() : json::serialize(*found);
}

} // namespace tributary::fake_stripe

#pragma once

#include <span>
#include <string_view>

namespace tributary::stripe {

/// The events that an endpoint has to be subscribed to.
std::span<const std::string_view> needed_events() noexcept;

} // namespace tributary::stripe

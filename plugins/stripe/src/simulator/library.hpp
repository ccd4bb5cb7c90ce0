#pragma once

#include <span>
#include <string_view>

namespace tributary::stripe::simulated {

/// A story that is shipped: plugins/stripe/stories/NAME.json, compiled in.
struct shipped_story {
    std::string_view name;
    std::string_view summary;
    std::string_view definition;
};

/// All of them, in the order in which CMakeLists.txt lists them. Made by embed_stories.cmake.
std::span<const shipped_story> shipped_stories() noexcept;

} // namespace tributary::stripe::simulated

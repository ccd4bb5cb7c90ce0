#include <tributary/cel/function.hpp>

namespace tributary::cel {

value call_context::fail(evaluation_errc code, std::string_view detail) {
    return value::error(code, memory_.copy(detail));
}

value call_context::copy_string(std::string_view text) {
    const std::string_view kept = memory_.copy(text);
    return kept.data() == nullptr ? memory_exhausted() : value::string(kept);
}

value call_context::copy_bytes(std::string_view octets) {
    const std::string_view kept = memory_.copy(octets);
    return kept.data() == nullptr ? memory_exhausted() : value::bytes(kept);
}

value call_context::some(const value& inner) {
    const auto kept = memory_.make_array<value>(1);
    if (kept.data() == nullptr)
        return memory_exhausted();
    kept[0] = inner;
    return value::optional(kept.data());
}

} // namespace tributary::cel

#include "base64.hpp"

#include <tributary/cel/function.hpp>

#include <algorithm>

#include "functions.hpp"

namespace tributary::cel {
namespace {

/// Base64 is defined once, by the functions of the language; who needs it elsewhere calls them.
value call_encoder(std::string_view name, const value& argument, arena& memory) {
    std::vector<function_declaration> all;
    add_encoder_functions(all);
    const auto found = std::ranges::find(all, name, &function_declaration::name);
    if (found == all.end() || found->implementation == nullptr)
        return value::error(evaluation_errc::unsupported);
    const evaluation_limits limits{.cost = ~std::uint64_t{0}, .memory_bytes = memory.bytes_max()};
    call_context with(memory, limits);
    return found->implementation(with, std::span<const value>(&argument, 1));
}

} // namespace

value decode_base64(std::string_view text, arena& memory) {
    return call_encoder("base64.decode", value::string(text), memory);
}

std::string encode_base64(std::string_view octets) {
    arena memory(octets.size() * 2 + 4096);
    const value text = call_encoder("base64.encode", value::bytes(octets), memory);
    return text.is(value_kind::string) ? std::string(text.as_text()) : std::string();
}

} // namespace tributary::cel

#pragma once

#include <tributary/cel/function.hpp>

namespace tributary::cel {

/// text.replace(old, new) and text.replace(old, new, limit): at most `limit` of them, all when it is
/// negative. An empty `old` is found before each character and at the end.
value replace(call_context& with, std::span<const value> arguments);
/// text.split(separator) and text.split(separator, limit): at most `limit` pieces, the last of which is the
/// rest; none for 0, as many as there are when it is negative. An empty separator parts all characters. The
/// pieces are views of the text. Errors: list_limit.
value split(call_context& with, std::span<const value> arguments);
/// list.join() and list.join(separator). Errors: no_such_overload for an element that is no string.
value join(call_context& with, std::span<const value> arguments);

} // namespace tributary::cel

#pragma once

#include <cstddef>
#include <cstdint>

namespace tributary::cel {

/// How large a source may be. Each has an error of its own (compile_errc). The defaults hold any rule that a
/// person writes; the machine-made may ask for more.
struct compile_limits {
    std::size_t source_bytes = 32 * 1024;
    std::size_t nodes = 1000; ///< Of the tree, after macros.
    std::size_t nesting = 48; ///< Brackets, calls, conditionals and signs within each other.
    std::size_t depth = 250;  ///< Of the tree; chains such as 1 + 1 + 1 make it deep without nesting.
    std::size_t loops = 3;    ///< Macros within each other that iterate: each multiplies the cost.
    std::size_t literal_elements = 1000; ///< Of one list or map in the source.
};

/// What one evaluation may use. Each has an error of its own (evaluation_errc).
struct evaluation_limits {
    /// Units of work: about one for each operation, one for each element that is looked at and for each 16
    /// bytes of text. @source reference: cel-go's run-time cost; the units differ.
    std::uint64_t cost = 10'000;
    std::size_t memory_bytes = 1 << 20; ///< For results that are texts, lists and maps.
    std::size_t elements = 1000;        ///< Of one list or map that is made.
};

} // namespace tributary::cel

#pragma once

#include <tributary/abi/base.h>

#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "validator/scene.hpp"

namespace tributary::validator {

/// Everything that one call lends to the plugin. Each buffer ends where a page ends that nobody may read, so
/// there is no NUL behind it; when the vault goes, nobody may read any of it again. Who kept a view, or reads
/// one too far, ends the process, and the scene says which.
///
/// Not thread-safe; one for each call.
class vault {
  public:
    /// @param call    name of the function, a literal.
    /// @param future  structs are longer than this release knows, as those of a newer host: readers go by
    ///                struct_size and stride.
    vault(scene& at, const char* call, bool future = false);
    ~vault();
    vault(const vault&) = delete;
    vault& operator=(const vault&) = delete;

    trb_str text(std::string_view bytes, const char* what);
    /// The same with a guard behind it in any case.
    trb_str guarded_text(std::string_view bytes, const char* what);

    /// A struct that begins with struct_size.
    template <class T> const T* put(const T& value, const char* what) {
        return list(std::span<const T>(&value, 1), what);
    }
    /// Structs that begin with struct_size, stride() bytes apart.
    template <class T> const T* list(std::span<const T> values, const char* what) {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 8 == 0);
        if (values.empty())
            return nullptr;
        char* first = allocate(values.size() * stride<T>(), what);
        for (std::size_t index = 0; index < values.size(); ++index) {
            T copy = values[index];
            copy.struct_size = static_cast<std::uint32_t>(stride<T>());
            char* at = first + index * stride<T>();
            std::memset(at, 0xa5, stride<T>());
            std::memcpy(at, &copy, sizeof copy);
        }
        return reinterpret_cast<const T*>(first);
    }
    template <class T> std::size_t stride() const noexcept { return sizeof(T) + (future_ ? growth : 0); }

    /// Structs whose size is frozen (trb_str, trb_pair, trb_claim, trb_secret, trb_cell), side by side.
    template <class T> const T* frozen(std::span<const T> values, const char* what) {
        static_assert(std::is_trivially_copyable_v<T>);
        if (values.empty())
            return nullptr;
        char* first = allocate(values.size_bytes(), what);
        std::memcpy(first, values.data(), values.size_bytes());
        return reinterpret_cast<const T*>(first);
    }
    template <class T> const T* frozen(const std::vector<T>& values, const char* what) {
        return frozen(std::span<const T>(values), what);
    }
    /// Name and value of each.
    template <class Pairs> const trb_pair* pairs(const Pairs& all, const char* what) {
        std::vector<trb_pair> made;
        for (const auto& [name, value] : all)
            made.push_back({text(name, what), text(value, what)});
        return frozen(made, what);
    }

    /// A struct whose type is only known by its size; begins with struct_size, which is set.
    const void* body(const void* from, std::size_t size, const char* what);

  private:
    static constexpr std::size_t growth = 32;

    char* allocate(std::size_t size, const char* what);
    char* allocate_guarded(std::size_t size, const char* what);

    scene& scene_;
    const char* call_;
    bool future_;
    char* begin_ = nullptr; ///< The current reservation: what is used of it, and all of it.
    std::size_t used_ = 0;
    std::size_t size_ = 0;
    char* packed_ = nullptr; ///< What is left of a page for small inputs.
    std::size_t packed_left_ = 0;
    struct full {
        char* begin;
        std::size_t size;
    };
    std::vector<full> full_;
    std::vector<std::uint64_t> numbers_;
};

} // namespace tributary::validator

#pragma once

#include <tributary/abi/http_routes.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/projection.h>

#include <cstdint>

namespace tributary::plugins {

/// An array of a plugin. The plugin says how long its elements are, because they may be longer than ours: it
/// may have been built with later headers. (The SDK has the same for the other direction; core must not
/// include it.)
template <class T> class elements {
  public:
    elements(const T* first, std::uint64_t count, std::uint64_t stride) noexcept
        : first_(reinterpret_cast<const char*>(first)), count_(count), stride_(stride) {}

    class iterator {
      public:
        iterator(const elements& of, std::uint64_t index) noexcept : of_(of), index_(index) {}
        const T& operator*() const noexcept { return of_[index_]; }
        iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        bool operator==(const iterator& other) const noexcept { return index_ == other.index_; }

      private:
        const elements& of_;
        std::uint64_t index_;
    };

    iterator begin() const noexcept { return {*this, 0}; }
    iterator end() const noexcept { return {*this, count_}; }
    std::uint64_t size() const noexcept { return count_; }
    const T& operator[](std::uint64_t index) const noexcept {
        return *reinterpret_cast<const T*>(first_ + index * stride_);
    }

  private:
    const char* first_;
    std::uint64_t count_;
    std::uint64_t stride_;
};

inline elements<trb_table> tables_of(const trb_projection_v1& of) noexcept {
    return {of.tables, of.table_count, of.table_stride};
}
inline elements<trb_lookup_source> lookups_of(const trb_projection_v1& of) noexcept {
    return {of.lookups, of.lookup_count, of.lookup_stride};
}
inline elements<trb_route> routes_of(const trb_http_routes_v1& of) noexcept {
    return {of.routes, of.route_count, of.route_stride};
}
inline elements<trb_migration> migrations_of(const trb_plugin& of) noexcept {
    return {of.migrations, of.migration_count, of.migration_stride};
}

} // namespace tributary::plugins

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace tributary {

/// Counters and gauges of the runtime. Names are complete ("tributary_deliveries_total"). Thread-safe.
class metrics {
  public:
    using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    virtual ~metrics() = default;
    virtual void count(std::string_view name, labels with = {}, std::uint64_t add = 1) = 0;
    virtual void gauge(std::string_view name, double value, labels with = {}) = 0;
};

/// Counts nothing.
class null_metrics final : public metrics {
  public:
    void count(std::string_view, labels, std::uint64_t) override {}
    void gauge(std::string_view, double, labels) override {}
};

} // namespace tributary

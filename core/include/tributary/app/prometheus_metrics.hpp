#pragma once

#include <tributary/base/metrics.hpp>

#include <memory>
#include <string>

namespace tributary::app {

/// Counters and gauges in a Prometheus registry.
class prometheus_metrics final : public metrics {
  public:
    prometheus_metrics();
    ~prometheus_metrics() override;

    void count(std::string_view name, labels with = {}, std::uint64_t add = 1) override;
    void gauge(std::string_view name, double value, labels with = {}) override;
    /// Everything in the text format of Prometheus, version 0.0.4.
    std::string text() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace tributary::app

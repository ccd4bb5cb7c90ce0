#include <tributary/app/prometheus_metrics.hpp>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace tributary::app {
namespace {

/// What a family is for, by its name without "tributary_".
constexpr std::pair<std::string_view, std::string_view> help_texts[] = {
    {"tributary_deliveries_total", "Deliveries of providers, by HTTP status of the answer and reason."},
    {"tributary_inbox_items_total", "Items of genuine deliveries, stored or recognised as repeated."},
    {"tributary_normalise_failures_total", "Records that their plugin could not put into facts."},
    {"tributary_drift_total", "Records that say something in a way that their plugin does not know."},
    {"tributary_records_held_total", "Times that a record had to wait for its plugin."},
    {"tributary_quarantines_total", "Times that a plugin came back too late and was put aside."},
    {"tributary_reloads_total", "Generations of plugins that took the place of another."},
    {"tributary_folds_total", "Subjects folded."},
    {"tributary_fold_failures_total", "Folds that a projection failed."},
    {"tributary_damaged_subjects_total", "Subjects whose stored facts cannot be read."},
    {"tributary_transactions_begun_again_total", "Transactions that left out one record or subject."},
    {"tributary_batches_total", "Transactions of the writer."},
    {"tributary_batch_jobs_total", "Jobs in the transactions of the writer."},
    {"tributary_clicks_total", "Clicks that redirects handed to the writer."},
    {"tributary_plugin_host_restarts_total", "Starts of an isolated plugin's process after it had ended."},
    {"tributary_wants_total", "Requests made for plugins, by outcome."},
    {"tributary_writer_queue", "Jobs that wait for the writer."},
};

std::string help_of(std::string_view name) {
    for (const auto& [known, help] : help_texts)
        if (known == name)
            return std::string(help);
    return "See docs/reference/metrics.md.";
}

prometheus::Labels to_labels(metrics::labels with) {
    prometheus::Labels made;
    for (const auto& [name, value] : with)
        made.emplace(name, value);
    return made;
}

} // namespace

struct prometheus_metrics::state {
    std::mutex mutex;
    prometheus::Registry registry;
    std::map<std::string, prometheus::Family<prometheus::Counter>*, std::less<>> counters;
    std::map<std::string, prometheus::Family<prometheus::Gauge>*, std::less<>> gauges;
};

prometheus_metrics::prometheus_metrics() : state_(std::make_unique<state>()) {}
prometheus_metrics::~prometheus_metrics() = default;

void prometheus_metrics::count(std::string_view name, labels with, std::uint64_t add) {
    if (add == 0)
        return;
    const std::lock_guard lock(state_->mutex);
    auto found = state_->counters.find(name);
    if (found == state_->counters.end())
        found = state_->counters
                    .emplace(std::string(name), &prometheus::BuildCounter()
                                                     .Name(std::string(name))
                                                     .Help(help_of(name))
                                                     .Register(state_->registry))
                    .first;
    found->second->Add(to_labels(with)).Increment(static_cast<double>(add));
}

void prometheus_metrics::gauge(std::string_view name, double value, labels with) {
    const std::lock_guard lock(state_->mutex);
    auto found = state_->gauges.find(name);
    if (found == state_->gauges.end())
        found = state_->gauges
                    .emplace(std::string(name), &prometheus::BuildGauge()
                                                     .Name(std::string(name))
                                                     .Help(help_of(name))
                                                     .Register(state_->registry))
                    .first;
    found->second->Add(to_labels(with)).Set(value);
}

std::string prometheus_metrics::text() const {
    return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

} // namespace tributary::app

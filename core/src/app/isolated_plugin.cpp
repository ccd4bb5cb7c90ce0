#include "app/isolated_plugin.hpp"

namespace tributary::app {
namespace {

class isolated_plugin final : public plugins::remote {
  public:
    explicit isolated_plugin(std::unique_ptr<isolation::remote_plugin> runs) : runs_(std::move(runs)) {}

    const trb_plugin& descriptor() const noexcept override { return runs_->descriptor(); }
    const void* extension(std::string_view id) const noexcept override { return runs_->extension(id); }
    void* self() const noexcept override { return runs_->self(); }
    std::string condition() const override {
        const isolation::process_status now = runs_->status();
        std::string text =
            now.ready ? "process " + std::to_string(now.pid) : std::string("no process just now");
        text += ", " + std::to_string(now.calls) + " calls, " + std::to_string(now.restarts) + " restarts";
        if (!now.last_failure.empty())
            text += ", last ended: " + now.last_failure;
        if (!now.unprotected.empty())
            text += ", not protected by: " + now.unprotected;
        return text;
    }

  private:
    std::unique_ptr<isolation::remote_plugin> runs_;
};

} // namespace

plugins::plugin_set::remote_maker make_isolated_plugins(std::int64_t deadline_ms, logger& log,
                                                        const clock& time, entropy& random,
                                                        metrics& counters) {
    return [deadline_ms, &log, &time, &random,
            &counters](const plugins::load_request& what) -> result<std::unique_ptr<plugins::remote>> {
        isolation::options options;
        options.executable = isolation::default_executable();
        options.sha256 = what.plugin.says.sha256;
        options.memory_bytes = what.isolation_memory_bytes;
        options.deadline_ms = deadline_ms;
        options.files = what.isolation_files;
        TRIBUTARY_TRY_ASSIGN(runs, isolation::remote_plugin::start(what.plugin.module, what.config_json,
                                                                   options, log, time, random, counters));
        return std::unique_ptr<plugins::remote>(std::make_unique<isolated_plugin>(std::move(runs)));
    };
}

} // namespace tributary::app

#pragma once

#include <tributary/plugins/discovery.hpp>
#include <tributary/plugins/elements.hpp>
#include <tributary/plugins/error_report.hpp>
#include <tributary/plugins/plugin.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tributary {
class clock;
class entropy;
class logger;
class metrics;
} // namespace tributary

namespace tributary::plugins {

/// The plugins at one moment, in the order in which they were started. Holds each of them.
class plugin_list {
  public:
    using container = std::vector<plugin_ptr>;
    explicit plugin_list(std::shared_ptr<const container> of) noexcept : of_(std::move(of)) {}
    container::const_iterator begin() const noexcept { return of_->begin(); }
    container::const_iterator end() const noexcept { return of_->end(); }
    bool empty() const noexcept { return of_->empty(); }
    std::size_t size() const noexcept { return of_->size(); }

  private:
    std::shared_ptr<const container> of_;
};

/// The plugins of one process. Reading is thread-safe; load, replace and stop are for one thread at a time.
class plugin_set {
  public:
    plugin_set(logger& log, const clock& time, entropy& random, metrics& counters);
    ~plugin_set(); ///< stop()
    plugin_set(const plugin_set&) = delete;
    plugin_set& operator=(const plugin_set&) = delete;

    /// From now on calls are timed; see supervisor. Before anything is loaded.
    void supervise(std::unique_ptr<supervisor> by) { supervisor_ = std::move(by); }
    supervisor* supervised_by() const noexcept { return supervisor_.get(); }
    /// Where a module is copied to that is loaded while another of its name is: the loader knows a path once
    /// only. Made when it is needed.
    void set_generations(std::filesystem::path folder) { generations_ = std::move(folder); }
    /// What starts plugins that are to be isolated; without it such a request is refused.
    using remote_maker = std::function<result<std::unique_ptr<remote>>(const load_request& what)>;
    void set_isolation(remote_maker make) { make_remote_ = std::move(make); }

    /// Checks a module, loads it, creates and starts an instance, and adds it.
    result<plugin_ptr> load(const load_request& what);
    /// The same for a plugin that is linked in (tests, static builds).
    result<plugin_ptr> add(const trb_plugin* descriptor, std::string_view config_json);

    /// The next generation of a loaded instance: checked, created, started, and not yet in the set.
    result<plugin_ptr> prepare(const load_request& what);
    /// Puts a generation into the place of the one of the same name. Who holds the old one may go on.
    void replace(plugin_ptr next);

    /// By name of the instance; nullptr when there is none.
    plugin_ptr find(std::string_view name) const noexcept;
    plugin_list all() const noexcept { return plugin_list(list()); }
    /// Lets go of the plugins, last started first.
    void stop() noexcept;

  private:
    std::shared_ptr<const plugin_list::container> list() const noexcept;
    void set_list(plugin_list::container next);
    plugin_ptr append(plugin_ptr made);
    result<void> check_names(const load_request& what, bool replaces) const;
    result<plugin_ptr> open(const load_request& what, std::uint64_t generation);
    result<std::filesystem::path> path_of(const load_request& what, std::uint64_t generation,
                                          std::string_view bytes) const;
    result<plugin_ptr> make(const trb_plugin* descriptor, std::unique_ptr<plugin> into,
                            std::string_view config_json);
    result<plugin_ptr> make_isolated(const load_request& what, std::unique_ptr<plugin> into);
    void describe(const trb_plugin& says, plugin& into);
    void tell_started(const plugin& made);

    logger& log_;
    const clock& clock_;
    entropy& entropy_;
    metrics& metrics_;
    std::unique_ptr<supervisor> supervisor_;
    std::filesystem::path generations_;
    remote_maker make_remote_;
    mutable std::mutex mutex_;
    std::shared_ptr<const plugin_list::container> list_; ///< under mutex_
};

} // namespace tributary::plugins

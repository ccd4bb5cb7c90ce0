#pragma once

#include <tributary/abi/actions.h>
#include <tributary/abi/backfill.h>
#include <tributary/abi/http_routes.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/projection.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/reward_rule.h>
#include <tributary/abi/simulator.h>
#include <tributary/abi/sink.h>
#include <tributary/base/result.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "plugins/descriptor.hpp"
#include "validator/host.hpp"
#include "validator/scene.hpp"
#include "validator/vault.hpp"

namespace tributary::validator {

using plugins::view;

/// Every call of the plugin goes through here: an exception that comes out of it ends the process at once,
/// where the handler of std::terminate says what it was, instead of wherever the unwinder gives up.
template <class Function, class... Arguments> auto cross(Function function, Arguments... arguments) noexcept {
    return function(arguments...);
}

/// A loaded shared object. Mapped until the process ends.
class loaded_module {
  public:
    /// @errors validator_errc::not_usable with the loader's text.
    static result<loaded_module> load(const std::filesystem::path& file);

    const trb_plugin* entry() const { return cross(entry_); }
    /// The descriptor, when magic, version and size are right and all functions are there.
    result<const trb_plugin*> descriptor() const;

  private:
    explicit loaded_module(trb_plugin_entry_fn found) : entry_(found) {}
    trb_plugin_entry_fn entry_;
};

/// The table of an extension, or nullptr when the plugin does not have it. What is wrong with a table is
/// found by the tests of the descriptor; everybody else sees only whole ones.
template <class Table> const Table* find_table(const trb_plugin& descriptor, std::string_view id) {
    const auto* table = static_cast<const Table*>(cross(descriptor.get_extension, view(id)));
    return table != nullptr && table->struct_size >= plugins::first_size<Table>() ? table : nullptr;
}

/// An instance, stopped and destroyed at the end of its scope.
class instance {
  public:
    struct settings {
        std::string config = "{}";
        bool future = false;
    };
    /// create, then start. @errors validator_errc::not_usable with the plugin's words.
    static result<std::unique_ptr<instance>> make(const trb_plugin& descriptor, scene& at, settings with);
    ~instance();
    instance(const instance&) = delete;
    instance& operator=(const instance&) = delete;

    void* self() const noexcept { return self_; }
    const trb_plugin& descriptor() const noexcept { return descriptor_; }
    const watching_host& host() const noexcept { return host_; }
    scene& at() const noexcept { return scene_; }
    bool future() const noexcept { return future_; }
    /// The service that create used and must not, if any.
    const std::string& breach() const noexcept { return breach_; }
    /// Ends it before its scope does.
    void end() noexcept;

    template <class Table> const Table* table(std::string_view id) const {
        return find_table<Table>(descriptor_, id);
    }

  private:
    instance(const trb_plugin& descriptor, scene& at, bool future);

    const trb_plugin& descriptor_;
    scene& scene_;
    bool future_;
    watching_host host_;
    void* self_ = nullptr;
    bool started_ = false;
    std::string breach_;
};

/// A trb_error_sink, lent as everything else is, and what came in.
class error_collector {
  public:
    explicit error_collector(vault& in) : sink_(in.put(*report_.sink(), "the error sink")) {}

    const trb_error_sink* sink() const noexcept { return sink_; }
    const plugins::error_report& said() const noexcept { return report_; }
    std::string text(trb_status status) const { return report_.text(status); }

  private:
    plugins::error_report report_;
    const trb_error_sink* sink_;
};

inline bool is_status(trb_status status) noexcept {
    return status >= TRB_OK && status <= TRB_CONFLICT;
}

} // namespace tributary::validator

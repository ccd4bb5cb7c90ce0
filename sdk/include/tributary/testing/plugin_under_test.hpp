#pragma once

#include <tributary/abi/plugin.h>
#include <tributary/testing/calls.hpp>
#include <tributary/testing/projection.hpp>
#include <tributary/testing/provider.hpp>

#include <stdexcept>

namespace tributary::testing {

/// An instance of a plugin in a fake host, from create to destroy. The plugin is linked into the test:
///   plugin_under_test plugin(tributary_plugin_entry());
///
/// Calls of an extension that the plugin does not have throw std::logic_error. Not thread-safe.
class plugin_under_test {
  public:
    /// Creates and starts an instance. Throws std::runtime_error with what the plugin reported when either is
    /// refused; see try_create for tests of that.
    explicit plugin_under_test(const trb_plugin* descriptor, std::string_view config = "{}")
        : descriptor_(*descriptor) {
        const ending created = try_create(descriptor, host_, config, &self_);
        if (!created)
            throw std::runtime_error("create: " + created.code + ": " + created.message);
        ending started;
        const detail::error_capture error;
        error.finish(descriptor_.start(self_, error.sink()), started);
        if (!started) {
            descriptor_.destroy(self_);
            throw std::runtime_error("start: " + started.code + ": " + started.message);
        }
    }
    ~plugin_under_test() {
        descriptor_.stop(self_);
        descriptor_.destroy(self_);
    }
    plugin_under_test(const plugin_under_test&) = delete;
    plugin_under_test& operator=(const plugin_under_test&) = delete;

    /// What create says to a configuration. made: the instance, or nullptr: then it is destroyed at once.
    static ending try_create(const trb_plugin* descriptor, fake_host& host, std::string_view config,
                             void** made = nullptr) {
        ending result;
        void* self = nullptr;
        const detail::error_capture error;
        error.finish(descriptor->create(host.get(), detail::view(config), error.sink(), &self), result);
        if (result && made != nullptr)
            *made = self;
        else if (result)
            descriptor->destroy(self);
        return result;
    }

    fake_host& host() noexcept { return host_; }
    const trb_plugin& descriptor() const noexcept { return descriptor_; }
    void* self() const noexcept { return self_; }

    /// The table of an extension: extension<trb_provider_v1>(TRB_EXT_PROVIDER).
    template <class Table> const Table& extension(std::string_view id) const {
        const void* const table = descriptor_.get_extension(detail::view(id));
        if (table == nullptr)
            throw std::logic_error("the plugin does not have " + std::string(id));
        return *static_cast<const Table*>(table);
    }

    verified verify(const connection& with, const std::vector<record>& records) const {
        return testing::verify(extension<trb_provider_v1>(TRB_EXT_PROVIDER), self_, with, records);
    }
    verified verify(const connection& with, const record& delivery) const {
        return verify(with, std::vector<record>{delivery});
    }
    normalised normalise(const connection& with, const std::vector<record>& records) const {
        return testing::normalise(extension<trb_provider_v1>(TRB_EXT_PROVIDER), self_, with, records);
    }
    normalised normalise(const connection& with, const record& delivery) const {
        return normalise(with, std::vector<record>{delivery});
    }
    normalised reread(const connection& with, std::int32_t kind, std::string_view document_id) const {
        return testing::reread(extension<trb_provider_v1>(TRB_EXT_PROVIDER), self_, with, kind, document_id);
    }
    told tell(const story& wanted) const {
        return testing::tell(extension<trb_simulator_v1>(TRB_EXT_SIMULATOR), self_, wanted);
    }
    folded fold(const history& from, std::int64_t now_ms, const lookup_answers& answers = {}) const {
        return testing::fold(extension<trb_projection_v1>(TRB_EXT_PROJECTION), self_, from, now_ms, answers);
    }
    acted run(const connection& with, const action& asked, const std::vector<record>& answers = {}) const {
        return testing::run(extension<trb_actions_v1>(TRB_EXT_ACTIONS), self_, with, asked, answers);
    }
    paged next(const connection& with, const range& wanted, std::string_view cursor = {},
               const record* page = nullptr) const {
        return testing::next(extension<trb_backfill_v1>(TRB_EXT_BACKFILL), self_, with, wanted, cursor, page);
    }
    delivered deliver(const outgoing& message) const {
        return testing::deliver(extension<trb_sink_v1>(TRB_EXT_SINK), self_, message);
    }
    evaluated evaluate(std::uint64_t rule, std::string_view parameters,
                       const std::vector<trb_rule_value>& values) const {
        return testing::evaluate(extension<trb_reward_rule_v1>(TRB_EXT_REWARD_RULE), self_, rule, parameters,
                                 values);
    }

  private:
    const trb_plugin& descriptor_;
    fake_host host_;
    void* self_ = nullptr;
};

} // namespace tributary::testing

#pragma once

#include <tributary/validator/validator.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "validator/delivery.hpp"
#include "validator/module.hpp"
#include "validator/provider_calls.hpp"

namespace tributary::validator {

/// What a test found.
struct verdict {
    validator::status status = validator::status::passed;
    std::string message;

    bool good() const noexcept { return status == validator::status::passed; }
};
inline verdict passed() {
    return {};
}
inline verdict failed(std::string why) {
    return {status::failed, std::move(why)};
}
inline verdict warned(std::string why) {
    return {status::warning, std::move(why)};
}
inline verdict skipped(std::string why) {
    return {status::skipped, std::move(why)};
}

/// What one test works with: everything is loaded when it is first asked for, in this process only.
class test_context {
  public:
    test_context(const options& wanted, scene& at) : wanted_(wanted), scene_(at) {}

    const options& wanted() const noexcept { return wanted_; }
    scene& at() const noexcept { return scene_; }
    std::filesystem::path testdata() const;

    result<const loaded_module*> library();
    result<const trb_plugin*> descriptor();
    /// The configuration that an instance is made with: testdata/config.json, or "{}".
    std::string config() const;
    /// An instance of its own. @param future  by a host of years to come, whose structs are longer.
    result<std::unique_ptr<instance>> fresh(bool future = false);
    /// The one that most tests share.
    result<instance*> plugin();

    /// Stops and destroys that one, if there is one.
    void end_plugin();

    /// All fixtures; else what the simulator tells, once for each story; else none.
    result<std::vector<delivery_sample>> deliveries();
    /// Those that verify accepts.
    result<std::vector<delivery_sample>> accepted();
    /// Up to `most` of them that differ in kind: the first of each event type, in order.
    result<std::vector<delivery_sample>> some_accepted(std::size_t most);

  private:
    const options& wanted_;
    scene& scene_;
    std::optional<loaded_module> library_;
    std::unique_ptr<instance> plugin_;
    std::optional<std::vector<delivery_sample>> deliveries_;
};

struct test_case {
    const char* id;
    const char* summary;
    verdict (*run)(test_context&);
    /// When it fails, nothing after it can be looked at.
    bool gate = false;
};

/// The suite, area by area, in the order in which it runs.
std::span<const test_case> file_tests();
std::span<const test_case> descriptor_tests();
std::span<const test_case> life_tests();
std::span<const test_case> verify_tests();
std::span<const test_case> verify_form_tests();
std::span<const test_case> normalise_tests();
std::span<const test_case> expected_tests();
std::span<const test_case> simulator_tests();
std::span<const test_case> projection_tests();
std::span<const test_case> route_tests();
std::span<const test_case> action_tests();
std::span<const test_case> rule_and_sink_tests();
std::vector<test_case> suite();

/// The table of an extension, and the instance that it belongs to; the verdict to end with when there is
/// none.
template <class Table> struct extension {
    instance* of = nullptr;
    const Table* table = nullptr;
    verdict otherwise;
};
template <class Table> extension<Table> need_extension(test_context& in, std::string_view id) {
    auto plugin = in.plugin();
    if (!plugin)
        return {nullptr, nullptr, skipped(plugin.error().detail)};
    const Table* table = (*plugin)->template table<Table>(id);
    if (table == nullptr)
        return {nullptr, nullptr, skipped("it has no " + std::string(id))};
    return {*plugin, table, {}};
}

/// A provider with deliveries that it accepts, or the verdict to end with.
struct accepted_samples {
    extension<trb_provider_v1> provider;
    std::vector<delivery_sample> samples;
    verdict otherwise;
    bool usable() const noexcept { return !samples.empty(); }

    provider_calls calls() const { return {*provider.of, *provider.table}; }
};
accepted_samples need_accepted(test_context& in, std::size_t most = 12);

} // namespace tributary::validator

#include "validator/suite.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace tributary::validator {

std::filesystem::path test_context::testdata() const {
    return wanted_.testdata.empty() ? wanted_.file.parent_path() / "testdata" : wanted_.testdata;
}

result<const loaded_module*> test_context::library() {
    if (!library_) {
        TRIBUTARY_TRY_ASSIGN(loaded, loaded_module::load(wanted_.file));
        library_ = loaded;
    }
    return &*library_;
}

result<const trb_plugin*> test_context::descriptor() {
    TRIBUTARY_TRY_ASSIGN(from, library());
    return from->descriptor();
}

std::string test_context::config() const {
    std::ifstream in(testdata() / "config.json");
    return in ? std::string(std::istreambuf_iterator<char>(in), {}) : "{}";
}

result<std::unique_ptr<instance>> test_context::fresh(bool future) {
    TRIBUTARY_TRY_ASSIGN(of, descriptor());
    return instance::make(*of, scene_, {config(), future});
}

result<instance*> test_context::plugin() {
    if (plugin_ == nullptr) {
        TRIBUTARY_TRY_ASSIGN(made, fresh());
        plugin_ = std::move(made);
    }
    return plugin_.get();
}

result<std::vector<delivery_sample>> test_context::deliveries() {
    if (deliveries_)
        return *deliveries_;
    TRIBUTARY_TRY_ASSIGN(of, plugin());
    TRIBUTARY_TRY_ASSIGN(all, read_fixtures(testdata(), std::string(view(of->descriptor().short_name))));
    const auto* simulator = of->table<trb_simulator_v1>(TRB_EXT_SIMULATOR);
    if (all.empty() && simulator != nullptr)
        for (const std::string& story : stories_of(*simulator))
            for (delivery_sample& each : tell(*of, *simulator, {story, wanted_.seed, {}}).deliveries)
                all.push_back(std::move(each));
    deliveries_ = all;
    return all;
}

result<std::vector<delivery_sample>> test_context::accepted() {
    TRIBUTARY_TRY_ASSIGN(all, deliveries());
    TRIBUTARY_TRY_ASSIGN(of, plugin());
    const auto* table = of->table<trb_provider_v1>(TRB_EXT_PROVIDER);
    if (table == nullptr)
        return failure(validator_errc::not_usable, "it is no provider");
    const provider_calls calls(*of, *table);
    std::erase_if(all, [&](const delivery_sample& each) { return !calls.verify(each).accepted(); });
    return all;
}

result<std::vector<delivery_sample>> test_context::some_accepted(std::size_t most) {
    TRIBUTARY_TRY_ASSIGN(all, accepted());
    TRIBUTARY_TRY_ASSIGN(of, plugin());
    const provider_calls calls(*of, *of->table<trb_provider_v1>(TRB_EXT_PROVIDER));
    std::set<std::string> seen;
    std::vector<delivery_sample> chosen;
    for (delivery_sample& each : all)
        if (chosen.size() < most && seen.insert(calls.verify(each).items.front().event_type).second)
            chosen.push_back(std::move(each));
    return chosen;
}

accepted_samples need_accepted(test_context& in, std::size_t most) {
    accepted_samples made;
    made.provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (made.provider.of == nullptr) {
        made.otherwise = made.provider.otherwise;
        return made;
    }
    auto samples = in.some_accepted(most);
    if (!samples)
        made.otherwise = skipped(samples.error().detail);
    else if (samples->empty())
        made.otherwise = skipped("no delivery is accepted: see provider.accepts");
    else
        made.samples = std::move(*samples);
    return made;
}

void test_context::end_plugin() {
    if (plugin_ != nullptr)
        plugin_->end();
}

std::vector<test_case> suite() {
    std::vector<test_case> all;
    for (const auto area :
         {file_tests, descriptor_tests, life_tests, verify_tests, verify_form_tests, normalise_tests,
          expected_tests, simulator_tests, projection_tests, route_tests, action_tests, rule_and_sink_tests})
        for (const test_case& each : area())
            all.push_back(each);
    return all;
}

} // namespace tributary::validator

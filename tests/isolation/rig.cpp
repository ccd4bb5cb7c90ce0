#include "isolation/rig.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace isolation_tests {

void kept_log::write_fields(tributary::log_level, std::string_view event, const tributary::log_field* fields,
                            std::size_t count) {
    std::string line(event);
    for (std::size_t index = 0; index < count; ++index) {
        line.append(" ").append(fields[index].name).append("=");
        if (const auto* text = std::get_if<std::string_view>(&fields[index].value))
            line += *text;
        else
            line += std::to_string(std::get<std::int64_t>(fields[index].value));
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
}

bool kept_log::has(std::string_view part) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

void kept_metrics::count(std::string_view name, labels with, std::uint64_t add) {
    std::string series(name);
    for (const auto& [label, value] : with)
        series.append(&label == &with.begin()->first ? "{" : ",").append(value);
    series += with.size() == 0 ? "" : "}";
    const std::lock_guard lock(mutex_);
    series_[series] += add;
}

std::uint64_t kept_metrics::value(const std::string& series) const {
    const std::lock_guard lock(mutex_);
    const auto found = series_.find(series);
    return found == series_.end() ? 0 : found->second;
}

iso::options rig::short_options() {
    iso::options made;
    made.executable = TRIBUTARY_TEST_PLUGIN_HOST;
    made.memory_bytes = std::int64_t{256} << 20;
    made.deadline_ms = sanitized ? 3000 : 1000;
    made.heartbeat_ms = sanitized ? 500 : 200;
    made.restart_first_ms = 20;
    made.restart_max_ms = 200;
    return made;
}

std::unique_ptr<iso::remote_plugin> rig::start(const std::string& file, std::string_view config) {
    auto made = iso::remote_plugin::start(file, config, with, log, time, random, counters);
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? std::string() : made.error().text()));
    return std::move(*made);
}

std::string rig::refusal(const std::string& file, std::string_view config) {
    auto made = iso::remote_plugin::start(file, config, with, log, time, random, counters);
    return made ? "it started" : made.error().text();
}

delivered::delivered(std::string text, std::string_view signature)
    : body(std::move(text)), signed_with(signature) {
    using tributary::plugins::view;
    header = {TRB_STR("Toy-Signature"), view(std::string_view(signed_with))};
    secret = {TRB_STR("signing"), TRB_STR("toy-signing-secret")};
    connection = {
        sizeof connection, TRB_SANDBOX, TRB_STR("con_1"), TRB_STR("toy:acct_1"), TRB_STR("{}"), &secret, 1};
    record.struct_size = sizeof record;
    record.source = TRB_RECORD_DELIVERY;
    record.received_at_ms = 1'700'000'000'000;
    record.method = TRB_STR("POST");
    record.body = view(std::string_view(body));
    record.headers = &header;
    record.header_count = signed_with.empty() ? 0 : 1;
    record.authentic = 1;
}

std::unique_ptr<transcript> provider_at::verify(const delivered& what) const {
    auto said = std::make_unique<transcript>();
    said->status = table->verify(self, &what.connection, &what.record, 1, sizeof(trb_record), &said->verify,
                                 said->error.sink());
    return said;
}

std::unique_ptr<transcript> provider_at::normalise(const delivered& what) const {
    auto said = std::make_unique<transcript>();
    said->status = table->normalise(self, &what.connection, &what.record, 1, sizeof(trb_record), &said->facts,
                                    said->error.sink());
    return said;
}

provider_at provider_of(const iso::remote_plugin& of) {
    return {static_cast<const trb_provider_v1*>(of.extension(TRB_EXT_PROVIDER)), of.self()};
}

std::string say(const iso::remote_plugin& to, const std::string& body) {
    const delivered what(body);
    const auto said = provider_of(to).verify(what);
    if (said->status == TRB_OK)
        return said->answer;
    return std::string(tributary::plugins::status_name(said->status)) + ": " + said->error.text(said->status);
}

bool wait_until_ready(const iso::remote_plugin& of) {
    for (int turn = 0; turn < 1000; ++turn) {
        if (of.status().ready)
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

} // namespace isolation_tests

// What a call into a plugin costs in this process and in a process of its own, beside the least that any call
// into another process can cost: a byte there and a byte back over a socket pair. Prints a table.
//   bench_isolation [CALLS]
#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/isolation/remote_plugin.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "isolation/told_history.hpp"
#include "plugins/toy/toy_message.hpp"

namespace {

using namespace tributary;
using steady = std::chrono::steady_clock;

constexpr int rounds = 20; ///< All rows take turns, so that what the machine does meanwhile hits all of them.

struct row {
    std::string name;
    std::function<void()> call;
    std::vector<double> took_us{};
};

double quantile(const std::vector<double>& sorted, double part) {
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

/// A process that sends back what it gets.
class echo {
  public:
    explicit echo(std::size_t bytes) : message_(bytes, 'x') {
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
            throw std::runtime_error("no socket pair");
        ours_ = pair[0];
        child_ = ::fork();
        if (child_ != 0) {
            ::close(pair[1]);
            return;
        }
        ::close(pair[0]);
        std::string buffer(bytes, '\0');
        while (pass(pair[1], buffer, false) && pass(pair[1], buffer, true)) {
        }
        ::_exit(0);
    }
    ~echo() {
        ::close(ours_);
        ::waitpid(child_, nullptr, 0);
    }
    echo(const echo&) = delete;
    echo& operator=(const echo&) = delete;

    void ping() {
        if (!pass(ours_, message_, true) || !pass(ours_, message_, false))
            throw std::runtime_error("the echo has ended");
    }

  private:
    static bool pass(int fd, std::string& bytes, bool out) {
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t count = out ? ::send(fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL)
                                      : ::recv(fd, bytes.data() + at, bytes.size() - at, 0);
            if (count <= 0)
                return false;
            at += static_cast<std::size_t>(count);
        }
        return true;
    }

    std::string message_;
    int ours_ = -1;
    pid_t child_ = -1;
};

/// The toys, here and in processes of their own, and what they are called with.
class calls {
  public:
    explicit calls(const std::string& executable)
        : log_(make_null_logger()), set_(*log_, time_, random_, counters_) {
        with_.executable = executable;
        toy_here_ = load(TRIBUTARY_BENCH_TOY);
        fold_here_ = load(TRIBUTARY_BENCH_BAREFOLD);
        toy_there_ = start(TRIBUTARY_BENCH_TOY);
        fold_there_ = start(TRIBUTARY_BENCH_BAREFOLD);
        payment_ = toy::payment("evt_1", "pay_1", 5, 1000).line("customer", "cus_1").text();
        signed_body_ = toy::payment("evt_1", "pay_1", 5, 1000).text();
        while (signed_body_.size() < 1000)
            signed_body_ += "meta.note" + std::to_string(signed_body_.size()) + "=something that fills\n";
        signature_ = toy::sign(signed_body_);
        history_ =
            std::make_unique<isolation_tests::told_history>(toy_here_->provider, toy_here_->self(), bodies());
    }

    std::vector<row> rows() {
        const auto* provider = static_cast<const trb_provider_v1*>(toy_there_->extension(TRB_EXT_PROVIDER));
        const auto* projection =
            static_cast<const trb_projection_v1*>(fold_there_->extension(TRB_EXT_PROJECTION));
        return {{"verify, in the process", [this] { verify(toy_here_->provider, toy_here_->self()); }},
                {"verify, isolated", [this, provider] { verify(provider, toy_there_->self()); }},
                {"normalise, in the process", [this] { normalise(toy_here_->provider, toy_here_->self()); }},
                {"normalise, isolated", [this, provider] { normalise(provider, toy_there_->self()); }},
                {"fold, in the process", [this] { fold(fold_here_->projection, fold_here_->self()); }},
                {"fold, isolated", [this, projection] { fold(projection, fold_there_->self()); }}};
    }

  private:
    plugins::plugin_ptr load(const char* file) {
        auto loaded = set_.load(plugins::request_for(file).value());
        if (!loaded)
            throw std::runtime_error(loaded.error().text());
        return *loaded;
    }
    std::unique_ptr<isolation::remote_plugin> start(const char* file) {
        auto started = isolation::remote_plugin::start(file, "{}", with_, *log_, time_, random_, counters_);
        if (!started)
            throw std::runtime_error(started.error().text());
        return std::move(*started);
    }

    /// Ten facts of one customer; the two payments look up a rate each.
    static std::vector<std::string> bodies() {
        std::vector<std::string> made;
        for (const char* id : {"1", "2"}) {
            made.push_back(toy::payment(std::string("evt_p") + id, std::string("pay_") + id, 10, 1000)
                               .line("customer", "cus_1")
                               .money("total", 1190)
                               .line("line", "li_1 prod_1 1 1000 190 0")
                               .text());
            made.push_back(toy::refund(std::string("evt_r") + id, std::string("re_") + id,
                                       std::string("pay_") + id, 20, 100)
                               .text());
        }
        made.push_back(toy::identity("evt_i", "cus_1", "user_1", 1).text());
        made.push_back(
            toy::item_text("customer", "evt_c", "cus_1").line("time", 1).line("name", "Ada").text());
        made.push_back(toy::item_text("subscription", "evt_s", "sub_1")
                           .line("time", 9)
                           .line("status", "active")
                           .line("period_end", 999)
                           .text());
        for (const char* id : {"1", "2", "3"})
            made.push_back(toy::item_text("lead", std::string("evt_l") + id, std::string("lead_") + id)
                               .line("time", 2)
                               .line("user", "user_1")
                               .text());
        return made;
    }

    static void count(bool good) {
        if (!good)
            throw std::runtime_error("a call failed");
    }

    void verify(const trb_provider_v1* table, void* self) {
        const trb_pair header{TRB_STR("Toy-Signature"), plugins::view(std::string_view(signature_))};
        const trb_secret secret{TRB_STR("signing"), {toy::test_secret.data(), toy::test_secret.size()}};
        const trb_connection connection{
            sizeof connection, TRB_LIVE, TRB_STR("con_1"), TRB_STR("toy:acct_1"), TRB_STR("{}"), &secret, 1};
        trb_record record{};
        record.struct_size = sizeof record;
        record.source = TRB_RECORD_DELIVERY;
        record.headers = &header;
        record.header_count = 1;
        record.body = plugins::view(std::string_view(signed_body_));
        int accepted = 0;
        const trb_verify_sink sink{sizeof sink,
                                   0,
                                   &accepted,
                                   [](void* ctx, const trb_item* item) noexcept {
                                       *static_cast<int*>(ctx) += item->verdict == TRB_ITEM_ACCEPTED;
                                   },
                                   nullptr,
                                   nullptr};
        count(table->verify(self, &connection, &record, 1, sizeof record, &sink, nullptr) == TRB_OK &&
              accepted == 1);
    }

    void normalise(const trb_provider_v1* table, void* self) {
        const trb_connection connection{
            sizeof connection, TRB_LIVE, TRB_STR("con_1"), TRB_STR("toy:acct_1"), TRB_STR("{}"), nullptr, 0};
        trb_record record{};
        record.struct_size = sizeof record;
        record.source = TRB_RECORD_DELIVERY;
        record.body = plugins::view(std::string_view(payment_));
        record.authentic = 1;
        int emitted = 0;
        // Encoded, as the engine does with each fact.
        const trb_fact_sink sink{sizeof sink,
                                 0,
                                 &emitted,
                                 [](void* ctx, const trb_fact* fact) noexcept {
                                     *static_cast<int*>(ctx) +=
                                         facts::encode_fact(*fact, "toy:acct_1").has_value();
                                     return trb_status{TRB_OK};
                                 },
                                 nullptr,
                                 nullptr};
        count(table->normalise(self, &connection, &record, 1, sizeof record, &sink, nullptr) == TRB_OK &&
              emitted == 1);
    }

    struct folded {
        int rows = 0;
        int lookups = 0;
    };
    void fold(const trb_projection_v1* table, void* self) {
        folded seen;
        const trb_fold_sink sink{
            sizeof sink,
            0,
            &seen,
            [](void* ctx, const trb_row*) noexcept { ++static_cast<folded*>(ctx)->rows; },
            [](void*, const trb_measure*) noexcept {},
            [](void*, const trb_message*) noexcept {},
            [](void*, std::int64_t) noexcept {},
            [](void*, const trb_trace_step*) noexcept {},
            [](void* ctx, trb_str, trb_str, std::int64_t, trb_lookup_row_fn answer, void* row_ctx) noexcept {
                ++static_cast<folded*>(ctx)->lookups;
                const trb_cell cells[] = {{TRB_CELL_INTEGER, 0, 0, {}}, {TRB_CELL_INTEGER, 0, 2000, {}}};
                answer(row_ctx, cells, 2);
                return trb_status{TRB_OK};
            }};
        count(table->fold(self, &history_->view(), 100, &sink, nullptr) == TRB_OK && seen.rows == 4 &&
              seen.lookups == 2 && history_->view().fact_count == 10);
    }

    std::unique_ptr<logger> log_;
    system_clock time_;
    seeded_entropy random_{1};
    null_metrics counters_;
    isolation::options with_;
    plugins::plugin_set set_;
    plugins::plugin_ptr toy_here_;
    plugins::plugin_ptr fold_here_;
    std::unique_ptr<isolation::remote_plugin> toy_there_;
    std::unique_ptr<isolation::remote_plugin> fold_there_;
    std::string payment_;
    std::string signed_body_;
    std::string signature_;
    std::unique_ptr<isolation_tests::told_history> history_;
};

void measure(row& one, int count) {
    for (int turn = 0; turn < count; ++turn) {
        const auto before = steady::now();
        one.call();
        one.took_us.push_back(std::chrono::duration<double, std::micro>(steady::now() - before).count());
    }
}

int run(int count) {
    echo small(1);
    echo kilobyte(1024);
    calls plugins(TRIBUTARY_BENCH_PLUGIN_HOST);
    std::vector<row> rows = plugins.rows();
    rows.insert(rows.begin(), {{"socket pair, 1 byte and back", [&] { small.ping(); }},
                               {"socket pair, 1 KiB and back", [&] { kilobyte.ping(); }}});
    for (row& one : rows) { // Warm: pages, branch predictors, the plugin's first allocations.
        measure(one, 1000);
        one.took_us.clear();
    }
    for (int round = 0; round < rounds; ++round)
        for (row& one : rows)
            measure(one, count / rounds);
    std::printf("| | calls | median us | p99 us |\n| --- | ---: | ---: | ---: |\n");
    for (row& one : rows) {
        std::sort(one.took_us.begin(), one.took_us.end());
        std::printf("| %s | %zu | %.1f | %.1f |\n", one.name.c_str(), one.took_us.size(),
                    quantile(one.took_us, 0.5), quantile(one.took_us, 0.99));
    }
    return 0;
}

} // namespace

int main(int count, char** arguments) {
    try {
        return run(count > 1 ? std::max(std::atoi(arguments[1]), rounds) : 20'000);
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "bench_isolation: %s\n", failed.what());
        return 1;
    }
}

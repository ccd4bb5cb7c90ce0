// What evaluating and compiling rules costs, beside the same rules written in C++. Prints a line of JSON for
// each subject; scripts/bench rules makes the report of them, docs/reference/benchmarks.md says what the rows
// mean.
//   bench_rules [--repeats N] [--milliseconds N] [--row ROW] [--subject SUBJECT]
//   bench_rules --work FILE   writes the events, the rules and their answers for other programs, nothing else
#include <tributary/cel/money.hpp>

#include <boost/json.hpp>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "rules/cases.hpp"
#include "rules/counted_memory.hpp"
#include "rules/measure.hpp"
#include "rules/native.hpp"
#include "rules/ours.hpp"

namespace {

using namespace tributary;
using namespace tributary::bench::rules;
using activations = std::vector<cel::activation>;

constexpr std::string_view known[] = {"repeats", "milliseconds", "work", "row", "subject"};
constexpr cel::decimal_rate eighth{125, 1};

/// The events, the programs, and everything that a pass over them needs.
class workload {
  public:
    workload() { check_each_answer(); }

    std::vector<subject> subjects();
    /// Prints how often each row of ours asks for memory. @return whether an evaluation does; compiling may,
    /// and shows that it is counted.
    bool print_allocations();
    void write(const std::string& file) const;

  private:
    void check_each_answer();
    template <class Event, class Answer>
    std::uint64_t sum(const std::vector<Event>& events, Answer answer) const {
        std::uint64_t total = 0;
        for (const Event& each : events)
            total += static_cast<std::uint64_t>(answer(*hidden(&each)));
        return total;
    }
    std::uint64_t evaluate_all(const cel::program& what, activations& events) {
        std::uint64_t total = 0;
        for (cel::activation& each : events)
            total += evaluator_.evaluate(what, each).is_true() ? 1 : 0;
        return total;
    }
    std::uint32_t evaluate_set(cel::activation& event) {
        std::uint32_t met = 0;
        for (std::size_t rule = 0; rule < set_.size(); ++rule)
            met |= std::uint32_t{evaluator_.evaluate(*set_[rule], event).is_true()} << rule;
        return met;
    }
    std::uint64_t sum_of_amounts() {
        std::uint64_t total = 0;
        for (cel::activation& each : mixed_slots_)
            total += static_cast<std::uint64_t>(evaluator_.evaluate(*amount_, each).as_int64());
        return total;
    }
    void add_rule(std::vector<subject>& to, const char* row, const std::vector<sale>& events,
                  activations& slots);
    void add_set(std::vector<subject>& to);

    const std::vector<sale> mixed_ = mixed_sales();
    const std::vector<sale> winning_ = winning_sales();
    const std::vector<sale> one_ = std::vector<sale>(event_count, winning_.front());
    const std::vector<request> requests_ = mixed_requests();
    const sale_rules sales_rules_;
    const request_rules policy_rules_;
    const compiled_rule condition_ = sales_rules_.condition();
    const std::vector<compiled_rule> set_ = sales_rules_.rule_set();
    const compiled_rule amount_ = sales_rules_.amount();
    const compiled_rule policy_ = policy_rules_.policy();
    activations mixed_slots_ = filled(sales_rules_, std::span(mixed_));
    activations winning_slots_ = filled(sales_rules_, std::span(winning_));
    activations one_slots_ = filled(sales_rules_, std::span(one_).first(1));
    activations request_slots_ = filled(policy_rules_, std::span(requests_));
    cel::activation slots_{sales_rules_.slots()};
    cel::evaluator evaluator_;
};

void must_agree(bool same, const char* what) {
    if (!same)
        throw std::runtime_error(std::string("C++ and the rules answer differently: ") + what);
}

void workload::check_each_answer() {
    for (std::size_t i = 0; i < event_count; ++i) {
        must_agree(evaluate_set(mixed_slots_[i]) == native::rule_set(mixed_[i]), "the rule set");
        const cel::value let_in = evaluator_.evaluate(*policy_, request_slots_[i]);
        must_agree(!let_in.is_error() && let_in.is_true() == native::policy(requests_[i]), "the policy");
        const cel::value owed = evaluator_.evaluate(*amount_, mixed_slots_[i]);
        must_agree(owed.is(cel::value_kind::int64) &&
                       owed.as_int64() ==
                           cel::percentage(mixed_[i].amount, eighth, cel::rounding::half_up).value(),
                   "the amount");
        must_agree(evaluator_.evaluate(*condition_, winning_slots_[i]).is_true(), "an event that should win");
    }
}

void workload::add_rule(std::vector<subject>& to, const char* row, const std::vector<sale>& events,
                        activations& slots) {
    const std::uint64_t expected = sum(events, native::condition);
    const std::size_t rounds = event_count / slots.size();
    to.push_back({row, "tributary", "ours", event_count, expected, [this, &slots, rounds] {
                      std::uint64_t total = 0;
                      for (std::size_t round = 0; round < rounds; ++round)
                          total += evaluate_all(*condition_, slots);
                      return total;
                  }});
    to.push_back({row, "C++ if-chain", "limit", event_count, expected,
                  [this, &events] { return sum(events, native::condition); }});
}

void workload::add_set(std::vector<subject>& to) {
    const std::uint64_t met = sum(mixed_, native::rule_set);
    const auto in_cpp = [this] { return sum(mixed_, native::rule_set); };
    to.push_back({row::set, "tributary", "ours", event_count, met, [this] {
                      std::uint64_t total = 0;
                      for (cel::activation& each : mixed_slots_)
                          total += evaluate_set(each);
                      return total;
                  }});
    to.push_back({row::set, "C++ if-chain", "limit", event_count, met, in_cpp});
    to.push_back({row::set_filled, "tributary", "ours", event_count, met, [this] {
                      return sum(mixed_, [this](const sale& each) {
                          slots_.clear();
                          sale_rules::fill(slots_, each);
                          return evaluate_set(slots_);
                      });
                  }});
    to.push_back({row::set_filled, "C++ if-chain", "limit", event_count, met, in_cpp});
}

std::vector<subject> workload::subjects() {
    std::vector<subject> made;
    add_rule(made, row::one, one_, one_slots_);
    add_rule(made, row::winning, winning_, winning_slots_);
    add_rule(made, row::mixed, mixed_, mixed_slots_);
    // The struct of C++ needs no filling: its limit is that of the row before.
    const std::uint64_t met = sum(mixed_, native::condition);
    made.push_back({row::filled, "tributary", "ours", event_count, met, [this] {
                        return sum(mixed_, [this](const sale& each) {
                            slots_.clear();
                            sale_rules::fill_for_condition(slots_, each);
                            return evaluator_.evaluate(*condition_, slots_).is_true();
                        });
                    }});
    made.push_back({row::filled, "C++ if-chain", "limit", event_count, met,
                    [this] { return sum(mixed_, native::condition); }});
    add_set(made);
    const std::uint64_t owed = sum_of_amounts();
    made.push_back(
        {row::amount, "tributary", "ours", event_count, owed, [this] { return sum_of_amounts(); }});
    made.push_back({row::amount, "percentage() alone", "limit", event_count, owed, [this] {
                        return sum(mixed_, [](const sale& each) {
                            return *cel::percentage(each.amount, *hidden(&eighth), cel::rounding::half_up);
                        });
                    }});
    const std::uint64_t let_in = sum(requests_, native::policy);
    made.push_back({row::policy, "tributary", "ours", event_count, let_in,
                    [this] { return evaluate_all(*policy_, request_slots_); }});
    made.push_back({row::policy, "C++ if-chain", "limit", event_count, let_in,
                    [this] { return sum(requests_, native::policy); }});
    made.push_back({row::compile, "tributary", "ours", 1, 1,
                    [this] { return std::uint64_t{sales_rules_.condition() != nullptr}; }, "us"});
    return made;
}

bool workload::print_allocations() {
    bool any = false;
    for (const subject& each : subjects()) {
        if (each.role != "ours")
            continue;
        const std::uint64_t before = allocations();
        (void)each.pass();
        const std::uint64_t asked = allocations() - before;
        any = any || (asked != 0 && each.row != row::compile);
        std::printf(
            "{\"row\":\"%s%s\",\"subject\":\"tributary\",\"role\":\"ours\",\"unit\":\"per evaluation\","
            "\"values\":[%g]}\n",
            row::allocations, each.row.c_str(),
            static_cast<double>(asked) / static_cast<double>(each.evaluations));
    }
    return any;
}

boost::json::object json_of(const sale& from) {
    return {
        {"sale",
         {{"amount", from.amount},
          {"quantity", from.quantity},
          {"productId", from.product_id},
          {"type", from.type}}},
        {"customer",
         {{"country", from.country}, {"source", from.source}, {"subscriptionDurationMonths", from.months}}},
        {"partner", {{"totalSaleAmount", from.partner_total}}}};
}
boost::json::object json_of(const request& from) {
    return {{"ip", from.ip}, {"path", from.path}, {"token", from.token}};
}

/// Events, expressions, and of each event the expressions' answers as bits.
template <class Event, class Answer>
boost::json::object json_of(const char* row, boost::json::array expressions, std::span<const Event> events,
                            Answer answer) {
    boost::json::array told;
    boost::json::array answers;
    for (const Event& each : events) {
        told.push_back(json_of(each));
        answers.push_back(static_cast<std::uint32_t>(answer(each)));
    }
    return {{"row", row},
            {"expressions", std::move(expressions)},
            {"events", std::move(told)},
            {"answers", std::move(answers)}};
}

void workload::write(const std::string& file) const {
    boost::json::array all;
    for (const rule_text& each : rule_set)
        all.push_back(each.cel);
    const boost::json::array one{condition.cel};
    const boost::json::array cases{json_of(row::one, one, std::span(one_), native::condition),
                                   json_of(row::winning, one, std::span(winning_), native::condition),
                                   json_of(row::mixed, one, std::span(mixed_), native::condition),
                                   json_of(row::set, all, std::span(mixed_), native::rule_set),
                                   json_of(row::policy, {policy.cel}, std::span(requests_), native::policy)};
    std::ofstream out(file);
    out << boost::json::object{{"cases", cases},
                               {"compile", {{"row", row::compile}, {"expression", condition.cel}}}};
    if (!out.flush())
        throw std::runtime_error("cannot write " + file);
}

int run(const bench::arguments& given) {
    workload work;
    if (given.has("work")) {
        work.write(given.text("work"));
        return 0;
    }
    auto all = work.subjects();
    // Only some, for a profiler.
    std::erase_if(all, [&](const subject& each) {
        return each.row != given.text_or("row", each.row) || each.name != given.text_or("subject", each.name);
    });
    measure(all, static_cast<int>(given.number_or("repeats", 5, 1, 1000)),
            std::chrono::milliseconds(given.number_or("milliseconds", 20, 1, 10'000)));
    if (work.print_allocations()) {
        std::fprintf(stderr, "bench_rules: an evaluation asked for memory\n");
        return 2;
    }
    return 0;
}

} // namespace

int main(int count, char** values) {
    try {
        return run(bench::arguments(count, values, known));
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "bench_rules: %s\n", failed.what());
        return 1;
    }
}

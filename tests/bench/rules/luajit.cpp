// The rules in LuaJIT, in this process, over the same events: called from C++ once for each event, as an
// embedder does. Prints lines as bench_rules does.
//   bench_rules_luajit [--repeats N] [--milliseconds N]
#include <algorithm>
#include <cstdio>
#include <lua.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "cases.hpp"
#include "measure.hpp"
#include "native.hpp"

namespace {

using namespace tributary::bench;
using namespace tributary::bench::rules;

constexpr std::string_view known[] = {"repeats", "milliseconds"};
using reference = int; ///< To a Lua value that is kept.

/// A Lua state, and functions and tables in it.
class lua {
  public:
    lua() : state_(luaL_newstate(), lua_close) {
        if (!state_)
            throw std::runtime_error("no Lua state");
        luaL_openlibs(state_.get());
    }

    /// Leaves the chunk's function on the stack.
    void push_compiled(const std::string& chunk) {
        if (luaL_loadbuffer(get(), chunk.data(), chunk.size(), "=rule") != 0 ||
            lua_pcall(get(), 0, 1, 0) != 0)
            throw std::runtime_error(lua_tostring(get(), -1));
    }
    reference compile(const rule_text& from) {
        push_compiled(from.lua_chunk());
        return keep();
    }
    /// Takes what is on top of the stack.
    reference keep() { return luaL_ref(get(), LUA_REGISTRYINDEX); }
    void push(reference kept) { lua_rawgeti(get(), LUA_REGISTRYINDEX, kept); }

    /// Calls it with the table on top of the stack, which stays there; leaves the result above it.
    void call(reference function) {
        push(function);
        lua_pushvalue(get(), -2);
        lua_call(get(), 1, 1);
    }
    bool ask(reference function) {
        call(function);
        const bool answer = lua_toboolean(get(), -1) != 0;
        lua_pop(get(), 1);
        return answer;
    }
    std::uint64_t ask_number(reference function) {
        call(function);
        const auto answer = static_cast<std::uint64_t>(lua_tonumber(get(), -1));
        lua_pop(get(), 1);
        return answer;
    }
    void pop() { lua_pop(get(), 1); }

    void set(const char* name, std::int64_t number) {
        lua_pushinteger(get(), number);
        lua_setfield(get(), -2, name);
    }
    void set(const char* name, const std::string& text) {
        lua_pushlstring(get(), text.data(), text.size());
        lua_setfield(get(), -2, name);
    }
    void begin_table(int fields) { lua_createtable(get(), 0, fields); }
    void end_table(const char* name) { lua_setfield(get(), -2, name); }
    lua_State* get() { return state_.get(); }

  private:
    std::unique_ptr<lua_State, decltype(&lua_close)> state_;
};

void push_table(lua& in, const sale& from) {
    in.begin_table(3);
    in.begin_table(4);
    in.set("amount", from.amount);
    in.set("quantity", from.quantity);
    in.set("productId", from.product_id);
    in.set("type", from.type);
    in.end_table("sale");
    in.begin_table(3);
    in.set("country", from.country);
    in.set("source", from.source);
    in.set("subscriptionDurationMonths", from.months);
    in.end_table("customer");
    in.begin_table(1);
    in.set("totalSaleAmount", from.partner_total);
    in.end_table("partner");
}

/// Only what the condition reads.
void push_table_for_condition(lua& in, const sale& from) {
    in.begin_table(2);
    in.begin_table(2);
    in.set("amount", from.amount);
    in.set("productId", from.product_id);
    in.end_table("sale");
    in.begin_table(1);
    in.set("country", from.country);
    in.end_table("customer");
}

void push_table(lua& in, const request& from) {
    in.begin_table(3);
    in.set("ip", from.ip);
    in.set("path", from.path);
    in.set("token", from.token);
}

class workload {
  public:
    workload() {
        for (const rule_text& each : rule_set)
            set_.push_back(lua_.compile(each));
        condition_ = set_.front();
        policy_ = lua_.compile(policy);
        amount_ = lua_.compile(amount);
        mixed_tables_ = tables(mixed_);
        winning_tables_ = tables(winning_);
        request_tables_ = tables(requests_);
    }
    std::vector<subject> subjects();

  private:
    template <class Event> std::vector<reference> tables(const std::vector<Event>& events) {
        std::vector<reference> made;
        for (const Event& each : events) {
            push_table(lua_, each);
            made.push_back(lua_.keep());
        }
        return made;
    }
    /// The sum of what `answer` gives with each table on top of the stack.
    template <class Answer> std::uint64_t sum(const std::vector<reference>& events, Answer answer) {
        std::uint64_t total = 0;
        for (const reference each : events) {
            lua_.push(each);
            total += answer();
            lua_.pop();
        }
        return total;
    }
    template <class Push, class Answer> std::uint64_t sum_built(Push push, Answer answer) {
        std::uint64_t total = 0;
        for (const sale& each : mixed_) {
            push(lua_, each);
            total += answer();
            lua_.pop();
        }
        return total;
    }
    std::uint32_t ask_set() {
        std::uint32_t met = 0;
        for (std::size_t rule = 0; rule < set_.size(); ++rule)
            met |= std::uint32_t{lua_.ask(set_[rule])} << rule;
        return met;
    }
    std::uint64_t compile_condition() {
        lua_.push_compiled(condition.lua_chunk());
        lua_.pop();
        return 1;
    }

    lua lua_;
    const std::vector<sale> mixed_ = mixed_sales();
    const std::vector<sale> winning_ = winning_sales();
    const std::vector<request> requests_ = mixed_requests();
    std::vector<reference> mixed_tables_;
    std::vector<reference> winning_tables_;
    std::vector<reference> request_tables_;
    std::vector<reference> set_;
    reference condition_ = LUA_NOREF;
    reference policy_ = LUA_NOREF;
    reference amount_ = LUA_NOREF;
};

/// What C++ answers, which bench_rules has found to be what the rules answer.
template <class Event, class Answer> std::uint64_t expected(const std::vector<Event>& events, Answer answer) {
    std::uint64_t total = 0;
    for (const Event& each : events)
        total += answer(each);
    return total;
}

std::vector<subject> workload::subjects() {
    std::vector<subject> made;
    const auto add = [&made](const char* row, std::uint64_t sum, std::function<std::uint64_t()> pass) {
        made.push_back({row, "LuaJIT", "peer", event_count, sum, std::move(pass)});
    };
    const auto condition_met = [this] { return std::uint64_t{lua_.ask(condition_)}; };
    const std::uint64_t met = expected(mixed_, native::condition);
    const std::uint64_t set_met = expected(mixed_, native::rule_set);
    add(row::one, event_count, [this, condition_met] {
        return sum(std::vector<reference>(event_count, winning_tables_.front()), condition_met);
    });
    add(row::winning, event_count, [this, condition_met] { return sum(winning_tables_, condition_met); });
    add(row::mixed, met, [this, condition_met] { return sum(mixed_tables_, condition_met); });
    add(row::filled, met,
        [this, condition_met] { return sum_built(push_table_for_condition, condition_met); });
    add(row::set, set_met, [this] { return sum(mixed_tables_, [this] { return ask_set(); }); });
    add(row::set_filled, set_met, [this] {
        return sum_built([](lua& in, const sale& from) { push_table(in, from); },
                         [this] { return ask_set(); });
    });
    add(row::amount,
        expected(mixed_,
                 [](const sale& each) { return static_cast<std::uint64_t>(each.amount * 125 + 500) / 1000; }),
        [this] { return sum(mixed_tables_, [this] { return lua_.ask_number(amount_); }); });
    add(row::policy, expected(requests_, native::policy),
        [this] { return sum(request_tables_, [this] { return std::uint64_t{lua_.ask(policy_)}; }); });
    made.push_back({row::compile, "LuaJIT", "peer", 1, 1, [this] { return compile_condition(); }, "us"});
    return made;
}

} // namespace

int main(int count, char** values) {
    try {
        const arguments given(count, values, known);
        workload work;
        auto all = work.subjects();
        measure(all, static_cast<int>(given.number_or("repeats", 5, 1, 1000)),
                std::chrono::milliseconds(given.number_or("milliseconds", 20, 1, 10'000)));
        return 0;
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "bench_rules_luajit: %s\n", failed.what());
        return 1;
    }
}

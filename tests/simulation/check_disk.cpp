#include "simulation/check_disk.hpp"

#include <array>

namespace tributary::test {

namespace {

using storage::row;

ledger::record_name name_of(const std::string& connection, const told_item& item) {
    return {connection, item.key, std::string(as_bytes(item.digest))};
}

std::vector<std::int64_t> months(const disk_reader& disk) {
    std::vector<std::int64_t> found;
    disk.query("SELECT month FROM click_month", [&](const row& from) { found.push_back(from.integer(0)); });
    return found;
}

/// Rounded half up; neither argument is negative, and the simulation's amounts are far from the limit.
std::int64_t share_of(std::int64_t minor, std::int64_t bps) {
    return (minor * bps + 5000) / 10'000;
}

/// One row of toyfold_payment against exact arithmetic.
void check_payment(const row& from) {
    const std::string id(from.text(0));
    const auto wrong = [&](const std::string& why) {
        throw broken_promise("promise 3: payment " + id + ": " + why);
    };
    for (int column = 1; column <= 5; ++column)
        if (!from.is_integer(column) && !from.is_null(column))
            wrong("amount " + std::to_string(column) + " is no integer");
    const std::int64_t cash = from.integer(1);
    const std::int64_t refunded = from.integer(2);
    const std::int64_t net = from.integer(3);
    if (net != std::max<std::int64_t>(0, cash - refunded))
        wrong("the net is not what was paid less what went back");
    if (from.integer(5) != (from.is_null(4) ? 0 : share_of(net, from.integer(4))))
        wrong("the share is not the rate of the net, rounded half up");
    const std::string_view currency = from.text(6);
    const std::int64_t expected = currency == "JPY" || currency.empty() ? 0 : currency == "KWD" ? 3 : 2;
    if (from.integer(7) != expected)
        wrong("the currency " + std::string(currency) + " has another exponent");
}

} // namespace

void disk_reader::query(std::string_view sql, const storage::row_function& each) const {
    must(session_->query({"simulation.look", sql}, {}, each));
}

std::int64_t disk_reader::number(std::string_view sql) const {
    std::int64_t found = -1;
    query(sql, [&](const row& from) { found = from.is_null(0) ? -1 : from.integer(0); });
    return found;
}

std::string disk_reader::text(std::string_view sql) const {
    std::string lines;
    query(sql, [&](const row& from) {
        for (int column = 0; column < from.columns(); ++column) {
            lines += column == 0 ? "" : "|";
            lines += from.is_null(column) ? std::string_view("-") : from.text(column);
        }
        lines += "\n";
    });
    return lines;
}

void ledger::tell(const std::string& connection, const telling& what) {
    for (const told_item& item : what.items)
        told[name_of(connection, item)].insert(what.body);
}

void ledger::acknowledge(const std::string& connection, const telling& what) {
    for (const told_item& item : what.items)
        acknowledged.insert(name_of(connection, item));
}

void ledger::acknowledge(space in, const people::errand& what) {
    switch (what.what) {
    case people::deed::click: clicks.insert({in, what.click.id}); break;
    case people::deed::payment: calls.insert({in, what.key}); break;
    case people::deed::rate: rates[{in, what.currency, what.effective_from}] = what.bps; break;
    }
}

// Promise 1: a 2xx to a provider means the raw delivery is on stable storage. And promise 2's first half: the
// same key with the same bytes is there once, the same key with other bytes beside it.
void check_inbox(const disk_reader& disk, const ledger& said) {
    std::map<std::int64_t, std::string> bodies;
    std::set<ledger::record_name> found;
    std::set<ledger::named> calls;
    disk.query("SELECT inbox_id, connection_id, dedupe_key, digest, source, part_of, body, workspace_id, "
               "environment FROM inbox ORDER BY inbox_id",
               [&](const row& from) {
                   ledger::record_name name{from.text(1), from.text(2), from.text(3)};
                   const std::string shown = std::get<0>(name) + " " + std::get<1>(name);
                   const auto source = static_cast<inbox::source>(from.integer(4));
                   const bool is_new =
                       source == inbox::source::call
                           ? calls.insert({{from.integer(7), from.integer(8)}, std::get<1>(name)}).second
                           : found.insert(name).second;
                   if (!is_new)
                       throw broken_promise("promise 2: " + shown + " is in the inbox twice");
                   if (source != inbox::source::delivery)
                       return;
                   const std::string& body = bodies[from.integer(0)] =
                       from.is_null(5) ? std::string(from.text(6)) : bodies[from.integer(5)];
                   const auto told = said.told.find(name);
                   if (told == said.told.end() || !told->second.contains(body))
                       throw broken_promise("promise 1: " + shown + " is not what was delivered");
               });
    for (const ledger::record_name& name : said.acknowledged)
        if (!found.contains(name))
            throw broken_promise("promise 1: " + std::get<0>(name) + " " + std::get<1>(name) +
                                 " was acknowledged and is not in the inbox");
    for (const auto& [in, key] : said.calls)
        if (!calls.contains({in, key}))
            throw broken_promise("promise 1: the call " + key + " was answered and is not in the inbox");
    for (const auto& [in, key] : said.refused)
        if (calls.contains({in, key}))
            throw broken_promise("promise 5: the call " + key + " was refused and is in the inbox");
}

// What a person was told is done is done (promise 4): clicks are recorded, rates are set.
void check_clicks_and_registers(const disk_reader& disk, const ledger& said) {
    std::set<ledger::named> found;
    for (const std::int64_t month : months(disk))
        disk.query("SELECT workspace_id, environment, click_id FROM click_" + std::to_string(month),
                   [&](const row& from) {
                       ledger::named name{{from.integer(0), from.integer(1)}, std::string(from.text(2))};
                       if (!found.insert(name).second)
                           throw broken_promise("promise 2: click " + name.second + " was counted twice");
                   });
    for (const ledger::named& name : said.clicks)
        if (!found.contains(name))
            throw broken_promise("promise 4: click " + name.second + " was answered and is gone");
    std::map<std::tuple<space, std::string, time_ms>, std::int64_t> rates;
    disk.query("SELECT workspace_id, environment, key, effective_from, value FROM toyfold_rate",
               [&](const row& from) {
                   rates[{{from.integer(0), from.integer(1)}, std::string(from.text(2)), from.integer(3)}] =
                       from.integer(4);
               });
    for (const auto& [name, bps] : said.rates) {
        const auto set = rates.find(name);
        if (set == rates.end() || set->second != bps)
            throw broken_promise("promise 4: a rate of " + std::get<1>(name) + " was set and is gone");
    }
}

// Promise 3: integers in minor units, the currency's own exponent, no double on the way.
void check_money(const disk_reader& disk) {
    disk.query("SELECT row_id, cash_minor, refunded_minor, net_minor, rate_bps, share_minor, currency, "
               "exponent FROM toyfold_payment",
               check_payment);
    if (disk.number("SELECT COUNT(*) FROM rollup WHERE typeof(value) <> 'integer'") != 0)
        throw broken_promise("promise 3: a sum is no integer");
}

// Promise 4, cheaply: a transaction is on the disk as a whole or not at all, so that at each moment the sums
// are those of the rows and clicks.
void check_sums(const disk_reader& disk) {
    std::string expected = disk.text(
        "SELECT workspace_id, environment, currency, SUM(net_minor) FROM toyfold_payment WHERE status = 2 "
        "GROUP BY 1, 2, 3 HAVING SUM(net_minor) <> 0 ORDER BY 1, 2, 3");
    expected += disk.text("SELECT workspace_id, environment, COUNT(*) FROM toyfold_payment WHERE status = 2 "
                          "AND currency <> '' GROUP BY 1, 2 ORDER BY 1, 2");
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> clicks;
    for (const std::int64_t month : months(disk))
        disk.query("SELECT workspace_id, environment, COUNT(*) FROM click_" + std::to_string(month) +
                       " GROUP BY 1, 2",
                   [&](const row& from) {
                       clicks[{from.integer(0), from.integer(1)}] += from.integer(2);
                   });
    for (const auto& [in, count] : clicks)
        expected +=
            std::to_string(in.first) + "|" + std::to_string(in.second) + "|" + std::to_string(count) + "\n";
    std::string got =
        disk.text("SELECT workspace_id, environment, currency, SUM(value) FROM rollup WHERE "
                  "measure = 'toy.net' GROUP BY 1, 2, 3 HAVING SUM(value) <> 0 ORDER BY 1, 2, 3");
    for (const char* measure : {"toy.payments", "clicks"})
        got += disk.text("SELECT workspace_id, environment, SUM(value) FROM rollup WHERE measure = '" +
                         std::string(measure) + "' GROUP BY 1, 2 HAVING SUM(value) <> 0 ORDER BY 1, 2");
    if (got != expected)
        throw broken_promise("promise 4: the sums are\n" + got + "and the rows say\n" + expected);
}

// Promise 4: a restart needs no hand: what was begun is found and done; and a death is nobody's error.
void check_settled(const disk_reader& disk, time_ms now_ms) {
    const std::array<std::pair<std::string, std::string>, 4> nothing_left{{
        {"records to normalise", "SELECT COUNT(*) FROM inbox WHERE state = 0"},
        {"marked subjects", "SELECT COUNT(*) FROM dirty_subject"},
        {"wake times that have come",
         "SELECT COUNT(*) FROM derivation WHERE wake_at <= " + std::to_string(now_ms)},
        {"failed folds", "SELECT COUNT(*) FROM derivation WHERE failure IS NOT NULL"},
    }};
    for (const auto& [what, sql] : nothing_left)
        if (const std::int64_t left = disk.number(sql); left != 0)
            throw broken_promise("promise 4: " + std::to_string(left) + " " + what + " are left");
}

} // namespace tributary::test

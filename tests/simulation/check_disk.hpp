#pragma once

#include <tributary/storage/storage.hpp>

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "simulation/people.hpp"
#include "simulation/provider_model.hpp"

namespace tributary::test {

/// A promise that was not kept: which, and what was seen.
struct broken_promise : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads what is on the disk from outside; whoever looks cannot die.
class disk_reader {
  public:
    explicit disk_reader(storage::database& disk) : session_(must(disk.open_reader())) {}

    void query(std::string_view sql, const storage::row_function& each) const;
    std::int64_t number(std::string_view sql) const;
    /// Cells separated by '|', rows by line feeds.
    std::string text(std::string_view sql) const;

  private:
    std::unique_ptr<storage::session> session_;
};

/// What was said to us, and what of it we have acknowledged.
struct ledger {
    using record_name = std::tuple<std::string, std::string, std::string>; ///< connection, key, digest
    using named = std::pair<space, std::string>;

    /// The bodies that hold an item. Owned by the tellings.
    std::map<record_name, std::set<std::string_view>> told;
    std::set<record_name> acknowledged;
    std::set<named> clicks;  ///< acknowledged
    std::set<named> calls;   ///< acknowledged keys
    std::set<named> refused; ///< keys of calls that were given up
    std::map<std::tuple<space, std::string, time_ms>, std::int64_t> rates; ///< acknowledged

    void tell(const std::string& connection, const telling& what);
    void acknowledge(const std::string& connection, const telling& what);
    void acknowledge(space in, const people::errand& what);
};

/// What holds after every commit, whatever was going on. Throws broken_promise.
void check_inbox(const disk_reader& disk, const ledger& said);
void check_clicks_and_registers(const disk_reader& disk, const ledger& said);
void check_money(const disk_reader& disk);
void check_sums(const disk_reader& disk);

/// What holds when nothing is left to do.
void check_settled(const disk_reader& disk, time_ms now_ms);

} // namespace tributary::test

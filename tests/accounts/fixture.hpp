#pragma once

#include <tributary/accounts/api_keys.hpp>
#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/domains.hpp>
#include <tributary/accounts/secret_box.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/storage/storage.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace tributary::accounts {

/// Found by Boost.Test.
inline std::ostream& boost_test_print_type(std::ostream& out, accounts_errc code) {
    return out << make_error_code(code);
}

} // namespace tributary::accounts

namespace tributary::accounts::test {

/// Stands still until it is told to go.
class manual_clock final : public clock {
  public:
    time_ms now_ms() const override { return now; }
    time_ms now = 1'700'000'000'000;
};

/// The value, or a failed test that says why.
template <class T> T must(result<T> from) {
    BOOST_REQUIRE_MESSAGE(from.has_value(), from.error().text());
    return std::move(from).value();
}
inline void must(result<void> from) {
    BOOST_REQUIRE_MESSAGE(from.has_value(), from.error().text());
}

/// The code of a failure; a failed test when there is none.
template <class T> error_code code_of(const result<T>& from) {
    BOOST_REQUIRE_MESSAGE(!from.has_value(), "succeeded");
    return from.error().code;
}

/// An empty database with the core's schema, and what accounts need to work.
struct fixture {
    fixture() {
        storage::sqlite_options options;
        options.on_prepare = [this](std::string_view sql) { prepared.emplace_back(sql); };
        database = must(storage::open_sqlite(options));
        session = must(database->open_writer());
        must(storage::migrate(*database, *session, "core", storage::core_migrations(), time.now));
    }

    accounts::workspaces workspaces() { return {*session, time, random, box}; }
    accounts::api_keys keys() { return {*session, time, random}; }
    accounts::connections connections() { return {*session, time, random, box}; }
    accounts::domains domains() { return {*session, time}; }

    std::vector<std::string> prepared;
    manual_clock time;
    seeded_entropy random{7};
    master_key today{master_key::generate(random)};
    secret_box box{today};
    std::unique_ptr<storage::database> database;
    std::unique_ptr<storage::session> session;
};

} // namespace tributary::accounts::test

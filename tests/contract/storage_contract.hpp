#pragma once

#include <tributary/storage/storage.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// The contract that every storage backend passes: what core and plugins may rely on.
///
/// A test file of a backend defines
///
///     struct my_backend {
///         static constexpr bool isolates_readers = true; // a reader's transaction is a snapshot
///         result<std::unique_ptr<database>> open();      // an empty database; it may be called once
///     };
///     using storage_backends = std::tuple<my_backend>;
///
/// in the namespace tributary::storage, and then includes this header and the storage_*_contract.hpp beside
/// it: every test case in them runs once for each backend.
namespace tributary::storage {

/// How Boost.Test shows a code in a failed check.
inline std::ostream& boost_test_print_type(std::ostream& out, storage_errc code) {
    return out << make_error_code(code);
}

} // namespace tributary::storage

namespace tributary::storage::contract {

/// The code a call failed with; the zero code if it did not fail.
template <class T> error_code code_of(const result<T>& outcome) {
    return outcome ? error_code{} : outcome.error().code;
}

template <class T> std::string text_of(const result<T>& outcome) {
    return outcome ? std::string{} : outcome.error().text();
}

template <class T> void require_success(const result<T>& outcome) {
    BOOST_REQUIRE_MESSAGE(outcome.has_value(), text_of(outcome));
}

template <class T> T require_value(result<T> outcome) {
    BOOST_REQUIRE_MESSAGE(outcome.has_value(), text_of(outcome));
    return std::move(outcome).value();
}

inline result<std::uint64_t> execute(session& on, std::string_view sql, std::vector<value> parameters = {}) {
    return on.execute({"test.execute", sql}, parameters);
}

/// The rows as one text, "1|a; 2|NULL": comparing plain strings keeps these tests quick to compile.
inline std::string rows(session& on, std::string_view sql, std::vector<value> parameters = {}) {
    std::string found;
    const auto outcome = on.query({"test.query", sql}, parameters, [&](const row& each) {
        found += found.empty() ? "" : "; ";
        for (int column = 0; column < each.columns(); ++column) {
            found += column ? "|" : "";
            found += each.is_null(column) ? "NULL" : each.text(column);
        }
    });
    require_success(outcome);
    return found;
}

/// A database with one table, item(id, name, size), empty.
template <class Backend> struct storage_fixture {
    Backend backend;
    std::unique_ptr<database> db = require_value(backend.open());
    std::unique_ptr<session> writer = require_value(db->open_writer());

    storage_fixture() {
        script(
            "CREATE TABLE item (id BIGINT NOT NULL PRIMARY KEY, name TEXT, size BIGINT CHECK (size >= 0));");
    }

    void script(std::string_view portable_sql) {
        require_success(writer->execute_script(db->dialect(portable_sql)));
    }
    void add(std::int64_t id, value name = {}, value size = {}) {
        require_success(
            execute(*writer, "INSERT INTO item (id, name, size) VALUES ($1, $2, $3)", {id, name, size}));
    }
    std::string ids(session& from) { return rows(from, "SELECT id FROM item ORDER BY id"); }
    std::string ids() { return ids(*writer); }
};

} // namespace tributary::storage::contract

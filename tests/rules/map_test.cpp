#include <tributary/cel/arena.hpp>
#include <tributary/cel/map.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>
#include <vector>

using namespace tributary::cel;

BOOST_AUTO_TEST_SUITE(maps)

namespace {

value map_of(arena& memory, const std::vector<map_entry>& entries) {
    return make_map(memory, entries);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_key_is_found_whatever_type_of_number_asks_for_it) {
    for (const int size : {1, 8, 9, 300}) { // Without and with an index.
        arena memory(1 << 20);
        std::vector<map_entry> entries;
        for (int i = 0; i < size; ++i)
            entries.push_back({i % 2 == 0 ? value::int64(i) : value::uint64(static_cast<std::uint64_t>(i)),
                               value::int64(i * 10)});
        const value made = map_of(memory, entries);
        BOOST_REQUIRE(made.is(value_kind::map));
        for (int i = 0; i < size; ++i) {
            for (const value& key :
                 {value::int64(i), value::uint64(static_cast<std::uint64_t>(i)), value::float64(i)}) {
                const value* found = find(made.as_map(), key);
                BOOST_REQUIRE(found != nullptr);
                BOOST_TEST(found->as_int64() == i * 10);
            }
            BOOST_TEST(find(made.as_map(), value::float64(i + 0.5)) == nullptr);
        }
        BOOST_TEST(find(made.as_map(), value::int64(size)) == nullptr);
        BOOST_TEST(find(made.as_map(), value::string("1")) == nullptr);
        BOOST_TEST(find(made.as_map(), value::null()) == nullptr);
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_comes_twice_is_refused_across_types_too) {
    arena memory(1 << 20);
    std::vector<map_entry> entries = {{value::int64(1), value::null()}, {value::uint64(1), value::null()}};
    BOOST_TEST((map_of(memory, entries).error_code() == evaluation_errc::duplicate_key));
    entries.clear();
    for (int i = 0; i < 20; ++i)
        entries.push_back({value::int64(i), value::null()});
    entries.push_back({value::uint64(7), value::null()});
    BOOST_TEST((map_of(memory, entries).error_code() == evaluation_errc::duplicate_key));
}

BOOST_AUTO_TEST_CASE(a_double_or_null_is_no_key) {
    arena memory(1 << 20);
    for (const value& key : {value::float64(1), value::null(), value::bytes("a"), value::list({})}) {
        const std::vector<map_entry> entries = {{key, value::null()}};
        BOOST_TEST((map_of(memory, entries).error_code() == evaluation_errc::no_such_overload));
    }
}

BOOST_AUTO_TEST_CASE(numbers_beyond_the_range_of_int_are_told_apart) {
    arena memory(1 << 20);
    std::vector<map_entry> entries;
    for (int i = 0; i < 12; ++i)
        entries.push_back(
            {value::uint64(std::numeric_limits<std::uint64_t>::max() - static_cast<unsigned>(i)),
             value::int64(i)});
    entries.push_back({value::int64(-1), value::int64(99)});
    const value made = map_of(memory, entries);
    BOOST_REQUIRE(made.is(value_kind::map));
    BOOST_TEST(find(made.as_map(), value::int64(-1))->as_int64() == 99);
    BOOST_TEST(find(made.as_map(), value::uint64(std::numeric_limits<std::uint64_t>::max()))->as_int64() ==
               0);
    BOOST_TEST(find(made.as_map(), value::float64(18446744073709551616.0)) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_map_that_does_not_fit_says_so) {
    arena memory(64);
    std::vector<map_entry> entries;
    for (int i = 0; i < 20; ++i)
        entries.push_back({value::int64(i), value::null()});
    BOOST_TEST((map_of(memory, entries).error_code() == evaluation_errc::memory_limit));
}

BOOST_AUTO_TEST_SUITE_END()

#include <tributary/cel/arena.hpp>

#include <boost/test/unit_test.hpp>

#include <vector>

using tributary::cel::arena;

BOOST_AUTO_TEST_SUITE(arenas)

namespace {

/// How many of these requests are met, one after the other.
std::size_t met(arena& memory, const std::vector<std::size_t>& requests) {
    std::size_t count = 0;
    for (const std::size_t bytes : requests)
        count += memory.allocate(bytes) != nullptr ? 1 : 0;
    return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_fits_does_not_depend_on_what_was_before) {
    const std::vector<std::vector<std::size_t>> uses = {
        {600'000},   {8, 8, 8},   {1000, 2000, 4000, 8000},     {100'000, 100'000}, {1, 1'048'568},
        {1'048'576}, {1'048'577}, {500'000, 500'000, 48'576, 1}};
    std::vector<std::size_t> fresh;
    for (const auto& each : uses) {
        arena memory(1 << 20);
        fresh.push_back(met(memory, each));
    }
    BOOST_TEST((fresh == std::vector<std::size_t>{1, 3, 4, 2, 2, 1, 0, 3}));
    arena kept(1 << 20);
    for (int round = 0; round < 3; ++round)
        for (std::size_t i = 0; i < uses.size(); ++i) {
            const std::size_t use = round == 1 ? uses.size() - 1 - i : i;
            kept.reset();
            BOOST_TEST(met(kept, uses[use]) == fresh[use], "use " << use << " in round " << round);
        }
}

BOOST_AUTO_TEST_CASE(pieces_do_not_overlap_and_are_aligned) {
    arena memory(1 << 16);
    for (int round = 0; round < 2; ++round) {
        memory.reset();
        char* end = nullptr;
        for (std::size_t bytes = 0; bytes < 300; ++bytes) {
            char* const place = static_cast<char*>(memory.allocate(bytes));
            BOOST_REQUIRE(place != nullptr);
            BOOST_TEST(reinterpret_cast<std::uintptr_t>(place) % 8 == 0U);
            BOOST_TEST((place >= end || end - place > 1000)); // Behind the last one, or in another block.
            std::fill(place, place + bytes, 'x');
            end = place + bytes;
        }
    }
}

BOOST_AUTO_TEST_CASE(sizes_that_no_memory_has_are_refused) {
    arena memory(1 << 16);
    for (const std::size_t bytes :
         {~std::size_t{0}, ~std::size_t{0} - 7, std::size_t{1} << 63, std::size_t{65'537}})
        BOOST_TEST(memory.allocate(bytes) == nullptr);
    BOOST_TEST((memory.make_array<std::uint64_t>(~std::size_t{0} / 4).data() == nullptr));
    BOOST_TEST(memory.allocate(65'536) != nullptr);
    BOOST_TEST(memory.allocate(1) == nullptr);
    BOOST_TEST((arena(0).make_array<int>(0).data() == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

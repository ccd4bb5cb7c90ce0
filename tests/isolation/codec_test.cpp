// The frames' codec: what is written is read again exactly, and nothing that can be sent reads beyond its
// end.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>

#include "facts/members.hpp"
#include "isolation/abi_codec.hpp"
#include "isolation/description.hpp"
#include "isolation/forwarded.hpp"
#include "isolation/frame.hpp"
#include "isolation/rig.hpp"

namespace {

using namespace isolation_tests;
using namespace tributary;

/// A payment that states some members as zero, some not at all, and has something of each type.
struct sample_payment {
    sample_payment() {
        body.struct_size = sizeof body;
        body.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_FEE) | TRB_BIT(TRB_PAYMENT_LINES) |
                       TRB_BIT(TRB_PAYMENT_METADATA) | TRB_BIT(TRB_PAYMENT_EMAIL) | TRB_BIT(63);
        body.fee = {-5, "USD", 2};
        line.struct_size = sizeof line;
        line.id = TRB_STR("li_1");
        line.quantity = 3;
        line.proration = 1;
        body.lines = &line;
        body.line_count = 1;
        body.line_stride = sizeof line;
        body.metadata = &entry;
        body.metadata_count = 1;
        body.tax = {77, "EUR", 2}; // not stated: says nothing
        fact.struct_size = sizeof fact;
        fact.kind = TRB_KIND_PAYMENT;
        fact.document_id = TRB_STR("pay_1");
        fact.claims = &claim;
        fact.claim_count = 1;
        fact.body = &body;
    }
    sample_payment(const sample_payment&) = delete;
    sample_payment& operator=(const sample_payment&) = delete;

    trb_line line{};
    trb_pair entry{TRB_STR("name"), TRB_STR("value\0with a NUL")};
    trb_claim claim{TRB_CLAIM_SHARED, 0, TRB_STR("customer"), TRB_STR("cus_1")};
    trb_payment body{};
    trb_fact fact{};
};

std::string written(const trb_fact& fact) {
    iso::writer out;
    transfer(out, fact);
    BOOST_TEST(out.ok());
    return std::string(out.bytes());
}

/// Reads bytes as each thing that can come in, and touches what it got.
std::size_t read_as_everything(std::string_view bytes) {
    std::size_t understood = 0;
    const auto read_one = [&](auto value) {
        std::pmr::monotonic_buffer_resource arena;
        iso::reader in(bytes, arena);
        transfer(in, value);
        if (in.ok()) {
            iso::writer again; // Walks everything that was read.
            transfer(again, value);
            understood += again.size() > 0;
        }
    };
    read_one(trb_fact{});
    read_one(trb_item{});
    read_one(trb_http_request{});
    read_one(trb_row{});
    read_one(trb_history{});
    read_one(trb_told_delivery{});
    read_one(trb_finding{});
    read_one(trb_rule_value{});
    const auto described = iso::owned_description::read(std::string(bytes));
    understood += described != nullptr;
    return understood;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_codec)

BOOST_AUTO_TEST_CASE(keeps_presence_bits_exactly_and_says_nothing_of_what_is_not_stated) {
    const sample_payment sample;
    const std::string bytes = written(sample.fact);
    std::pmr::monotonic_buffer_resource arena;
    iso::reader in(bytes, arena);
    trb_fact fact{};
    transfer(in, fact);
    BOOST_REQUIRE(in.done());
    const auto& body = *static_cast<const trb_payment*>(fact.body);
    BOOST_TEST(body.present == sample.body.present);
    BOOST_TEST(body.struct_size == sizeof body);
    BOOST_TEST(body.fee.amount_minor == -5);
    BOOST_TEST(std::string_view(body.fee.currency) == "USD");
    BOOST_TEST(body.tax.amount_minor == 0);
    BOOST_TEST(body.lines[0].proration == 1u);
    BOOST_TEST(body.line_stride == sizeof(trb_line));
    BOOST_TEST(plugins::view(body.metadata[0].value) == std::string_view("value\0with a NUL", 16));
    BOOST_TEST(written(fact) == bytes);
}

BOOST_AUTO_TEST_CASE(carries_every_member_of_every_kind) {
    for (std::int32_t kind = TRB_KIND_CUSTOMER; facts::find_kind(kind) != nullptr; ++kind) {
        const facts::kind_info* info = facts::find_kind(kind);
        for (std::size_t bit = 0; bit < info->members.size(); ++bit) {
            std::vector<char> body(info->size, '\0');
            trb_body head{static_cast<std::uint32_t>(info->size), 0, TRB_BIT(bit)};
            std::memcpy(body.data(), &head, sizeof head);
            const facts::member_info& member = info->members[bit];
            if (member.type == facts::member_type::integer) {
                const std::int64_t value = -1 - static_cast<std::int64_t>(bit);
                std::memcpy(body.data() + member.offset, &value, sizeof value);
            } else if (member.type == facts::member_type::text) {
                const trb_str value = TRB_STR("some text");
                std::memcpy(body.data() + member.offset, &value, sizeof value);
            } else if (member.type == facts::member_type::money || member.type == facts::member_type::price) {
                const trb_money value{123, "JPY", 0};
                std::memcpy(body.data() + member.offset, &value, sizeof value);
            }
            const void* from = body.data();
            iso::writer out;
            iso::transfer_body(out, kind, from);
            std::pmr::monotonic_buffer_resource arena;
            iso::reader in(out.bytes(), arena);
            const void* to = nullptr;
            iso::transfer_body(in, kind, to);
            BOOST_REQUIRE(in.done());
            BOOST_TEST(facts::body_json(kind, to) == facts::body_json(kind, from), member.name);
            BOOST_TEST(facts::body_json(kind, to).find(member.name) != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(shows_the_host_the_same_breach_that_the_plugin_made) {
    const auto same_failure = [](const trb_fact& fact) {
        const std::string bytes = written(fact);
        std::pmr::monotonic_buffer_resource arena;
        iso::reader in(bytes, arena);
        trb_fact read{};
        transfer(in, read);
        BOOST_REQUIRE(in.done());
        const auto before = facts::encode_fact(fact, "r");
        const auto after = facts::encode_fact(read, "r");
        BOOST_REQUIRE(!before);
        BOOST_REQUIRE(!after);
        BOOST_TEST(after.error().text() == before.error().text());
    };
    sample_payment short_stride;
    short_stride.body.line_stride = 8;
    same_failure(short_stride.fact);
    sample_payment short_body;
    short_body.body.struct_size = 40;
    same_failure(short_body.fact);
    short_body.body.struct_size = 4;
    same_failure(short_body.fact);
    sample_payment currency;
    std::memcpy(currency.body.fee.currency, "XXQ", 4);
    same_failure(currency.fact);
    sample_payment unknown;
    unknown.fact.kind = 99;
    same_failure(unknown.fact);
    sample_payment nobody;
    nobody.fact.body = nullptr;
    same_failure(nobody.fact);
    sample_payment many;
    const std::vector<trb_str> ids(1000, TRB_STR("id"));
    many.fact.same_as = ids.data();
    many.fact.same_as_count = ids.size();
    same_failure(many.fact);
    sample_payment entries;
    const std::vector<trb_pair> pairs(20'000, trb_pair{TRB_STR("n"), TRB_STR("v")});
    entries.body.metadata = pairs.data();
    entries.body.metadata_count = pairs.size();
    same_failure(entries.fact);
}

BOOST_AUTO_TEST_CASE(never_lets_a_currency_run_on) {
    sample_payment sample;
    std::memcpy(sample.body.fee.currency, "USDX", 4);
    const std::string bytes = written(sample.fact);
    std::pmr::monotonic_buffer_resource arena;
    iso::reader in(bytes, arena);
    trb_fact fact{};
    transfer(in, fact);
    BOOST_TEST(std::string_view(static_cast<const trb_payment*>(fact.body)->fee.currency) == "???");
}

BOOST_AUTO_TEST_CASE(refuses_a_struct_that_is_shorter_than_ours) {
    sample_payment sample;
    sample.fact.struct_size = 8;
    iso::writer out;
    transfer(out, sample.fact);
    BOOST_TEST((out.what() == iso::writer::problem::short_struct));
}

BOOST_AUTO_TEST_CASE(reads_no_truncated_fact_and_asks_for_no_memory_that_the_bytes_do_not_pay_for) {
    const sample_payment sample;
    const std::string bytes = written(sample.fact);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        std::pmr::monotonic_buffer_resource arena;
        iso::reader in(std::string_view(bytes).substr(0, length), arena);
        trb_fact fact{};
        transfer(in, fact);
        BOOST_TEST(!in.done());
    }
    const std::string huge("\xff\xff\xff\x7f", 4);
    std::pmr::monotonic_buffer_resource arena(std::pmr::null_memory_resource());
    iso::reader in(huge, arena);
    const trb_pair* first = nullptr;
    std::uint64_t count = 0;
    in.array(first, count);
    BOOST_TEST(!in.ok());
    BOOST_TEST(count == 0u);
}

BOOST_AUTO_TEST_CASE(survives_random_and_mutated_bytes) {
    std::mt19937_64 random(20261122);
    const sample_payment sample;
    const std::string good = written(sample.fact);
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
    std::size_t rounds = 0;
    std::size_t understood = 0;
    while (std::chrono::steady_clock::now() < until) {
        std::string bytes = good;
        if (rounds % 2 == 0)
            bytes.resize(random() % 300);
        const std::size_t changes = 1 + random() % (rounds % 2 == 0 ? 300 : 4);
        for (std::size_t change = 0; change < changes && !bytes.empty(); ++change)
            bytes[random() % bytes.size()] = static_cast<char>(random() % (rounds % 3 == 0 ? 4 : 256));
        understood += read_as_everything(bytes);
        ++rounds;
    }
    BOOST_TEST(rounds > 500u);
    BOOST_TEST(understood > 0u); // Else nothing deep was reached.
}

BOOST_AUTO_TEST_CASE(puts_frames_together_from_any_pieces_and_stops_at_one_that_is_too_long) {
    std::mt19937_64 random(7);
    iso::writer stream;
    for (std::uint64_t id = 1; id <= 50; ++id) {
        const std::string payload(id * 37 % 1000, static_cast<char>('a' + id % 26));
        stream.number(static_cast<std::uint32_t>(payload.size()));
        stream.number(static_cast<std::uint8_t>(iso::frame_kind::result));
        stream.number(id);
        stream.append(payload.data(), payload.size());
    }
    iso::frame_buffer buffer;
    std::uint64_t expected = 1;
    for (std::string_view left = stream.bytes(); !left.empty();) {
        const std::size_t piece = std::min<std::size_t>(left.size(), 1 + random() % 700);
        buffer.feed(left.substr(0, piece));
        left.remove_prefix(piece);
        while (const auto got = buffer.next()) {
            BOOST_TEST(got->id == expected);
            BOOST_TEST(got->payload.size() == expected * 37 % 1000);
            ++expected;
        }
    }
    BOOST_TEST(expected == 51u);
    BOOST_TEST(!buffer.broken());
    buffer.feed(std::string(13, '\xff'));
    BOOST_TEST(!buffer.next().has_value());
    BOOST_TEST(buffer.broken());
}

BOOST_FIXTURE_TEST_CASE(survives_random_questions_to_the_host, rig) {
    std::mt19937_64 generator(11);
    iso::forwarded_services services(log, time, random, counters);
    std::size_t read = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(generator() % 64, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(generator() % 8);
        iso::writer answer;
        read += services.write_log(bytes) ? 1u : 0u;
        read += services.count(bytes) ? 1u : 0u;
        read += services.answer(bytes, answer) ? 1u : 0u;
        BOOST_REQUIRE(answer.size() <= iso::random_bytes_max);
    }
    BOOST_TEST(read > 0u);
}

BOOST_AUTO_TEST_SUITE_END()

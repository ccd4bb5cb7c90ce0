// Goal: one fact has one form whatever order a plugin names things in, and what breaks a rule is refused with
// its reason.
#include <tributary/facts/fact.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory_resource>
#include <string>
#include <vector>

#include "engine/fact_samples.hpp"

using namespace tributary;
using namespace tributary::facts;
using namespace tributary::facts::test;

namespace {

trb_claim claim(std::int32_t of_class, std::string_view name, std::string_view value) {
    return {of_class, 0, text(name), text(value)};
}

stored_fact encoded(const trb_fact& from) {
    auto made = encode_fact(from, "toy:a");
    BOOST_REQUIRE_MESSAGE(made.has_value(), made.error().text());
    return std::move(*made);
}

void refuses(const trb_fact& from, facts_errc why) {
    const auto made = encode_fact(from, "toy:a");
    BOOST_REQUIRE_MESSAGE(!made.has_value(), "was accepted");
    BOOST_TEST(made.error().code == make_error_code(why), made.error().text());
}

} // namespace

BOOST_AUTO_TEST_SUITE(canonical_facts)

BOOST_AUTO_TEST_CASE(the_digest_does_not_depend_on_the_order_of_metadata_ids_and_claims) {
    std::vector<trb_pair> metadata{{text("b"), text("2")}, {text("a"), text("1")}, {text("a"), text("0")}};
    std::vector<trb_str> same{text("pi_1"), text("ch_1"), text("in_1")};
    std::vector<trb_claim> claims{claim(TRB_CLAIM_HINT, "click", "k"),
                                  claim(TRB_CLAIM_EXCLUSIVE, "user", "u"),
                                  claim(TRB_CLAIM_SHARED, "customer", "c")};
    const auto make = [&] {
        auto made = body<trb_lead>(TRB_BIT(TRB_LEAD_METADATA));
        made.metadata = metadata.data();
        made.metadata_count = metadata.size();
        trb_fact said = fact(TRB_KIND_LEAD, "doc_1", &made);
        said.same_as = same.data();
        said.same_as_count = same.size();
        said.claims = claims.data();
        said.claim_count = claims.size();
        return encoded(said);
    };
    const stored_fact first = make();
    std::reverse(metadata.begin(), metadata.end());
    std::reverse(same.begin(), same.end());
    std::reverse(claims.begin(), claims.end());
    same.push_back(text("ch_1")); // A repetition says nothing.
    claims.push_back(claims.front());
    const stored_fact second = make();
    BOOST_TEST(first.content == second.content);
    BOOST_CHECK(first.digest == second.digest);
}

BOOST_AUTO_TEST_CASE(parents_keep_the_order_of_the_plugin) {
    const trb_str parents[] = {text("z"), text("a")};
    trb_fact said = fact(TRB_KIND_IDENTITY, "doc_1");
    said.parents = parents;
    said.parent_count = 2;
    BOOST_TEST(encoded(said).content == R"({"ids":["doc_1"],"parents":["z","a"],"claims":[],"body":{}})");
}

BOOST_AUTO_TEST_CASE(absent_is_not_zero) {
    auto absent = body<trb_refund>();
    auto zero = body<trb_refund>(TRB_BIT(TRB_REFUND_AMOUNT));
    zero.amount = money(0);
    const stored_fact without = encoded(fact(TRB_KIND_REFUND, "r", &absent));
    const stored_fact with = encoded(fact(TRB_KIND_REFUND, "r", &zero));
    BOOST_CHECK(without.digest != with.digest);
    std::pmr::monotonic_buffer_resource arena;
    decoded_fact decoded;
    BOOST_REQUIRE(decode_content(TRB_KIND_REFUND, without.content, arena, decoded).has_value());
    BOOST_TEST(static_cast<const trb_body*>(decoded.body)->present == 0u);
    BOOST_REQUIRE(decode_content(TRB_KIND_REFUND, with.content, arena, decoded).has_value());
    BOOST_TEST(static_cast<const trb_body*>(decoded.body)->present == TRB_BIT(TRB_REFUND_AMOUNT));
}

BOOST_AUTO_TEST_CASE(what_was_said_decides_the_digest) {
    auto made = body<trb_lead>(TRB_BIT(TRB_LEAD_QUANTITY));
    const stored_fact first = encoded(fact(TRB_KIND_LEAD, "doc_1", &made));
    trb_fact later = fact(TRB_KIND_LEAD, "doc_1", &made);
    later.occurred_at_ms = 1;
    BOOST_CHECK(encoded(later).digest != first.digest);
    made.quantity = 1;
    BOOST_CHECK(encoded(fact(TRB_KIND_LEAD, "doc_1", &made)).digest != first.digest);
}

BOOST_AUTO_TEST_CASE(a_fact_of_an_api_call_comes_back_from_its_text) {
    auto made = body<trb_lead>(TRB_BIT(TRB_LEAD_SOURCE));
    made.source = text("\x01 \"quoted\"");
    trb_fact said = fact(TRB_KIND_LEAD, "doc_1", &made);
    said.source_time_ms = 5;
    said.lifecycle_rank = -2;
    said.source_rank = 3;
    said.occurred_at_ms = -7;
    const stored_fact before = encoded(said);
    const auto after = parse_fact(serialise_fact(before));
    BOOST_REQUIRE_MESSAGE(after.has_value(), after.error().text());
    BOOST_TEST(after->kind == before.kind);
    BOOST_TEST(after->realm == before.realm);
    BOOST_TEST(after->document_id == before.document_id);
    BOOST_TEST(after->source_time == 5);
    BOOST_TEST(after->lifecycle_rank == -2);
    BOOST_TEST(after->source_rank == 3);
    BOOST_TEST(after->occurred_at == -7);
    BOOST_TEST(after->content == before.content);
    BOOST_CHECK(after->digest == before.digest);
}

BOOST_AUTO_TEST_CASE(damaged_text_is_an_error_and_no_crash) {
    const std::string good = encoded(fact(TRB_KIND_IDENTITY, "doc_1")).content;
    std::pmr::monotonic_buffer_resource arena;
    decoded_fact decoded;
    for (const std::string& text : {std::string("{}"), std::string("[1]"), good.substr(0, good.size() / 2),
                                    std::string(R"({"ids":[1],"parents":[],"claims":[],"body":{}})"),
                                    std::string(R"({"ids":["a"],"parents":[],"claims":[[1]],"body":{}})")}) {
        const auto read = decode_content(TRB_KIND_IDENTITY, text, arena, decoded);
        BOOST_REQUIRE(!read.has_value());
        BOOST_TEST(read.error().code == make_error_code(facts_errc::malformed_content));
        BOOST_TEST(parse_fact(text).has_error());
    }
    const auto body_read = decode_content(
        TRB_KIND_PAYMENT, R"({"ids":["a"],"parents":[],"claims":[],"body":{"lines":[[1]]}})", arena, decoded);
    BOOST_TEST(body_read.error().code == make_error_code(facts_errc::malformed_content));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(refused_facts)

BOOST_AUTO_TEST_CASE(unknown_kinds) {
    auto made = body<trb_lead>();
    refuses(fact(0, "a", &made), facts_errc::unknown_kind);
    refuses(fact(99, "a", &made), facts_errc::unknown_kind);
}

BOOST_AUTO_TEST_CASE(missing_and_overlong_ids) {
    refuses(fact(TRB_KIND_IDENTITY, ""), facts_errc::missing_id);
    const std::string longest(id_bytes_max, 'x');
    BOOST_TEST(encode_fact(fact(TRB_KIND_IDENTITY, longest), "r").has_value());
    refuses(fact(TRB_KIND_IDENTITY, longest + "x"), facts_errc::missing_id);
    const trb_str empty[] = {text("")};
    trb_fact said = fact(TRB_KIND_IDENTITY, "a");
    said.parents = empty;
    said.parent_count = 1;
    refuses(said, facts_errc::missing_id);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8) {
    const std::string_view bad[] = {
        "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", std::string_view("a\0b", 3)};
    for (const std::string_view one : bad) {
        refuses(fact(TRB_KIND_IDENTITY, one), facts_errc::bad_text);
        auto made = body<trb_lead>(TRB_BIT(TRB_LEAD_SOURCE));
        made.source = text(one);
        refuses(fact(TRB_KIND_LEAD, "a", &made), facts_errc::bad_text);
        const trb_pair pair[] = {{text("name"), text(one)}};
        auto with_metadata = body<trb_lead>(TRB_BIT(TRB_LEAD_METADATA));
        with_metadata.metadata = pair;
        with_metadata.metadata_count = 1;
        refuses(fact(TRB_KIND_LEAD, "a", &with_metadata), facts_errc::bad_text);
        trb_fact elsewhere = fact(TRB_KIND_IDENTITY, "a");
        elsewhere.realm = text(one);
        refuses(elsewhere, facts_errc::bad_text);
    }
    BOOST_TEST(is_plain_text("\xf0\x9f\x8e\x89 \xe2\x82\xac"));
}

BOOST_AUTO_TEST_CASE(currencies_and_exponents) {
    auto made = body<trb_refund>(TRB_BIT(TRB_REFUND_AMOUNT));
    made.amount = money(1, "XXQ");
    refuses(fact(TRB_KIND_REFUND, "a", &made), facts_errc::unknown_currency);
    made.amount = money(1, "usd");
    refuses(fact(TRB_KIND_REFUND, "a", &made), facts_errc::unknown_currency);
    made.amount = money(1, "USD", 5);
    refuses(fact(TRB_KIND_REFUND, "a", &made), facts_errc::bad_exponent);
}

BOOST_AUTO_TEST_CASE(too_much_of_anything) {
    const std::vector<trb_str> ids(ids_max + 1, text("x"));
    trb_fact said = fact(TRB_KIND_IDENTITY, "a");
    said.same_as = ids.data();
    said.same_as_count = ids.size();
    refuses(said, facts_errc::too_many);
    said.same_as_count = ids_max;
    BOOST_TEST(encode_fact(said, "r").has_value());
    said = fact(TRB_KIND_IDENTITY, "a");
    said.parents = ids.data();
    said.parent_count = ids.size();
    refuses(said, facts_errc::too_many);
    const std::vector<trb_claim> claims(ids_max + 1, claim(TRB_CLAIM_SHARED, "customer", "c"));
    said = fact(TRB_KIND_IDENTITY, "a");
    said.claims = claims.data();
    said.claim_count = claims.size();
    refuses(said, facts_errc::too_many);
    const std::vector<trb_line> many(entries_max + 1, lines[0]);
    auto made = body<trb_payment>(TRB_BIT(TRB_PAYMENT_LINES));
    made.lines = many.data();
    made.line_count = many.size();
    made.line_stride = sizeof(trb_line);
    refuses(fact(TRB_KIND_PAYMENT, "a", &made), facts_errc::too_many);
}

BOOST_AUTO_TEST_CASE(claims_that_break_a_rule) {
    const std::vector<std::vector<trb_claim>> bad{
        {claim(0, "user", "u")},
        {claim(4, "user", "u")},
        {claim(TRB_CLAIM_SHARED, "", "u")},
        {claim(TRB_CLAIM_SHARED, "user", "")},
        {claim(TRB_CLAIM_SHARED, "user", std::string_view("\xff"))},
        {claim(TRB_CLAIM_EXCLUSIVE, "user", "u1"), claim(TRB_CLAIM_EXCLUSIVE, "user", "u2")},
        {claim(TRB_CLAIM_EXCLUSIVE, "user", "u1"), claim(TRB_CLAIM_EXCLUSIVE, "account", "u1")}};
    for (const auto& claims : bad) {
        trb_fact said = fact(TRB_KIND_IDENTITY, "a");
        said.claims = claims.data();
        said.claim_count = claims.size();
        refuses(said, facts_errc::bad_claim);
    }
}

BOOST_AUTO_TEST_CASE(bodies_that_break_a_rule) {
    refuses(fact(TRB_KIND_LEAD, "a"), facts_errc::bad_body);
    auto short_fact = fact(TRB_KIND_IDENTITY, "a");
    short_fact.struct_size = sizeof(trb_fact) - 8;
    refuses(short_fact, facts_errc::bad_body);
    auto made = body<trb_lead>(TRB_BIT(TRB_LEAD_METADATA));
    made.struct_size = offsetof(trb_lead, metadata);
    refuses(fact(TRB_KIND_LEAD, "a", &made), facts_errc::bad_body);
    made.present = TRB_BIT(TRB_LEAD_SOURCE); // An older plugin's shorter struct states what it has.
    BOOST_TEST(encode_fact(fact(TRB_KIND_LEAD, "a", &made), "r").has_value());
    made.present = 0;
    made.struct_size = sizeof(trb_body) - 8; // Not even `present` is there.
    refuses(fact(TRB_KIND_LEAD, "a", &made), facts_errc::bad_body);
    auto payment = body<trb_payment>(TRB_BIT(TRB_PAYMENT_LINES));
    payment.lines = lines;
    payment.line_count = 2;
    payment.line_stride = sizeof(trb_line) - 8;
    refuses(fact(TRB_KIND_PAYMENT, "a", &payment), facts_errc::bad_body);
}

BOOST_AUTO_TEST_SUITE_END()

#include "validator/history.hpp"

#include <tributary/base/crypto.hpp>

#include <cstring>
#include <memory>

#include "facts/members.hpp"
#include "validator/delivery.hpp"

namespace tributary::validator {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr const char* realm = "acme:acct_1";

/// @param rest  parents, claims and body as canonical JSON, without the ids.
facts::stored_fact fact(std::int32_t kind, const std::string& id, std::int64_t after_days,
                        const std::string& parents, const std::string& claims, const std::string& body) {
    facts::stored_fact made;
    made.kind = kind;
    made.realm = realm;
    made.document_id = id;
    made.source_time = sample_time + after_days * day_ms;
    made.occurred_at = made.source_time;
    made.content = R"({"ids":[")" + id + R"("],"parents":[)" + parents + R"(],"claims":[)" + claims +
                   R"(],"body":)" + body + "}";
    made.digest = sha256(made.content);
    return made;
}

const std::string who = R"([1,"user","user_1"],[2,"customer","cus_1"])";
const std::string guest =
    R"([2,"customer","cus_1"],[3,"click","0123456789abcdef"],[3,"email","a@example.com"])";

std::string money(std::int64_t minor, const std::string& currency, int exponent) {
    return "[" + std::to_string(minor) + ",\"" + currency + "\"," + std::to_string(exponent) + "]";
}

facts::stored_fact payment(const std::string& id, std::int64_t day, std::int64_t minor,
                           const std::string& currency, int exponent, int cycle) {
    const std::string amount = money(minor, currency, exponent);
    return fact(TRB_KIND_PAYMENT, id, day, R"("sub_1","cus_1")", who,
                R"({"status":2,"paid_at_ms":)" + std::to_string(sample_time + day * day_ms) + R"(,"cash":)" +
                    amount + R"(,"total":)" + amount + R"(,"total_without_tax":)" + amount + R"(,"cycle":)" +
                    std::to_string(cycle) + R"(,"lines":[["li_1","prod_1","price_1","A thing",1,)" +
                    std::to_string(minor) + R"(,0,0,0,0,0]],"country":"DE","metadata":[["k","v"]]})");
}

facts::stored_fact subscription(std::int64_t day, int status, std::int64_t from_day, std::int64_t until_day) {
    return fact(
        TRB_KIND_SUBSCRIPTION, "sub_1", day, R"("cus_1")", who,
        R"({"status":)" + std::to_string(status) +
            R"(,"items":[["si_1","prod_1","price_1","month",1,1,0,[1999,"USD",2]]],"period_start_ms":)" +
            std::to_string(sample_time + from_day * day_ms) + R"(,"period_end_ms":)" +
            std::to_string(sample_time + until_day * day_ms) + R"(,"metadata":[]})");
}

facts::stored_fact refund(std::int64_t day, std::int64_t minor, int status) {
    return fact(TRB_KIND_REFUND, "re_" + std::to_string(day), day, R"("pay_1")", "",
                R"({"status":)" + std::to_string(status) + R"(,"amount":)" + money(minor, "USD", 2) +
                    R"(,"reason":"requested"})");
}

std::vector<facts::stored_fact> beginning() {
    return {
        fact(TRB_KIND_CLICK, "0123456789abcdef", -1, "", R"([3,"click","0123456789abcdef"])",
             R"({"link_id":"link_1","url":"https://shop.example/","country":"DE","trigger":"link"})"),
        fact(TRB_KIND_CUSTOMER, "cus_1", 0, "", guest,
             R"({"email":"a@example.com","name":"Änne","country":"DE","metadata":[["trb_id","user_1"]]})"),
        fact(TRB_KIND_IDENTITY, "who_1", 0, R"("cus_1")", who, "{}"),
        fact(TRB_KIND_LEAD, "lead_1", 0, R"("cus_1")", who, R"({"event_name":"Sign up","quantity":1})")};
}

std::vector<facts::stored_fact> with_beginning(std::vector<facts::stored_fact> more) {
    std::vector<facts::stored_fact> all = beginning();
    for (facts::stored_fact& each : more)
        all.push_back(std::move(each));
    return all;
}

void lend_texts(vault& in, trb_line& of) {
    for (trb_str* each : {&of.id, &of.product_id, &of.price_id, &of.description})
        *each = in.text(view(*each), "a text of a trb_line");
}

void lend_texts(vault& in, trb_subscription_item& of) {
    for (trb_str* each : {&of.id, &of.product_id, &of.price_id, &of.interval, &of.unpriced})
        *each = in.text(view(*each), "a text of a trb_subscription_item");
}

void lend_texts(vault& in, trb_discount& of) {
    for (trb_str* each : {&of.id, &of.coupon_id, &of.promotion_code_id})
        *each = in.text(view(*each), "a text of a trb_discount");
}

/// The body with all that it points to.
const void* lend_body(vault& in, const facts::kind_info& kind, const void* from) {
    if (from == nullptr)
        return nullptr;
    std::vector<char> copy(kind.size);
    std::memcpy(copy.data(), from, kind.size);
    const auto lend_array = [&]<class T>(char* at, const T*) {
        const T* first = nullptr;
        std::uint64_t count = 0;
        std::memcpy(&first, at, sizeof first);
        std::memcpy(&count, at + sizeof first, sizeof count);
        std::vector<T> all(first, first + count);
        for (T& each : all) {
            if constexpr (std::is_same_v<T, trb_pair>)
                each = {in.text(view(each.name), "metadata"), in.text(view(each.value), "metadata")};
            else
                lend_texts(in, each);
        }
        if constexpr (std::is_same_v<T, trb_pair>) {
            first = in.frozen(all, "metadata");
        } else {
            first = in.list(std::span<const T>(all), "the lines of a fact");
            const std::uint64_t stride = in.stride<T>();
            std::memcpy(at + sizeof first + sizeof count, &stride, sizeof stride);
        }
        std::memcpy(at, &first, sizeof first);
    };
    for (const facts::member_info& member : kind.members) {
        char* at = copy.data() + member.offset;
        if (member.type == facts::member_type::text) {
            trb_str text;
            std::memcpy(&text, at, sizeof text);
            text = in.text(view(text), "a text of a fact");
            std::memcpy(at, &text, sizeof text);
        } else if (member.type == facts::member_type::pairs) {
            lend_array(at, static_cast<const trb_pair*>(nullptr));
        } else if (member.type == facts::member_type::lines) {
            lend_array(at, static_cast<const trb_line*>(nullptr));
        } else if (member.type == facts::member_type::items) {
            lend_array(at, static_cast<const trb_subscription_item*>(nullptr));
        } else if (member.type == facts::member_type::discounts) {
            lend_array(at, static_cast<const trb_discount*>(nullptr));
        }
    }
    return in.body(copy.data(), copy.size(), "the body of a fact");
}

const trb_str* lend_ids(vault& in, const trb_str* first, std::uint64_t count) {
    std::vector<trb_str> all;
    for (std::uint64_t index = 0; index < count; ++index)
        all.push_back(in.text(view(first[index]), "an id of a fact"));
    return in.frozen(all, "the ids of a fact");
}

} // namespace

history_sample::history_sample(std::string name, const std::vector<facts::stored_fact>& told)
    : name_(std::move(name)) {
    std::vector<facts::decoded_fact> decoded;
    for (const facts::stored_fact& each : told) {
        facts::decoded_fact one;
        // What is decoded was written in this file; a mistake there must not pass for the plugin's.
        facts::decode_content(each.kind, each.content, arena_, one).value();
        const auto keep = [&](std::string_view text) {
            char* copy = static_cast<char*>(arena_.allocate(text.size() + 1, 1));
            std::memcpy(copy, text.data(), text.size());
            return std::string_view(copy, text.size());
        };
        one.realm = keep(each.realm);
        one.document_id = keep(each.document_id);
        one.digest = keep(as_bytes(each.digest));
        one.source_time = each.source_time;
        one.occurred_at = each.occurred_at;
        decoded.push_back(one);
    }
    merged_ = facts::merge_history(decoded, arena_);
}

trb_history history_sample::lend(vault& in) const {
    std::vector<trb_merged_fact> all;
    for (const trb_merged_fact& each : merged_.facts) {
        trb_merged_fact copy = each;
        copy.id = in.text(view(each.id), "trb_merged_fact.id");
        copy.realm = in.text(view(each.realm), "trb_merged_fact.realm");
        copy.ids = lend_ids(in, each.ids, each.id_count);
        copy.parents = lend_ids(in, each.parents, each.parent_count);
        std::vector<trb_claim> claims(each.claims, each.claims + each.claim_count);
        for (trb_claim& claim : claims) {
            claim.name = in.text(view(claim.name), "a claim's name");
            claim.value = in.text(view(claim.value), "a claim's value");
        }
        copy.claims = in.frozen(claims, "the claims of a fact");
        copy.body = lend_body(in, *facts::find_kind(each.kind), each.body);
        all.push_back(copy);
    }
    trb_history made{};
    made.environment = TRB_SANDBOX;
    made.workspace = in.text("ws_check", "trb_history.workspace");
    made.subject_id = in.text("subject_check", "trb_history.subject_id");
    made.facts = in.list(std::span<const trb_merged_fact>(all), "trb_history.facts");
    made.fact_count = all.size();
    made.fact_stride = in.stride<trb_merged_fact>();
    return made;
}

std::vector<std::unique_ptr<history_sample>> history_samples() {
    std::vector<std::unique_ptr<history_sample>> all;
    const auto add = [&](const char* name, std::vector<facts::stored_fact> told) {
        all.push_back(std::make_unique<history_sample>(name, told));
    };
    add("nothing", {});
    add("a customer", beginning());
    add("one sale", with_beginning({payment("pay_1", 1, 1999, "USD", 2, TRB_CYCLE_ONE_TIME)}));
    add("a subscription", with_beginning({subscription(1, TRB_SUBSCRIPTION_ACTIVE, 1, 31),
                                          payment("pay_1", 1, 1999, "USD", 2, TRB_CYCLE_FIRST),
                                          subscription(31, TRB_SUBSCRIPTION_ACTIVE, 31, 61),
                                          payment("pay_2", 31, 1999, "USD", 2, TRB_CYCLE_RENEWAL),
                                          subscription(61, TRB_SUBSCRIPTION_PAST_DUE, 61, 91),
                                          subscription(75, TRB_SUBSCRIPTION_CANCELED, 61, 91)}));
    add("an open subscription", with_beginning({subscription(1, TRB_SUBSCRIPTION_ACTIVE, 1, 4000)}));
    add("money back",
        with_beginning({payment("pay_1", 1, 1999, "USD", 2, TRB_CYCLE_ONE_TIME),
                        refund(2, 500, TRB_REFUND_SUCCEEDED), refund(3, 100, TRB_REFUND_PENDING),
                        fact(TRB_KIND_DISPUTE, "du_1", 4, R"("pay_1")", "",
                             R"({"status":2,"amount":[1999,"USD",2],"reason":"fraudulent"})")}));
    add("other currencies", with_beginning({payment("pay_1", 1, 500, "JPY", 0, TRB_CYCLE_ONE_TIME),
                                            payment("pay_2", 2, 12345, "KWD", 3, TRB_CYCLE_ONE_TIME),
                                            payment("pay_3", 3, 1, "EUR", 2, TRB_CYCLE_ONE_TIME)}));
    // A refund without its payment, a payment that says almost nothing, the largest amount there is.
    add("loose ends",
        {fact(TRB_KIND_REFUND, "re_9", 1, R"("pay_9")", "", R"({"status":2})"),
         fact(TRB_KIND_PAYMENT, "pay_8", 2, "", "", R"({"status":2})"),
         payment("pay_7", 3, INT64_MAX, "USD", 2, 99), payment("pay_6", 4, INT64_MAX, "USD", 2, 99),
         fact(TRB_KIND_COMMAND, "cmd_1", 5, "", "",
              R"({"action":"check.unknown","target":"x","sequence":1})")});
    return all;
}

} // namespace tributary::validator

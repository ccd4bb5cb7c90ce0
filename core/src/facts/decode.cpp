#include <tributary/facts/fact.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstring>
#include <memory>

#include "facts/members.hpp"

namespace tributary::facts {
namespace {

namespace json = boost::json;

/// Thrown by the readers below when stored text has not the shape that encode_fact wrote; caught in this
/// file.
struct malformed {};

template <class T> T* allocate(std::pmr::memory_resource& arena, std::size_t count) {
    if (count == 0)
        return nullptr;
    auto* memory = static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
    std::memset(static_cast<void*>(memory), 0, count * sizeof(T));
    return memory;
}

trb_str keep(std::string_view text, std::pmr::memory_resource& arena) {
    if (text.empty())
        return {"", 0};
    char* copy = allocate<char>(arena, text.size());
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

std::int64_t read_integer(const json::value& value) {
    const auto* number = value.if_int64();
    if (number == nullptr)
        throw malformed{};
    return *number;
}

std::string_view read_text(const json::value& value) {
    const auto* text = value.if_string();
    if (text == nullptr)
        throw malformed{};
    return *text;
}

const json::array& read_array(const json::value& value, std::size_t at_least = 0) {
    const auto* array = value.if_array();
    if (array == nullptr || array->size() < at_least)
        throw malformed{};
    return *array;
}

trb_money read_money(const json::value& value) {
    const json::array& parts = read_array(value, 3);
    trb_money money{read_integer(parts[0]), {0, 0, 0, 0}, static_cast<std::uint32_t>(read_integer(parts[2]))};
    const std::string_view code = read_text(parts[1]);
    std::memcpy(money.currency, code.data(), std::min<std::size_t>(code.size(), 3));
    return money;
}

trb_money read_price(const json::value& value) {
    return read_array(value).empty() ? trb_money{} : read_money(value);
}

struct array_head {
    const void* first;
    std::uint64_t count;
    std::uint64_t stride;
};

void read_lines(const json::value& value, void* at, std::pmr::memory_resource& arena) {
    const json::array& list = read_array(value);
    auto* lines = allocate<trb_line>(arena, list.size());
    for (std::size_t index = 0; index < list.size(); ++index) {
        const json::array& parts = read_array(list[index], 11);
        trb_line& line = lines[index];
        line.struct_size = sizeof line;
        line.id = keep(read_text(parts[0]), arena);
        line.product_id = keep(read_text(parts[1]), arena);
        line.price_id = keep(read_text(parts[2]), arena);
        line.description = keep(read_text(parts[3]), arena);
        line.quantity = read_integer(parts[4]);
        line.net_minor = read_integer(parts[5]);
        line.tax_minor = read_integer(parts[6]);
        line.discount_minor = read_integer(parts[7]);
        line.period_start_ms = read_integer(parts[8]);
        line.period_end_ms = read_integer(parts[9]);
        line.proration = read_integer(parts[10]) != 0 ? 1u : 0u;
    }
    const array_head head{lines, list.size(), sizeof(trb_line)};
    std::memcpy(at, &head, sizeof head);
}

void read_item_additions(const json::array& parts, trb_subscription_item& item,
                         std::pmr::memory_resource& arena) {
    item.amount = read_price(parts[8]);
    item.unpriced = keep(read_text(parts[9]), arena);
    item.period_start_ms = read_integer(parts[10]);
    item.period_end_ms = read_integer(parts[11]);
    item.trial_end_ms = read_integer(parts[12]);
    item.tax_inclusive = read_integer(parts[13]);
}

void read_items(const json::value& value, void* at, std::pmr::memory_resource& arena) {
    const json::array& list = read_array(value);
    auto* items = allocate<trb_subscription_item>(arena, list.size());
    for (std::size_t index = 0; index < list.size(); ++index) {
        const json::array& parts = read_array(list[index], 8);
        trb_subscription_item& item = items[index];
        item.struct_size = sizeof item;
        item.id = keep(read_text(parts[0]), arena);
        item.product_id = keep(read_text(parts[1]), arena);
        item.price_id = keep(read_text(parts[2]), arena);
        item.interval = keep(read_text(parts[3]), arena);
        item.quantity = read_integer(parts[4]);
        item.interval_count = read_integer(parts[5]);
        item.metered = read_integer(parts[6]) != 0 ? 1u : 0u;
        item.unit_amount = read_price(parts[7]);
        if (parts.size() > 8)
            read_item_additions(read_array(list[index], 14), item, arena);
    }
    const array_head head{items, list.size(), sizeof(trb_subscription_item)};
    std::memcpy(at, &head, sizeof head);
}

void read_discounts(const json::value& value, void* at, std::pmr::memory_resource& arena) {
    const json::array& list = read_array(value);
    auto* discounts = allocate<trb_discount>(arena, list.size());
    for (std::size_t index = 0; index < list.size(); ++index) {
        const json::array& parts = read_array(list[index], 5);
        trb_discount& discount = discounts[index];
        discount.struct_size = sizeof discount;
        discount.id = keep(read_text(parts[0]), arena);
        discount.coupon_id = keep(read_text(parts[1]), arena);
        discount.promotion_code_id = keep(read_text(parts[2]), arena);
        discount.has_amount = read_integer(parts[3]) != 0 ? 1u : 0u;
        discount.amount_minor = read_integer(parts[4]);
    }
    const array_head head{discounts, list.size(), sizeof(trb_discount)};
    std::memcpy(at, &head, sizeof head);
}

void read_pairs(const json::value& value, void* at, std::pmr::memory_resource& arena) {
    const json::array& list = read_array(value);
    auto* pairs = allocate<trb_pair>(arena, list.size());
    for (std::size_t index = 0; index < list.size(); ++index) {
        const json::array& parts = read_array(list[index], 2);
        pairs[index] = {keep(read_text(parts[0]), arena), keep(read_text(parts[1]), arena)};
    }
    const trb_pair* first = pairs;
    const std::uint64_t count = list.size();
    std::memcpy(at, &first, sizeof first);
    std::memcpy(static_cast<char*>(at) + sizeof first, &count, sizeof count);
}

void read_member(const member_info& member, const json::value& value, void* at,
                 std::pmr::memory_resource& arena) {
    switch (member.type) {
    case member_type::integer: {
        const std::int64_t number = read_integer(value);
        std::memcpy(at, &number, sizeof number);
        return;
    }
    case member_type::text: {
        const trb_str text = keep(read_text(value), arena);
        std::memcpy(at, &text, sizeof text);
        return;
    }
    case member_type::money:
    case member_type::price: {
        const trb_money money = read_money(value);
        std::memcpy(at, &money, sizeof money);
        return;
    }
    case member_type::pairs: return read_pairs(value, at, arena);
    case member_type::lines: return read_lines(value, at, arena);
    case member_type::items: return read_items(value, at, arena);
    case member_type::discounts: return read_discounts(value, at, arena);
    }
}

const void* read_body(const kind_info& kind, const json::value& value, std::pmr::memory_resource& arena) {
    if (kind.size == 0)
        return nullptr;
    const auto* object = value.if_object();
    if (object == nullptr)
        throw malformed{};
    auto* body = static_cast<char*>(arena.allocate(kind.size, alignof(std::max_align_t)));
    std::memset(body, 0, kind.size);
    trb_body head{static_cast<std::uint32_t>(kind.size), 0, 0};
    for (std::size_t bit = 0; bit < kind.members.size(); ++bit) {
        const member_info& member = kind.members[bit];
        if (const json::value* stated = object->if_contains(member.name)) {
            head.present |= TRB_BIT(bit);
            read_member(member, *stated, body + member.offset, arena);
        }
    }
    std::memcpy(body, &head, sizeof head);
    return body;
}

std::span<const trb_str> read_ids(const json::value& value, std::pmr::memory_resource& arena) {
    const json::array& list = read_array(value);
    auto* ids = allocate<trb_str>(arena, list.size());
    for (std::size_t index = 0; index < list.size(); ++index)
        ids[index] = keep(read_text(list[index]), arena);
    return {ids, list.size()};
}

std::span<const trb_claim> read_claims(const json::value& value, std::pmr::memory_resource& arena) {
    const json::array& list = read_array(value);
    auto* claims = allocate<trb_claim>(arena, list.size());
    for (std::size_t index = 0; index < list.size(); ++index) {
        const json::array& parts = read_array(list[index], 3);
        claims[index] = {static_cast<std::int32_t>(read_integer(parts[0])), 0,
                         keep(read_text(parts[1]), arena), keep(read_text(parts[2]), arena)};
    }
    return {claims, list.size()};
}

} // namespace

result<void> decode_content(std::int32_t kind_number, std::string_view content,
                            std::pmr::memory_resource& arena, decoded_fact& into) {
    const kind_info* kind = find_kind(kind_number);
    if (kind == nullptr)
        return failure(facts_errc::unknown_kind, std::to_string(kind_number));
    error_code failed;
    unsigned char scratch[8192];
    json::monotonic_resource memory(scratch);
    const json::value parsed = json::parse(content, failed, &memory);
    if (failed || !parsed.is_object())
        return failure(facts_errc::malformed_content, failed.message());
    const json::object& object = parsed.get_object();
    const auto member = [&](std::string_view name) -> const json::value& {
        const json::value* found = object.if_contains(name);
        if (found == nullptr)
            throw malformed{};
        return *found;
    };
    try {
        into.kind = kind_number;
        into.ids = read_ids(member("ids"), arena);
        into.parents = read_ids(member("parents"), arena);
        into.claims = read_claims(member("claims"), arena);
        into.body = read_body(*kind, member("body"), arena);
    } catch (const malformed&) {
        return failure(facts_errc::malformed_content, std::string(kind->name));
    }
    return {};
}

const void* merge_bodies(std::int32_t kind_number, std::span<const void* const> by_precedence,
                         std::pmr::memory_resource& arena) {
    const kind_info* kind = find_kind(kind_number);
    if (kind == nullptr || kind->size == 0 || by_precedence.empty())
        return nullptr;
    if (by_precedence.size() == 1)
        return by_precedence.front();
    auto* merged = static_cast<char*>(arena.allocate(kind->size, alignof(std::max_align_t)));
    std::memset(merged, 0, kind->size);
    trb_body head{static_cast<std::uint32_t>(kind->size), 0, 0};
    for (const void* body : by_precedence) {
        const std::uint64_t stated = static_cast<const trb_body*>(body)->present & ~head.present;
        for (std::size_t bit = 0; bit < kind->members.size(); ++bit) {
            if ((stated & TRB_BIT(bit)) == 0)
                continue;
            const member_info& member = kind->members[bit];
            std::memcpy(merged + member.offset, static_cast<const char*>(body) + member.offset,
                        member_size(member.type));
        }
        head.present |= stated;
    }
    std::memcpy(merged, &head, sizeof head);
    return merged;
}

result<stored_fact> parse_fact(std::string_view text) {
    error_code failed;
    const json::value parsed = json::parse(text, failed);
    if (failed || !parsed.is_object())
        return failure(facts_errc::malformed_content, failed.message());
    const json::object& object = parsed.get_object();
    const auto member = [&](std::string_view name) -> const json::value& {
        const json::value* found = object.if_contains(name);
        if (found == nullptr)
            throw malformed{};
        return *found;
    };
    try {
        stored_fact fact;
        fact.kind = static_cast<std::int32_t>(read_integer(member("kind")));
        fact.realm = read_text(member("realm"));
        fact.document_id = read_text(member("document_id"));
        fact.source_time = read_integer(member("source_time"));
        fact.lifecycle_rank = static_cast<std::int32_t>(read_integer(member("lifecycle_rank")));
        fact.source_rank = static_cast<std::int32_t>(read_integer(member("source_rank")));
        fact.occurred_at = read_integer(member("occurred_at"));
        fact.content = read_text(member("content"));
        const auto digest = hex_decode(read_text(member("digest")));
        if (!digest || digest->size() != fact.digest.size())
            throw malformed{};
        std::memcpy(fact.digest.data(), digest->data(), fact.digest.size());
        return fact;
    } catch (const malformed&) {
        return failure(facts_errc::malformed_content, "an API call's fact");
    }
}

} // namespace tributary::facts

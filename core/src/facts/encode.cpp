#include <tributary/base/category.hpp>
#include <tributary/facts/fact.hpp>
#include <tributary/money/currency.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include "facts/json_text.hpp"
#include "facts/members.hpp"

namespace tributary::facts {
namespace {

std::string_view message(int value) noexcept {
    switch (static_cast<facts_errc>(value)) {
    case facts_errc::unknown_kind: return "unknown kind of fact";
    case facts_errc::missing_id: return "missing or overlong id";
    case facts_errc::bad_text: return "text is not UTF-8 or holds a NUL";
    case facts_errc::unknown_currency: return "unknown currency";
    case facts_errc::bad_exponent: return "exponent out of range";
    case facts_errc::too_many: return "too many entries";
    case facts_errc::bad_claim: return "bad claim";
    case facts_errc::bad_body: return "bad body";
    case facts_errc::malformed_content: return "stored fact cannot be read";
    }
    return "unknown error";
}

std::string_view view(trb_str text) noexcept {
    return {text.data == nullptr ? "" : text.data, static_cast<std::size_t>(text.size)};
}

result<void> check_text(std::string_view text, std::string_view member) {
    if (!is_plain_text(text))
        return failure(facts_errc::bad_text, std::string(member));
    return {};
}

constexpr std::uint32_t amount_decimals_max = 4;
constexpr std::uint32_t price_decimals_max = 15; // Of a unit: a price may lie far below a minor unit.

result<void> write_money(json_text& out, const trb_money& money, std::string_view member,
                         std::uint32_t decimals_max = amount_decimals_max) {
    const std::string_view code(money.currency, strnlen(money.currency, sizeof money.currency));
    if (!money::currency_exponent(code)) {
        std::string shown(member);
        shown += ": '";
        shown += is_plain_text(code) ? code : "?";
        shown += "'";
        return failure(facts_errc::unknown_currency, std::move(shown));
    }
    if (money.exponent > decimals_max)
        return failure(facts_errc::bad_exponent, std::string(member));
    out.open('[');
    out.separate();
    out.integer(money.amount_minor);
    out.separate();
    out.text(code);
    out.separate();
    out.integer(money.exponent);
    out.close(']');
    return {};
}

/// Metadata has no order of its own: sorted, so that the same entries give the same digest.
result<void> write_pairs(json_text& out, const void* at, std::string_view member) {
    const trb_pair* first = nullptr;
    std::uint64_t count = 0;
    std::memcpy(&first, at, sizeof first);
    std::memcpy(&count, static_cast<const char*>(at) + sizeof first, sizeof count);
    if (count > entries_max)
        return failure(facts_errc::too_many, std::string(member));
    std::vector<std::pair<std::string_view, std::string_view>> sorted;
    sorted.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t index = 0; index < count; ++index)
        sorted.emplace_back(view(first[index].name), view(first[index].value));
    std::sort(sorted.begin(), sorted.end());
    out.open('[');
    for (const auto& [name, value] : sorted) {
        TRIBUTARY_TRY(check_text(name, member));
        TRIBUTARY_TRY(check_text(value, member));
        out.separate();
        out.open('[');
        out.separate();
        out.text(name);
        out.separate();
        out.text(value);
        out.close(']');
    }
    out.close(']');
    return {};
}

struct array_view {
    const char* first = nullptr;
    std::uint64_t count = 0;
    std::uint64_t stride = 0;

    explicit array_view(const void* at) {
        std::memcpy(&first, at, sizeof first);
        std::memcpy(&count, static_cast<const char*>(at) + sizeof first, sizeof count);
        std::memcpy(&stride, static_cast<const char*>(at) + sizeof first + sizeof count, sizeof stride);
    }
};

result<void> write_texts(json_text& out, std::initializer_list<trb_str> texts, std::string_view member) {
    for (const trb_str text : texts) {
        TRIBUTARY_TRY(check_text(view(text), member));
        out.separate();
        out.text(view(text));
    }
    return {};
}

void write_integers(json_text& out, std::initializer_list<std::int64_t> values) {
    for (const std::int64_t value : values) {
        out.separate();
        out.integer(value);
    }
}

/// The list that a member holds, element by element.
template <class T, class Write>
result<void> write_list(json_text& out, const void* at, std::string_view member, Write write) {
    const array_view list(at);
    if (list.count > entries_max)
        return failure(facts_errc::too_many, std::string(member));
    if (list.count > 0 && list.stride < first_element_size<T>)
        return failure(facts_errc::bad_body, std::string(member) + ": stride");
    out.open('[');
    for (std::uint64_t index = 0; index < list.count; ++index) {
        out.separate();
        out.open('[');
        TRIBUTARY_TRY(write(element_at<T>(list.first, index, list.stride)));
        out.close(']');
    }
    out.close(']');
    return {};
}

result<void> write_lines(json_text& out, const void* at, std::string_view member) {
    return write_list<trb_line>(out, at, member, [&](const trb_line& line) -> result<void> {
        TRIBUTARY_TRY(write_texts(out, {line.id, line.product_id, line.price_id, line.description}, member));
        write_integers(out, {line.quantity, line.net_minor, line.tax_minor, line.discount_minor,
                             line.period_start_ms, line.period_end_ms, line.proration});
        return {};
    });
}

/// [] for none: an item may have no price of its own.
result<void> write_price(json_text& out, const trb_money& price, std::string_view member) {
    out.separate();
    if (price.currency[0] != '\0')
        return write_money(out, price, member, price_decimals_max);
    out.open('[');
    out.close(']');
    return {};
}

/// What came into the struct later is written only when it is told, so that what was written before it came
/// keeps its digest.
result<void> write_item_additions(json_text& out, const trb_subscription_item& item,
                                  std::string_view member) {
    const bool told = item.amount.currency[0] != '\0' || item.unpriced.size != 0 ||
                      item.period_start_ms != 0 || item.period_end_ms != 0 || item.trial_end_ms != 0 ||
                      item.tax_inclusive != 0;
    if (!told)
        return {};
    TRIBUTARY_TRY(write_price(out, item.amount, member));
    TRIBUTARY_TRY(write_texts(out, {item.unpriced}, member));
    write_integers(out, {item.period_start_ms, item.period_end_ms, item.trial_end_ms, item.tax_inclusive});
    return {};
}

result<void> write_items(json_text& out, const void* at, std::string_view member) {
    return write_list<trb_subscription_item>(
        out, at, member, [&](const trb_subscription_item& item) -> result<void> {
            TRIBUTARY_TRY(write_texts(out, {item.id, item.product_id, item.price_id, item.interval}, member));
            write_integers(out, {item.quantity, item.interval_count, item.metered});
            TRIBUTARY_TRY(write_price(out, item.unit_amount, member));
            return write_item_additions(out, item, member);
        });
}

result<void> write_discounts(json_text& out, const void* at, std::string_view member) {
    return write_list<trb_discount>(out, at, member, [&](const trb_discount& discount) -> result<void> {
        TRIBUTARY_TRY(
            write_texts(out, {discount.id, discount.coupon_id, discount.promotion_code_id}, member));
        write_integers(out, {discount.has_amount, discount.amount_minor});
        return {};
    });
}

result<void> write_member(json_text& out, const member_info& member, const void* at) {
    switch (member.type) {
    case member_type::integer: {
        std::int64_t value = 0;
        std::memcpy(&value, at, sizeof value);
        out.integer(value);
        return {};
    }
    case member_type::text: {
        trb_str text;
        std::memcpy(&text, at, sizeof text);
        TRIBUTARY_TRY(check_text(view(text), member.name));
        out.text(view(text));
        return {};
    }
    case member_type::money:
    case member_type::price: {
        trb_money money;
        std::memcpy(&money, at, sizeof money);
        return write_money(out, money, member.name,
                           member.type == member_type::price ? price_decimals_max : amount_decimals_max);
    }
    case member_type::pairs: return write_pairs(out, at, member.name);
    case member_type::lines: return write_lines(out, at, member.name);
    case member_type::items: return write_items(out, at, member.name);
    case member_type::discounts: return write_discounts(out, at, member.name);
    }
    return {};
}

result<void> write_body(json_text& out, const kind_info& kind, const void* body) {
    out.open('{');
    if (body != nullptr && kind.size != 0) {
        const auto& head = *static_cast<const trb_body*>(body);
        if (head.struct_size < sizeof(trb_body))
            return failure(facts_errc::bad_body, "struct_size of the body");
        for (std::size_t bit = 0; bit < kind.members.size(); ++bit) {
            const member_info& member = kind.members[bit];
            if ((head.present & TRB_BIT(bit)) == 0)
                continue;
            if (member.offset + member_size(member.type) > head.struct_size)
                return failure(facts_errc::bad_body, std::string(member.name) + ": beyond struct_size");
            out.name(member.name);
            TRIBUTARY_TRY(write_member(out, member, static_cast<const char*>(body) + member.offset));
        }
    }
    out.close('}');
    return {};
}

result<std::vector<std::string_view>> checked_ids(const trb_str* first, std::uint64_t count,
                                                  std::string_view also, std::string_view member) {
    if (count > ids_max)
        return failure(facts_errc::too_many, std::string(member));
    std::vector<std::string_view> ids;
    if (!also.empty())
        ids.push_back(also);
    for (std::uint64_t index = 0; index < count; ++index)
        ids.push_back(view(first[index]));
    for (const std::string_view id : ids) {
        if (id.empty() || id.size() > id_bytes_max)
            return failure(facts_errc::missing_id, std::string(member));
        TRIBUTARY_TRY(check_text(id, member));
    }
    return ids;
}

void write_ids(json_text& out, std::string_view name, const std::vector<std::string_view>& ids) {
    out.name(name);
    out.open('[');
    for (const std::string_view id : ids) {
        out.separate();
        out.text(id);
    }
    out.close(']');
}

result<void> write_claims(json_text& out, const trb_fact& fact) {
    if (fact.claim_count > ids_max)
        return failure(facts_errc::too_many, "claims");
    std::vector<std::tuple<std::int32_t, std::string_view, std::string_view>> sorted;
    std::pair<std::string_view, std::string_view> exclusive;
    for (std::uint64_t index = 0; index < fact.claim_count; ++index) {
        const trb_claim& claim = fact.claims[index];
        const std::string_view name = view(claim.name);
        const std::string_view value = view(claim.value);
        if (claim.claim_class < TRB_CLAIM_EXCLUSIVE || claim.claim_class > TRB_CLAIM_HINT || name.empty() ||
            value.empty() || value.size() > id_bytes_max || !is_plain_text(name) || !is_plain_text(value))
            return failure(facts_errc::bad_claim, is_plain_text(name) ? std::string(name) : "name");
        if (claim.claim_class == TRB_CLAIM_EXCLUSIVE) {
            if (!exclusive.first.empty() && exclusive != std::pair(name, value))
                return failure(facts_errc::bad_claim, "two exclusive ids");
            exclusive = {name, value};
        }
        sorted.emplace_back(claim.claim_class, name, value);
    }
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    out.name("claims");
    out.open('[');
    for (const auto& [claim_class, name, value] : sorted) {
        out.separate();
        out.open('[');
        write_integers(out, {claim_class});
        out.separate();
        out.text(name);
        out.separate();
        out.text(value);
        out.close(']');
    }
    out.close(']');
    return {};
}

} // namespace

const boost::system::error_category& facts_category() noexcept {
    static const message_category instance("tributary.facts", &message);
    return instance;
}

bool is_plain_text(std::string_view text) noexcept {
    // UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF; and no NUL.
    std::size_t at = 0;
    const auto byte = [&](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0u;
    };
    const auto follows = [&](std::size_t index) { return (byte(index) & 0xc0u) == 0x80u; };
    while (at < text.size()) {
        const unsigned first = byte(at);
        if (first == 0)
            return false;
        if (first < 0x80) {
            ++at;
        } else if (first >= 0xc2 && first < 0xe0 && follows(at + 1)) {
            at += 2;
        } else if (first >= 0xe0 && first < 0xf0 && follows(at + 1) && follows(at + 2)) {
            const unsigned second = byte(at + 1);
            if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0))
                return false;
            at += 3;
        } else if (first >= 0xf0 && first < 0xf5 && follows(at + 1) && follows(at + 2) && follows(at + 3)) {
            const unsigned second = byte(at + 1);
            if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90))
                return false;
            at += 4;
        } else {
            return false;
        }
    }
    return true;
}

std::string_view kind_name(std::int32_t kind) noexcept {
    const kind_info* info = find_kind(kind);
    return info == nullptr ? "unknown" : info->name;
}

result<stored_fact> encode_fact(const trb_fact& fact, std::string_view default_realm) {
    if (fact.struct_size < sizeof(trb_fact))
        return failure(facts_errc::bad_body, "struct_size of the fact");
    const kind_info* kind = find_kind(fact.kind);
    if (kind == nullptr)
        return failure(facts_errc::unknown_kind, std::to_string(fact.kind));
    if (fact.body == nullptr && kind->size != 0)
        return failure(facts_errc::bad_body, std::string(kind->name) + " without a body");
    if (fact.document_id.size == 0)
        return failure(facts_errc::missing_id, "document_id");
    stored_fact stored;
    stored.kind = fact.kind;
    stored.realm = fact.realm.size == 0 ? default_realm : view(fact.realm);
    stored.document_id = view(fact.document_id);
    stored.source_time = fact.source_time_ms;
    stored.lifecycle_rank = fact.lifecycle_rank;
    stored.source_rank = fact.source_rank;
    stored.occurred_at = fact.occurred_at_ms;
    TRIBUTARY_TRY(check_text(stored.realm, "realm"));

    TRIBUTARY_TRY_ASSIGN(ids, checked_ids(fact.same_as, fact.same_as_count, stored.document_id, "same_as"));
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    // Parents keep the plugin's order, most specific first: where two of them belong to different customers,
    // the first one decides.
    TRIBUTARY_TRY_ASSIGN(parents, checked_ids(fact.parents, fact.parent_count, {}, "parents"));
    json_text out(stored.content);
    out.open('{');
    write_ids(out, "ids", ids);
    write_ids(out, "parents", parents);
    TRIBUTARY_TRY(write_claims(out, fact));
    out.name("body");
    TRIBUTARY_TRY(write_body(out, *kind, fact.body));
    out.close('}');

    std::string said = stored.content;
    said += '|';
    said += std::to_string(stored.occurred_at);
    said += '|';
    said += std::to_string(stored.source_rank);
    stored.digest = sha256(said);
    return stored;
}

std::string body_json(std::int32_t kind, const void* body) {
    std::string text;
    json_text out(text);
    const kind_info* info = find_kind(kind);
    if (info == nullptr || !write_body(out, *info, body))
        return "{}";
    return text;
}

std::string serialise_fact(const stored_fact& fact) {
    std::string text;
    json_text out(text);
    out.open('{');
    out.name("kind");
    out.integer(fact.kind);
    out.name("realm");
    out.text(fact.realm);
    out.name("document_id");
    out.text(fact.document_id);
    out.name("source_time");
    out.integer(fact.source_time);
    out.name("lifecycle_rank");
    out.integer(fact.lifecycle_rank);
    out.name("source_rank");
    out.integer(fact.source_rank);
    out.name("occurred_at");
    out.integer(fact.occurred_at);
    out.name("digest");
    out.text(hex_encode(as_bytes(fact.digest)));
    out.name("content");
    out.text(fact.content);
    out.close('}');
    return text;
}

} // namespace tributary::facts

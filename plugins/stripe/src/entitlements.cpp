#include <charconv>
#include <set>

#include "fetch.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

/// A feature's name for people's own code, else its id.
std::string_view name_of(const json::value& entitlement) noexcept {
    const std::string_view key = text(entitlement, "lookup_key");
    return key.empty() ? id_of(entitlement, "feature") : key;
}

void tell_grant(const telling& told, std::string_view customer, const json::value& entitlement, bool revoked,
                findings& into) {
    const std::string_view feature = id_of(entitlement, "feature");
    if (feature.empty())
        return into.problem().set("no_object_id", "an entitlement names no feature");
    fact_draft& draft =
        into.start(told, TRB_KIND_GRANT, "entitlement:" + std::string(customer) + ":" + std::string(feature),
                   rank_charge);
    draft.parent(customer);
    draft.state_text(TRB_GRANT_PRODUCT_ID, &trb_grant::product_id, name_of(entitlement));
    draft.state<trb_grant, std::int64_t>(TRB_GRANT_REVOKED, &trb_grant::revoked, revoked ? 1 : 0);
}

} // namespace

void tell_entitlements(const telling& told, findings& into) {
    const std::string_view customer = id_of(told.object, "customer");
    if (customer.empty())
        return into.problem().set("no_object_id", "the summary of entitlements names no customer");
    std::set<std::string_view> granted;
    for (const json::value& entitlement : elements(told.object, "entitlements")) {
        granted.insert(id_of(entitlement, "feature"));
        tell_grant(told, customer, entitlement, false, into);
    }
    // The list holds ten at most. With more of them, what is missing in it may still be granted.
    if (flag(told.object, "entitlements.has_more").value_or(false))
        return into.want(ask_entitlements(customer, told.said_at_ms / 1000, {}, 1, told.account));
    if (told.previous == nullptr)
        return;
    for (const json::value& entitlement : elements(*told.previous, "entitlements"))
        if (!granted.contains(id_of(entitlement, "feature")))
            tell_grant(told, customer, entitlement, true, into);
}

void tell_entitlement_list(const telling& list, std::string_view asked, std::uint32_t page, findings& into) {
    constexpr std::uint32_t pages_max = 8;
    const std::size_t dot = asked.find('.');
    const std::string_view customer = asked.substr(0, dot);
    std::int64_t since_s = 0;
    if (dot != std::string_view::npos)
        std::from_chars(asked.data() + dot + 1, asked.data() + asked.size(), since_s);
    const std::span<const json::value> all = elements(list.object, "data");
    for (const json::value& entitlement : all)
        tell_grant(list, customer, entitlement, false, into);
    if (flag(list.object, "has_more").value_or(false) && !all.empty() && page < pages_max)
        into.want(ask_entitlements(customer, since_s, id_of(all.back(), "id"), page + 1, list.account));
}

} // namespace tributary::stripe

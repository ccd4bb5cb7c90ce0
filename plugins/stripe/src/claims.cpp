#include "claims.hpp"

#include <algorithm>
#include <array>

namespace tributary::stripe {
namespace {

constexpr std::array<std::string_view, 5> user_keys{"trb_id", "dubCustomerExternalId", "dubCustomerId",
                                                    "dub_customer_external_id", "qonversion_client_uid"};
constexpr std::array<std::string_view, 3> click_keys{"trb_click", "dubClickId", "dub_id"};
constexpr std::array<std::string_view, 2> click_prefixes{"trb_click_", "dub_id_"};

std::string_view lookup(const metadata_map& metadata, std::string_view key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string_view() : found->second;
}

std::string_view strip_click_prefix(std::string_view reference) noexcept {
    for (const std::string_view prefix : click_prefixes)
        if (reference.starts_with(prefix))
            return reference.substr(prefix.size());
    return {};
}

std::string_view find_user(const metadata_map& metadata, const settings& options) {
    for (const std::string_view key : user_keys)
        if (const std::string_view value = lookup(metadata, key); !value.empty())
            return value;
    for (const std::string& key : options.user_metadata_keys)
        if (const std::string_view value = lookup(metadata, key); !value.empty())
            return value;
    return {};
}

} // namespace

void claim_user_and_click(fact_draft& draft, const telling& told, std::string_view client_reference_id) {
    std::string_view user = find_user(draft.metadata(), told.options);
    std::string_view click = strip_click_prefix(client_reference_id);
    if (user.empty() && click.empty() && told.options.client_reference_is_user)
        user = client_reference_id;
    for (const std::string_view key : click_keys)
        if (click.empty())
            click = lookup(draft.metadata(), key);
    draft.claim(TRB_CLAIM_EXCLUSIVE, "user", user);
    draft.claim(TRB_CLAIM_HINT, "click", click);
}

void claim_email(fact_draft& draft, std::string_view email) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = email.find_first_not_of(blanks);
    if (first == std::string_view::npos || email.find('@') == std::string_view::npos)
        return;
    std::string made(email.substr(first, email.find_last_not_of(blanks) - first + 1));
    std::transform(made.begin(), made.end(), made.begin(), [](char letter) {
        return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    });
    draft.claim(TRB_CLAIM_HINT, "email", draft.keep(std::move(made)));
}

void join_owners(fact_draft& draft, const telling& told, std::string_view subscription_id) {
    draft.parent(subscription_id); // The most specific owner comes first.
    draft.parent(id_of(told.object, "customer"));
    draft.parent(id_of(told.object, "customer_account"));
}

std::string_view country_code(fact_draft& draft, std::string_view given) {
    if (given.size() != 2)
        return {};
    std::string made(given);
    for (char& letter : made) {
        if (letter >= 'a' && letter <= 'z')
            letter = static_cast<char>(letter - 'a' + 'A');
        if (letter < 'A' || letter > 'Z')
            return {};
    }
    return draft.keep(std::move(made));
}

} // namespace tributary::stripe

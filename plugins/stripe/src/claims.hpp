#pragma once

#include <string_view>

#include "facts.hpp"

/// Whose history a document belongs to, as far as the document says it itself.
namespace tributary::stripe {

/// Claims your user id and the click that the fact's metadata and the client_reference_id name.
///
/// User: the first of the metadata keys trb_id, dubCustomerExternalId, dubCustomerId,
/// dub_customer_external_id, qonversion_client_uid and the connection's own keys; then the
/// client_reference_id, when the connection says so. Click: client_reference_id behind the prefix trb_click_
/// or dub_id_; then metadata trb_click, dubClickId, dub_id.
void claim_user_and_click(fact_draft& draft, const telling& told, std::string_view client_reference_id = {});

/// Claims an e-mail address, trimmed and in lower case. What holds no '@' is ignored.
void claim_email(fact_draft& draft, std::string_view email);

/// Adds the provider's customer and subscription as parents: they join documents into one history.
void join_owners(fact_draft& draft, const telling& told, std::string_view subscription_id = {});

/// An ISO 3166-1 alpha-2 code in upper case, or "" when it is none.
std::string_view country_code(fact_draft& draft, std::string_view given);

} // namespace tributary::stripe

#pragma once

#include <variant>

#include "fake_stripe/answer.hpp"
#include "fake_stripe/store.hpp"

namespace tributary::fake_stripe {

/// One page of a list, as it is stored; or the refusal.
using page_or_refusal = std::variant<boost::json::object, http::response>;

/// {"object":"list","url","has_more","data"}: filters, then the cursor, then the limit.
/// @param collection  "customers"; decides which filters are known. Any other parameter is refused, as by
/// Stripe.
/// @param url         what the list says of itself, "/v1/customers".
page_or_refusal list_page(std::string_view collection, std::string_view url,
                          const std::vector<json::value>& objects, const parameters& query);

} // namespace tributary::fake_stripe

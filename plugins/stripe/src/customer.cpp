#include "claims.hpp"
#include "tellers.hpp"

namespace tributary::stripe {

void tell_customer(const telling& told, findings& into) {
    const json::value& customer = told.object;
    fact_draft& draft = into.start(told, TRB_KIND_CUSTOMER, id_of(customer, "id"), rank_charge);
    const bool deleted = flag(customer, "deleted").value_or(false) || told.event_type == "customer.deleted";
    const std::optional<std::int64_t> created = time_ms(customer, "created");
    if (created)
        draft.state(TRB_CUSTOMER_CREATED_AT, &trb_customer::created_at_ms, *created);
    // What an update says holds from then on: an address that came later was not there at the beginning.
    if (created && (told.event_type == "customer.created" || told.bare()))
        draft.occurred_at(*created);
    draft.state<trb_customer, std::int64_t>(TRB_CUSTOMER_DELETED, &trb_customer::deleted, deleted ? 1 : 0);
    draft.state_text(TRB_CUSTOMER_EMAIL, &trb_customer::email, text(customer, "email"));
    draft.state_text(TRB_CUSTOMER_NAME, &trb_customer::name, text(customer, "name"));
    draft.state_text(TRB_CUSTOMER_COUNTRY, &trb_customer::country,
                     country_code(draft, text(customer, {"address.country", "shipping.address.country"})));
    draft.metadata(find(customer, "metadata"));
    claim_user_and_click(draft, told);
    claim_email(draft, text(customer, "email"));
}

} // namespace tributary::stripe

#pragma once

#include <span>
#include <string_view>

#include "simulator/options.hpp"
#include "simulator/stage.hpp"

/// What can happen in a shop. Each verb reads its options, refuses what cannot be, then acts.
/// docs/reference/stories.md says what each one does.
namespace tributary::stripe::simulated {

using verb_function = sdk::outcome (*)(stage& on, options& with);
struct verb {
    std::string_view name;
    verb_function act;
};

/// All verbs but `wait` and `repeat`, which the teller itself knows.
std::span<const verb> all_verbs() noexcept;

// verbs_buying.cpp
sdk::outcome do_customer(stage& on, options& with);
sdk::outcome do_catalogue(stage& on, options& with);
sdk::outcome do_checkout(stage& on, options& with);
// verbs_subscribing.cpp
sdk::outcome do_subscribe(stage& on, options& with);
sdk::outcome do_renew(stage& on, options& with);
// verbs_subscription.cpp
sdk::outcome do_trial_will_end(stage& on, options& with);
sdk::outcome do_change(stage& on, options& with);
sdk::outcome do_cancel(stage& on, options& with);
sdk::outcome do_undo_cancel(stage& on, options& with);
sdk::outcome do_end(stage& on, options& with);
sdk::outcome do_pause(stage& on, options& with);
sdk::outcome do_resume(stage& on, options& with);
// verbs_returning.cpp
sdk::outcome do_refund(stage& on, options& with);
sdk::outcome do_dispute(stage& on, options& with);
sdk::outcome do_credit_note(stage& on, options& with);
// verbs_invoice.cpp
sdk::outcome do_invoice(stage& on, options& with);
sdk::outcome do_pay(stage& on, options& with);
sdk::outcome do_void(stage& on, options& with);
sdk::outcome do_uncollectible(stage& on, options& with);
// verbs_event.cpp
sdk::outcome do_event(stage& on, options& with);

} // namespace tributary::stripe::simulated

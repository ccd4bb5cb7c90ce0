#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulator/billing.hpp"

/// What the verbs about subscriptions have in common.
namespace tributary::stripe::simulated {

/// The latest subscription, when its status is one of these words (all, when there are none); else the step
/// is refused.
subscription* need_subscription(shop& in, options& with, std::initializer_list<std::string_view> statuses);

/// Lines of one period of all items. @param usage  of metered ones.
std::vector<bill_line> period_lines(shop& in, const subscription& of, std::int64_t usage);
/// Lines of nothing: a trial's first invoice names what is tried.
std::vector<bill_line> trial_lines(shop& in, const subscription& of);

/// Makes the invoice of a period: prorations that waited come first.
invoice& add_period_invoice(shop& in, subscription& of, std::string reason, std::vector<bill_line> lines);

/// A discount of one time ends with the first invoice that it reduced: customer.discount.deleted.
void use_up_discount(stage& on, subscription& of);

/// What "previous_attributes" says about the items before they or their period change.
json::object previous_period(const shop& in, const subscription& of);

std::vector<subscription_item> new_items(shop& in, const std::vector<sold_item>& sold);

} // namespace tributary::stripe::simulated

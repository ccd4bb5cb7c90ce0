#pragma once

#include "json_path.hpp"

/// Where the API generations put what moved between them; newest first. This table is the plugin's whole
/// knowledge of API versions (2020-08-27 to 2026-10-28.endive).
namespace tributary::stripe::paths {

// Invoice.
inline constexpr path_list invoice_subscription{"parent.subscription_details.subscription", "subscription"};
inline constexpr path_list invoice_subscription_metadata{"parent.subscription_details.metadata",
                                                         "subscription_details.metadata"};
inline constexpr path_list invoice_payments{"payments"};
inline constexpr path_list invoice_taxes{"total_taxes", "total_tax_amounts"};
inline constexpr path_list invoice_country{"customer_address.country", "customer_shipping.address.country"};

// Line of an invoice.
inline constexpr path_list line_price{"pricing.price_details.price", "price", "plan"};
inline constexpr path_list line_product{"pricing.price_details.product", "price.product", "plan.product"};
inline constexpr path_list line_proration{"parent.subscription_item_details.proration",
                                          "parent.invoice_item_details.proration", "proration"};
inline constexpr path_list line_taxes{"taxes", "tax_amounts"};

// Payment of an invoice, and where the payment itself is named.
inline constexpr path_list payment_intent{"payment.payment_intent", "payment_intent"};
inline constexpr path_list payment_charge{"payment.charge", "charge"};

// Checkout session.
inline constexpr path_list session_email{"customer_details.email", "customer_email"};
inline constexpr path_list session_country{"customer_details.address.country",
                                           "collected_information.shipping_details.address.country",
                                           "shipping_details.address.country"};

// Charge and payment intent.
inline constexpr path_list charge_country{"billing_details.address.country",
                                          "payment_method_details.card.country", "source.country"};
inline constexpr path_list charge_email{"billing_details.email", "receipt_email"};
inline constexpr path_list intent_charges{"charges"}; // Until 2022-08-01; latest_charge since.

// Subscription and its items.
inline constexpr path_list item_price{"price", "plan"};
inline constexpr path_list item_product{"price.product", "plan.product"};
inline constexpr path_list item_amount{"price.unit_amount", "plan.amount"};
inline constexpr path_list item_amount_decimal{"price.unit_amount_decimal", "plan.amount_decimal"};
inline constexpr path_list item_currency{"price.currency", "plan.currency"};
inline constexpr path_list item_interval{"price.recurring.interval", "plan.interval"};
inline constexpr path_list item_interval_count{"price.recurring.interval_count", "plan.interval_count"};
inline constexpr path_list item_usage{"price.recurring.usage_type", "plan.usage_type"};
inline constexpr path_list item_scheme{"price.billing_scheme", "plan.billing_scheme"};
inline constexpr path_list item_tiers{"price.tiers", "plan.tiers"};
inline constexpr path_list item_tiers_mode{"price.tiers_mode", "plan.tiers_mode"};
inline constexpr path_list item_tax_behavior{"price.tax_behavior"};
inline constexpr path_list period_end{"current_period_end", "items.data.0.current_period_end",
                                      "items.0.current_period_end"};

// Discounts, coupons, promotion codes.
inline constexpr path_list discount_coupon{"source.coupon", "coupon"};
inline constexpr path_list code_coupon{"promotion.coupon", "coupon"};

} // namespace tributary::stripe::paths

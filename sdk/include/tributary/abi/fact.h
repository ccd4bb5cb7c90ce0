/* Facts: what one provider document says about the world, in our words.
 *
 * A document (invoice, checkout session, charge, refund ...) is normalised into facts. Documents of one
 * kind that share an id in same_as describe one thing, and the core merges their bodies member by member:
 * highest source_rank first, then newest version. A member whose bit in `present` is 0 says nothing;
 * that is different from zero or empty.
 *
 * Version of a document = (source_time_ms, lifecycle_rank, digest of the body). Nothing in it depends on
 * the order of arrival.
 */
#ifndef TRIBUTARY_ABI_FACT_H
#define TRIBUTARY_ABI_FACT_H

#include <tributary/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Kind of a fact. OPEN. The body of a fact is the struct named beside its kind. */
#define TRB_KIND_IDENTITY 1      /* no body: the claims are the message */
#define TRB_KIND_CUSTOMER 2      /* trb_customer */
#define TRB_KIND_PRODUCT 3       /* trb_product */
#define TRB_KIND_CLICK 4         /* trb_click; made by the core, never emitted by a plugin */
#define TRB_KIND_LEAD 5          /* trb_lead */
#define TRB_KIND_CHECKOUT 6      /* trb_checkout */
#define TRB_KIND_PAYMENT 7       /* trb_payment */
#define TRB_KIND_REFUND 8        /* trb_refund */
#define TRB_KIND_DISPUTE 9       /* trb_dispute */
#define TRB_KIND_SUBSCRIPTION 10 /* trb_subscription; not merged over time: every version is history */
#define TRB_KIND_GRANT 11        /* trb_grant */
#define TRB_KIND_COMMAND 12      /* trb_command */
/* Catalogue: what was set up at the source. Nobody's history: no claims, no parents. */
#define TRB_KIND_PRICE 13          /* trb_price */
#define TRB_KIND_COUPON 14         /* trb_coupon */
#define TRB_KIND_PROMOTION_CODE 15 /* trb_promotion_code */
#define TRB_KIND_REDEMPTION 16     /* trb_redemption: a coupon that somebody has taken */
#define TRB_KIND_SCHEDULE 17       /* trb_schedule: what will change in a subscription */

/* Class of a claim. CLOSED. */
#define TRB_CLAIM_EXCLUSIVE 1 /* your own user id: at most one per subject; scope: workspace */
#define TRB_CLAIM_SHARED 2    /* customer, subscription ...: many; they join; scope: realm */
#define TRB_CLAIM_HINT 3      /* click id, e-mail: never joins two subjects; scope: workspace */

/* Whose history a fact belongs to. name is a short word ("user", "customer", "payment", "click", "email"),
 * value the id. The core itself adds a shared claim for the document id, each same_as id and each parent:
 * within a realm these ids must be unique across kinds (prefix them when the source's are not), and an id
 * that many customers have in common (a product, a price, a payment link) must never be among them. */
typedef struct trb_claim {
    int32_t claim_class;
    uint32_t reserved;
    trb_str name;
    trb_str value;
} trb_claim;

typedef struct trb_fact {
    uint32_t struct_size;
    int32_t kind;
    trb_str document_id;    /* the document's id at its source; unique within (realm, kind) */
    trb_str realm;          /* empty: the connection's realm. Else provider and account, "acme:acct_1" */
    int64_t source_time_ms; /* version, part 1: when the source says that it said so */
    int32_t lifecycle_rank; /* version, part 2: order within one source_time (created < updated < paid <
                               deleted) */
    int32_t source_rank; /* which document is believed first when several describe one thing; higher wins */
    int64_t occurred_at_ms; /* when it happened in the world; orders the history */
    const trb_str* same_as; /* other ids of the same thing, e.g. invoice, payment intent, charge, session */
    uint64_t same_as_count;
    const trb_str* parents; /* ids of what this is about, most specific first: a refund's payment; a
                               payment's subscription, then its customer. Joined like shared claims */
    uint64_t parent_count;
    const trb_claim* claims;
    uint64_t claim_count;
    const void* body; /* the struct of the kind; starts with struct_size and present */
} trb_fact;

/* Every body starts like this. present: bit n says that member n (TRB_<KIND>_<MEMBER>) is stated. */
typedef struct trb_body {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
} trb_body;

#define TRB_BIT(member) (UINT64_C(1) << (member))

/* ---- customer ------------------------------------------------------------------------------- */
#define TRB_CUSTOMER_EMAIL 0
#define TRB_CUSTOMER_NAME 1
#define TRB_CUSTOMER_COUNTRY 2
#define TRB_CUSTOMER_CREATED_AT 3
#define TRB_CUSTOMER_DELETED 4
#define TRB_CUSTOMER_METADATA 5
#define TRB_CUSTOMER_AVATAR 6
typedef struct trb_customer {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str email;
    trb_str name;
    trb_str country; /* ISO 3166-1 alpha-2, upper case */
    int64_t created_at_ms;
    int64_t deleted; /* 0 or 1 */
    const trb_pair* metadata;
    uint64_t metadata_count;
    trb_str avatar;
} trb_customer;

/* ---- product -------------------------------------------------------------------------------- */
#define TRB_PRODUCT_NAME 0
#define TRB_PRODUCT_ACTIVE 1
#define TRB_PRODUCT_METADATA 2
typedef struct trb_product {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str name;
    int64_t active; /* 0 or 1 */
    const trb_pair* metadata;
    uint64_t metadata_count;
} trb_product;

/* ---- click ---------------------------------------------------------------------------------- */
#define TRB_CLICK_LINK_ID 0
#define TRB_CLICK_URL 1
#define TRB_CLICK_REFERER 2
#define TRB_CLICK_COUNTRY 3
#define TRB_CLICK_DEVICE 4
#define TRB_CLICK_BROWSER 5
#define TRB_CLICK_OS 6
#define TRB_CLICK_TRIGGER 7
#define TRB_CLICK_VISITOR 8
typedef struct trb_click {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str link_id;
    trb_str url;
    trb_str referer;
    trb_str country;
    trb_str device;
    trb_str browser;
    trb_str os;
    trb_str trigger; /* link, qr, ... */
    trb_str visitor; /* keyed hash; an address is never stored */
} trb_click;

/* ---- lead ----------------------------------------------------------------------------------- */
#define TRB_LEAD_EVENT_NAME 0
#define TRB_LEAD_QUANTITY 1
#define TRB_LEAD_SOURCE 2
#define TRB_LEAD_METADATA 3
typedef struct trb_lead {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str event_name;
    int64_t quantity;
    trb_str source; /* tracked, submitted, trial, checkout */
    const trb_pair* metadata;
    uint64_t metadata_count;
} trb_lead;

/* ---- checkout ------------------------------------------------------------------------------- */
#define TRB_CHECKOUT_STATUS 0
#define TRB_CHECKOUT_MODE 1
#define TRB_CHECKOUT_EMAIL 2
#define TRB_CHECKOUT_NAME 3
#define TRB_CHECKOUT_COUNTRY 4
#define TRB_CHECKOUT_METADATA 5
/* Status of a checkout. OPEN. */
#define TRB_CHECKOUT_OPEN 1
#define TRB_CHECKOUT_COMPLETE 2 /* the buyer is through; money may still be under way */
#define TRB_CHECKOUT_EXPIRED 3
typedef struct trb_checkout {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    int64_t status;
    trb_str mode; /* payment, subscription, setup */
    trb_str email;
    trb_str name;
    trb_str country;
    const trb_pair* metadata;
    uint64_t metadata_count;
} trb_checkout;

/* ---- payment -------------------------------------------------------------------------------- */
#define TRB_PAYMENT_STATUS 0
#define TRB_PAYMENT_PAID_AT 1
#define TRB_PAYMENT_CASH 2
#define TRB_PAYMENT_TOTAL 3
#define TRB_PAYMENT_TOTAL_WITHOUT_TAX 4
#define TRB_PAYMENT_TAX 5
#define TRB_PAYMENT_DISCOUNT 6
#define TRB_PAYMENT_CREDIT_SPENT 7
#define TRB_PAYMENT_FEE 8
#define TRB_PAYMENT_REFUNDED_TOTAL 9
#define TRB_PAYMENT_REFUNDED_TOTAL_AT 10
#define TRB_PAYMENT_PRESENTMENT 11
#define TRB_PAYMENT_CYCLE 12
#define TRB_PAYMENT_SUBSCRIPTION_ID 13
#define TRB_PAYMENT_LINES 14
#define TRB_PAYMENT_LINES_COMPLETE 15
#define TRB_PAYMENT_COUNTRY 16
#define TRB_PAYMENT_EMAIL 17
#define TRB_PAYMENT_METADATA 18
#define TRB_PAYMENT_INVOICE_ID 19
#define TRB_PAYMENT_PROCESSOR 20
#define TRB_PAYMENT_EVENT_NAME 21
#define TRB_PAYMENT_OUT_OF_BAND 22
#define TRB_PAYMENT_NET 23
#define TRB_PAYMENT_DISCOUNTS 24
#define TRB_PAYMENT_ATTEMPTS 25
#define TRB_PAYMENT_NEXT_ATTEMPT_AT 26
#define TRB_PAYMENT_FAILURE 27
#define TRB_PAYMENT_REMAINING 28
/* Status of a payment. OPEN: anything unknown is treated as PENDING, never as success. */
#define TRB_PAYMENT_PENDING 1
#define TRB_PAYMENT_SUCCEEDED 2
#define TRB_PAYMENT_FAILED 3
#define TRB_PAYMENT_CANCELED 4
/* Which payment of its subscription it is. OPEN. */
#define TRB_CYCLE_ONE_TIME 1
#define TRB_CYCLE_FIRST 2
#define TRB_CYCLE_RENEWAL 3
#define TRB_CYCLE_CHANGE 4 /* proration, upgrade */
/* One line of a payment; amounts are minor units in the currency and exponent of the payment's total. */
typedef struct trb_line {
    uint32_t struct_size;
    uint32_t proration; /* 0 or 1 */
    trb_str id;
    trb_str product_id;
    trb_str price_id;
    trb_str description;
    int64_t quantity;
    int64_t net_minor; /* after discounts, without tax, inclusive tax taken out; may be negative (credit) */
    int64_t tax_minor;
    int64_t discount_minor;
    int64_t period_start_ms; /* 0: not a period */
    int64_t period_end_ms;
} trb_line;
/* One discount on a payment or a subscription. Ids that the source did not tell are empty. */
typedef struct trb_discount {
    uint32_t struct_size;
    uint32_t has_amount; /* 0: how much it took off is not told */
    trb_str id;          /* of the redemption (TRB_KIND_REDEMPTION) */
    trb_str coupon_id;
    trb_str promotion_code_id;
    int64_t amount_minor; /* in the currency and exponent of the payment's total */
} trb_discount;
typedef struct trb_payment {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    int64_t status;
    int64_t paid_at_ms;
    trb_money cash;              /* money received, tax included; spent credit is not cash */
    trb_money total;             /* what was billed, tax included */
    trb_money total_without_tax; /* what was billed after discounts, without tax */
    trb_money tax;
    trb_money discount;
    trb_money credit_spent;       /* part of total that account credit paid */
    trb_money fee;                /* provider's fee, in its own currency; absent means unknown, never zero */
    trb_money refunded_total;     /* cumulative, as the payment's own document tells it ... */
    int64_t refunded_total_at_ms; /* ... at this time; covers refunds whose own documents never came */
    trb_money presentment;        /* what the buyer saw, when that was another currency */
    int64_t cycle;
    trb_str subscription_id;
    const trb_line* lines;
    uint64_t line_count;
    uint64_t line_stride;
    int64_t lines_complete; /* 0: the source has more lines than it told */
    trb_str country;
    trb_str email;
    const trb_pair* metadata;
    uint64_t metadata_count;
    trb_str invoice_id;
    trb_str processor;
    trb_str event_name;
    int64_t out_of_band; /* 1: the money did not pass through the provider */
    trb_money net;       /* what the seller's balance received: after the fee, in the balance's currency */
    const trb_discount* discounts;
    uint64_t discount_count;
    uint64_t discount_stride;
    int64_t attempts;           /* how often the source has tried to collect it */
    int64_t next_attempt_at_ms; /* 0 stated: it will not try again by itself */
    trb_str failure;            /* the source's word for why the last try failed, "card_declined" */
    trb_money remaining;        /* what is still owed */
} trb_payment;

/* ---- refund --------------------------------------------------------------------------------- */
#define TRB_REFUND_STATUS 0
#define TRB_REFUND_AMOUNT 1
#define TRB_REFUND_REASON 2
#define TRB_REFUND_CREATED_AT 3
#define TRB_REFUND_LINES 4
#define TRB_REFUND_OUT_OF_BAND 5
/* Status of a refund. OPEN: unknown is PENDING. Pending ones hold what depends on the money. */
#define TRB_REFUND_PENDING 1
#define TRB_REFUND_SUCCEEDED 2
#define TRB_REFUND_FAILED 3
#define TRB_REFUND_CANCELED 4
typedef struct trb_refund {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    int64_t status;
    trb_money amount; /* tax included, positive */
    trb_str reason;
    int64_t created_at_ms;
    const trb_line* lines; /* when the source says which lines were refunded; net_minor positive */
    uint64_t line_count;
    uint64_t line_stride;
    int64_t out_of_band; /* 1: it did not pass through the provider; no payment's refunded_total holds it */
} trb_refund;

/* ---- dispute -------------------------------------------------------------------------------- */
#define TRB_DISPUTE_STATUS 0
#define TRB_DISPUTE_AMOUNT 1
#define TRB_DISPUTE_REASON 2
/* Status of a dispute. OPEN. Inquiries and early warnings change nothing. */
#define TRB_DISPUTE_INQUIRY 1
#define TRB_DISPUTE_OPEN 2
#define TRB_DISPUTE_WON 3
#define TRB_DISPUTE_LOST 4
typedef struct trb_dispute {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    int64_t status;
    trb_money amount;
    trb_str reason;
} trb_dispute;

/* ---- subscription --------------------------------------------------------------------------- */
#define TRB_SUBSCRIPTION_STATUS 0
#define TRB_SUBSCRIPTION_ITEMS 1
#define TRB_SUBSCRIPTION_PERIOD_START 2
#define TRB_SUBSCRIPTION_PERIOD_END 3
#define TRB_SUBSCRIPTION_TRIAL_START 4
#define TRB_SUBSCRIPTION_TRIAL_END 5
#define TRB_SUBSCRIPTION_CANCEL_AT 6
#define TRB_SUBSCRIPTION_CANCELED_AT 7
#define TRB_SUBSCRIPTION_ENDED_AT 8
#define TRB_SUBSCRIPTION_COLLECTION_PAUSED 9
#define TRB_SUBSCRIPTION_METADATA 10
#define TRB_SUBSCRIPTION_RESUMES_AT 11
#define TRB_SUBSCRIPTION_PAUSE_REASON 12
#define TRB_SUBSCRIPTION_CANCEL_REASON 13
#define TRB_SUBSCRIPTION_DISCOUNTS 14
/* Status of a subscription. OPEN. */
#define TRB_SUBSCRIPTION_INCOMPLETE 1
#define TRB_SUBSCRIPTION_TRIALING 2
#define TRB_SUBSCRIPTION_ACTIVE 3
#define TRB_SUBSCRIPTION_PAST_DUE 4
#define TRB_SUBSCRIPTION_UNPAID 5
#define TRB_SUBSCRIPTION_PAUSED 6
#define TRB_SUBSCRIPTION_CANCELED 7
typedef struct trb_subscription_item {
    uint32_t struct_size;
    uint32_t metered; /* 0 or 1 */
    trb_str id;
    trb_str product_id;
    trb_str price_id;
    int64_t quantity;
    trb_money unit_amount; /* currency empty: there is none. Exponents up to 15: prices below a minor unit */
    trb_str interval;      /* day, week, month, year */
    int64_t interval_count;
    trb_money amount; /* of all its quantity, an interval; currency empty: not known, see unpriced */
    trb_str unpriced; /* why amount is not known: "metered", "tiered", "custom", "not_told"; else empty */
    int64_t period_start_ms; /* its own period; 0: not told */
    int64_t period_end_ms;
    int64_t trial_end_ms;  /* its own trial; 0: none told */
    int64_t tax_inclusive; /* 1: the amounts hold the tax */
} trb_subscription_item;
typedef struct trb_subscription {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    int64_t status;
    const trb_subscription_item* items;
    uint64_t item_count;
    uint64_t item_stride;
    int64_t period_start_ms;
    int64_t period_end_ms;
    int64_t trial_start_ms;
    int64_t trial_end_ms;
    int64_t cancel_at_ms;   /* 0 stated: no cancellation is scheduled */
    int64_t canceled_at_ms; /* when it was asked for */
    int64_t ended_at_ms;
    int64_t collection_paused; /* 0 or 1 */
    const trb_pair* metadata;
    uint64_t metadata_count;
    int64_t resumes_at_ms; /* of either kind of pause; 0 stated: nobody knows */
    trb_str pause_reason;  /* the source's word: why the status is paused */
    trb_str cancel_reason; /* the source's word: "payment_failed", "cancellation_requested" */
    const trb_discount* discounts;
    uint64_t discount_count;
    uint64_t discount_stride;
} trb_subscription;

/* ---- grant ---------------------------------------------------------------------------------- */
#define TRB_GRANT_PRODUCT_ID 0
#define TRB_GRANT_STARTS_AT 1
#define TRB_GRANT_ENDS_AT 2
#define TRB_GRANT_REVOKED 3
typedef struct trb_grant {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str product_id;
    int64_t starts_at_ms;
    int64_t ends_at_ms; /* absent: for ever */
    int64_t revoked;    /* 0 or 1 */
} trb_grant;

/* ---- command: what a person or an API call decided -------------------------------------------- */
#define TRB_COMMAND_ACTION 0
#define TRB_COMMAND_TARGET 1
#define TRB_COMMAND_BENEFICIARY 2
#define TRB_COMMAND_AMOUNT 3
#define TRB_COMMAND_ARGUMENTS 4
#define TRB_COMMAND_SEQUENCE 5
typedef struct trb_command {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str action;      /* word of the projection that reads it: "attribution.pay" */
    trb_str target;      /* id of the derived row it is about */
    trb_str beneficiary; /* partner, when money moves */
    trb_money amount;    /* what was paid; a constant for ever after */
    const trb_pair* arguments;
    uint64_t argument_count;
    int64_t sequence; /* given by the host: commands are put in order when accepted */
} trb_command;

/* ---- catalogue: price, coupon, promotion code ------------------------------------------------- */
#define TRB_PRICE_PRODUCT_ID 0
#define TRB_PRICE_NAME 1
#define TRB_PRICE_ACTIVE 2
#define TRB_PRICE_UNIT_AMOUNT 3
#define TRB_PRICE_UNPRICED 4
#define TRB_PRICE_INTERVAL 5
#define TRB_PRICE_INTERVAL_COUNT 6
#define TRB_PRICE_METERED 7
#define TRB_PRICE_TAX_INCLUSIVE 8
#define TRB_PRICE_METADATA 9
typedef struct trb_price {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str product_id;
    trb_str name;
    int64_t active;        /* 0 or 1 */
    trb_money unit_amount; /* exponents up to 15 */
    trb_str unpriced;      /* why there is no unit_amount: "tiered", "custom" */
    trb_str interval;      /* day, week, month, year; not stated: it is paid once */
    int64_t interval_count;
    int64_t metered;       /* 0 or 1 */
    int64_t tax_inclusive; /* 0 or 1 */
    const trb_pair* metadata;
    uint64_t metadata_count;
} trb_price;

#define TRB_COUPON_NAME 0
#define TRB_COUPON_ACTIVE 1
#define TRB_COUPON_PERCENT 2
#define TRB_COUPON_AMOUNT_OFF 3
#define TRB_COUPON_DURATION 4
#define TRB_COUPON_MONTHS 5
#define TRB_COUPON_METADATA 6
typedef struct trb_coupon {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str name;
    int64_t active;       /* 0 or 1 */
    trb_str percent;      /* a decimal number as text, "12.5" */
    trb_money amount_off; /* either this or percent */
    trb_str duration;     /* once, repeating, forever */
    int64_t months;       /* of a repeating one */
    const trb_pair* metadata;
    uint64_t metadata_count;
} trb_coupon;

#define TRB_PROMOTION_CODE_CODE 0
#define TRB_PROMOTION_CODE_COUPON_ID 1
#define TRB_PROMOTION_CODE_ACTIVE 2
#define TRB_PROMOTION_CODE_EXPIRES_AT 3
#define TRB_PROMOTION_CODE_METADATA 4
typedef struct trb_promotion_code {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str code; /* what buyers type */
    trb_str coupon_id;
    int64_t active; /* 0 or 1 */
    int64_t expires_at_ms;
    const trb_pair* metadata;
    uint64_t metadata_count;
} trb_promotion_code;

/* ---- redemption: a coupon that somebody has taken ---------------------------------------------- */
#define TRB_REDEMPTION_COUPON_ID 0
#define TRB_REDEMPTION_PROMOTION_CODE_ID 1
#define TRB_REDEMPTION_SUBSCRIPTION_ID 2
#define TRB_REDEMPTION_STARTS_AT 3
#define TRB_REDEMPTION_ENDS_AT 4
#define TRB_REDEMPTION_PERCENT 5
#define TRB_REDEMPTION_AMOUNT_OFF 6
#define TRB_REDEMPTION_DURATION 7
#define TRB_REDEMPTION_MONTHS 8
#define TRB_REDEMPTION_ENDED 9
typedef struct trb_redemption {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str coupon_id;
    trb_str promotion_code_id;
    trb_str subscription_id; /* not stated: it holds for all that its customer buys */
    int64_t starts_at_ms;
    int64_t ends_at_ms; /* 0 stated: it does not end by itself */
    trb_str percent;    /* as of the coupon when it was taken */
    trb_money amount_off;
    trb_str duration;
    int64_t months;
    int64_t ended; /* 1: it was taken away */
} trb_redemption;

/* ---- schedule: what will change in a subscription ----------------------------------------------- */
#define TRB_SCHEDULE_SUBSCRIPTION_ID 0
#define TRB_SCHEDULE_ACTIVE 1
#define TRB_SCHEDULE_CHANGE_AT 2
#define TRB_SCHEDULE_ITEMS 3
#define TRB_SCHEDULE_ENDS_AT 4
typedef struct trb_schedule {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t present;
    trb_str subscription_id;
    int64_t active;                     /* 0: released, canceled or completed */
    int64_t change_at_ms;               /* 0 stated: nothing is ahead */
    const trb_subscription_item* items; /* from then on */
    uint64_t item_count;
    uint64_t item_stride;
    int64_t ends_at_ms; /* when it cancels the subscription; 0 stated: it does not */
} trb_schedule;

#ifdef __cplusplus
}
#endif
#endif

#include "plugins/toy/toy_fold.hpp"

#include <optional>

#include "plugins/toy/toy_projection.hpp"

namespace toy {

namespace {

constexpr std::int64_t bps_whole = 10'000;

std::uint32_t index(table which) {
    return static_cast<std::uint32_t>(which);
}

std::int64_t add(std::int64_t left, std::int64_t right) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left, right, &sum))
        throw std::overflow_error("a total does not fit 64 bits");
    return sum;
}

std::int64_t subtract(std::int64_t from, std::int64_t what) {
    std::int64_t rest = 0;
    if (__builtin_sub_overflow(from, what, &rest))
        throw std::overflow_error("a difference does not fit 64 bits");
    return rest;
}

/// Rounded half up; amount >= 0, 0 <= rate <= 10000. Cannot overflow: the whole part and the rest go
/// separately.
std::int64_t share_of(std::int64_t amount_minor, std::int64_t rate_bps) {
    return amount_minor / bps_whole * rate_bps +
           (amount_minor % bps_whole * rate_bps + bps_whole / 2) / bps_whole;
}

bool is_about(const trb_merged_fact& child, const trb_merged_fact& parent) {
    if (sdk::view(child.realm) != sdk::view(parent.realm))
        return false;
    for (std::uint64_t at = 0; at < child.parent_count; ++at)
        for (std::uint64_t id = 0; id < parent.id_count; ++id)
            if (sdk::view(child.parents[at]) == sdk::view(parent.ids[id]))
                return true;
    return false;
}

std::string json_text(std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\')
            quoted += '\\';
        if (static_cast<unsigned char>(letter) < 0x20)
            quoted.append("\\u00").append({digits[letter >> 4], digits[letter & 15]});
        else
            quoted += letter;
    }
    return quoted += '"';
}

} // namespace

sdk::outcome toy_projection_base::fold(const trb_history& history, std::int64_t now_ms,
                                       sdk::fold_sink into) const {
    return folding(history, now_ms, into, reserve_percent_).run();
}

sdk::outcome folding::run() {
    if (poisoned())
        return sdk::internal("a customer of this subject says poison=1");
    if (facts_.size() == 0)
        return {};
    collect();
    for (const trb_merged_fact& fact : facts_)
        if (fact.kind == TRB_KIND_PAYMENT)
            fold_payment(fact);
    fold_subscriptions();
    fold_subject();
    return {};
}

bool folding::poisoned() const {
    for (const trb_merged_fact& fact : facts_) {
        if (fact.kind != TRB_KIND_CUSTOMER)
            continue;
        const auto& customer = sdk::body_as<trb_customer>(fact.body);
        if (!sdk::states(customer, TRB_CUSTOMER_METADATA))
            continue;
        for (std::uint64_t at = 0; at < customer.metadata_count; ++at)
            if (sdk::view(customer.metadata[at].name) == "poison" &&
                sdk::view(customer.metadata[at].value) == "1")
                return true;
    }
    return false;
}

void folding::collect() {
    for (const trb_merged_fact& fact : facts_) {
        for (std::uint64_t at = 0; at < fact.claim_count && user_.empty(); ++at)
            if (fact.claims[at].claim_class == TRB_CLAIM_EXCLUSIVE)
                user_ = sdk::view(fact.claims[at].value);
        switch (fact.kind) {
        case TRB_KIND_CLICK: {
            const std::string_view link = sdk::view(sdk::body_as<trb_click>(fact.body).link_id);
            if (clicks_.empty())
                first_link_ = link;
            clicks_.append(clicks_.empty() ? "" : ",").append(link);
            break;
        }
        case TRB_KIND_LEAD: ++leads_; break;
        case TRB_KIND_COMMAND: ++commands_; break;
        case TRB_KIND_REFUND: ++refunds_; break;
        case TRB_KIND_SUBSCRIPTION: {
            // The history is in order, so the last version seen is the newest.
            const std::string_view smallest = fact.id_count > 0 ? sdk::view(fact.ids[0]) : sdk::view(fact.id);
            subscriptions_[std::string(sdk::view(fact.realm)) + "/" + std::string(smallest)] = &fact;
            break;
        }
        default: break;
        }
    }
}

folding::returned folding::returned_from(const trb_merged_fact& payment) const {
    returned sum;
    for (const trb_merged_fact& fact : facts_) {
        if ((fact.kind != TRB_KIND_REFUND && fact.kind != TRB_KIND_DISPUTE) || !is_about(fact, payment))
            continue;
        if (fact.kind == TRB_KIND_REFUND) {
            const auto& refund = sdk::body_as<trb_refund>(fact.body);
            if (refund.status == TRB_REFUND_SUCCEEDED)
                sum.minor = add(sum.minor, refund.amount.amount_minor);
            else if (refund.status != TRB_REFUND_FAILED && refund.status != TRB_REFUND_CANCELED)
                ++sum.refunds_pending; // What is not known to be over is pending.
        } else {
            const auto& dispute = sdk::body_as<trb_dispute>(fact.body);
            if (dispute.status == TRB_DISPUTE_LOST)
                sum.minor = add(sum.minor, dispute.amount.amount_minor);
            else if (dispute.status == TRB_DISPUTE_OPEN)
                ++sum.disputes_open;
        }
    }
    // The payment's own document may know of refunds whose documents never came.
    const auto& body = sdk::body_as<trb_payment>(payment.body);
    if (sdk::states(body, TRB_PAYMENT_REFUNDED_TOTAL))
        sum.minor = std::max(sum.minor, body.refunded_total.amount_minor);
    return sum;
}

std::optional<std::int64_t> folding::rate_bps(std::string_view currency, std::int64_t at_ms) const {
    std::optional<std::int64_t> rate;
    into_.lookup(rate_lookup, currency, at_ms, [&](sdk::cells row) {
        if (row[0].integer <= at_ms)
            rate = row[1].integer;
    });
    return rate;
}

void folding::fold_payment(const trb_merged_fact& fact) {
    const auto& body = sdk::body_as<trb_payment>(fact.body);
    const bool succeeded = body.status == TRB_PAYMENT_SUCCEEDED && sdk::states(body, TRB_PAYMENT_CASH);
    const trb_money cash = succeeded ? body.cash : trb_money{};
    const returned back = returned_from(fact);
    const std::int64_t kept = std::max<std::int64_t>(0, subtract(cash.amount_minor, back.minor));
    const std::int64_t net = kept - share_of(kept, reserve_percent_ * 100);
    const std::string_view currency = sdk::currency_of(cash);
    const auto rate = succeeded ? rate_bps(currency, fact.occurred_at_ms) : std::nullopt;
    const std::int64_t share = rate ? share_of(net, *rate) : 0;
    const trb_cell cells[] = {sdk::cell(body.status),
                              sdk::cell(cash.amount_minor),
                              sdk::cell(back.minor),
                              sdk::cell(net),
                              sdk::cell(currency),
                              sdk::cell(cash.exponent),
                              rate ? sdk::cell(*rate) : sdk::cell(),
                              sdk::cell(share),
                              sdk::cell(back.refunds_pending),
                              sdk::cell(back.disputes_open),
                              sdk::cell(fact.historic),
                              sdk::cell(fact.ambiguous)};
    const std::string_view id = sdk::view(fact.id);
    into_.row(index(table::payment), id, cells);
    if (into_.tracing()) {
        into_.trace(index(table::payment), id, "cash", std::to_string(cash.amount_minor), id);
        into_.trace(index(table::payment), id, "returned", std::to_string(back.minor));
        into_.trace(index(table::payment), id, "rate", rate ? std::to_string(*rate) + " bps" : "none");
        into_.trace(index(table::payment), id, "rounding", "half up");
    }
    if (!succeeded)
        return;
    ++payments_;
    if (currency_.empty())
        currency_ = currency;
    if (currency_ == currency)
        net_minor_ = add(net_minor_, net);
    std::int64_t& total = totals_[std::string(currency) + "/" + std::to_string(cash.exponent)];
    total = add(total, net);
    tell_payment(fact, cash, net);
}

void folding::tell_payment(const trb_merged_fact& fact, const trb_money& cash, std::int64_t net_minor) {
    const std::string_view currency = sdk::currency_of(cash);
    into_.measure("toy.net", first_link_, currency, fact.occurred_at_ms, net_minor);
    into_.measure("toy.payments", first_link_, {}, fact.occurred_at_ms, 1);
    const std::string body = "{\"payment\":" + json_text(sdk::view(fact.id)) +
                             ",\"net\":" + std::to_string(net_minor) +
                             ",\"currency\":" + json_text(currency) + "}";
    into_.message("toy.payment", sdk::view(fact.id), fact.occurred_at_ms, body, true);
}

void folding::fold_subscriptions() {
    for (const auto& [key, fact] : subscriptions_) {
        const auto& body = sdk::body_as<trb_subscription>(fact->body);
        const bool ends = sdk::states(body, TRB_SUBSCRIPTION_PERIOD_END);
        const bool lapsed = ends && body.period_end_ms <= now_ms_;
        if (ends && !lapsed)
            into_.wake_at(body.period_end_ms);
        const trb_cell cells[] = {sdk::cell(body.status), sdk::cell(ends ? body.period_end_ms : 0),
                                  sdk::cell(lapsed)};
        into_.row(index(table::subscription), key, cells);
        if (lapsed)
            into_.message("toy.lapsed", key + "@" + std::to_string(body.period_end_ms), body.period_end_ms,
                          "{\"subscription\":" + json_text(key) + "}", false);
    }
}

void folding::fold_subject() {
    std::string totals;
    for (const auto& [currency, minor] : totals_)
        totals.append(totals.empty() ? "" : ",").append(currency).append(":").append(std::to_string(minor));
    const trb_cell cells[] = {user_.empty() ? sdk::cell() : sdk::cell(std::string_view(user_)),
                              sdk::cell(payments_),
                              sdk::cell(refunds_),
                              sdk::cell(leads_),
                              sdk::cell(commands_),
                              sdk::cell(net_minor_),
                              sdk::cell(std::string_view(currency_)),
                              sdk::cell(std::string_view(totals)),
                              sdk::cell(std::string_view(clicks_))};
    into_.row(index(table::subject), sdk::view(history_.subject_id), cells);
}

} // namespace toy

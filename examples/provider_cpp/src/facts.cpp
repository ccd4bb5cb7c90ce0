// Objects of Ledgerly, in our words. A webhook, a page of a backfill and a fetched object hold the same
// objects, and each says when it was last changed: whichever comes first, the same version of it gives the
// same fact.
#include <vector>

#include "ledgerly.hpp"
#include "reader.hpp"

namespace ledgerly {
namespace {

using sdk::view;

/// A fact and the texts that it points to.
class told {
  public:
    told(std::int32_t kind, const json& object, const char* happened)
        : id_(text(object, "id")), customer_(text_or_empty(object, "customer")) {
        fact_.struct_size = sizeof fact_;
        fact_.kind = kind;
        fact_.source_time_ms = integer(object, "updated_at");
        fact_.source_rank = 1;
        fact_.occurred_at_ms = integer(object, happened);
    }
    /// Whose is it? The customer joins histories, the shop's own user decides, the click only hints.
    void claim(std::int32_t claim_class, std::string_view name, const std::string& value) {
        if (!value.empty())
            claims_.push_back({claim_class, 0, view(name), view(value)});
    }
    bool emit(sdk::fact_sink into, const void* body, const std::string& parent = {}) {
        const trb_str about = view(parent);
        claim(TRB_CLAIM_SHARED, "customer", customer_);
        fact_.document_id = view(id_);
        fact_.parents = &about;
        fact_.parent_count = parent.empty() ? 0 : 1;
        fact_.claims = claims_.data();
        fact_.claim_count = claims_.size();
        fact_.body = body;
        return into.emit(fact_);
    }

  private:
    std::string id_;
    std::string customer_;
    std::vector<trb_claim> claims_;
    trb_fact fact_{};
};

/// An unknown word is pending, never success.
std::int64_t status_of(const json& object, std::int64_t settled, std::int64_t failed, std::int64_t pending) {
    const std::string status = text(object, "status");
    return status == "settled" ? settled : status == "failed" ? failed : pending;
}

bool tell_refund(const json& object, sdk::fact_sink into) {
    told fact(TRB_KIND_REFUND, object, "created_at");
    const std::string reason = text_or_empty(object, "reason");
    trb_refund refund{};
    refund.struct_size = sizeof refund;
    refund.present = TRB_BIT(TRB_REFUND_STATUS) | TRB_BIT(TRB_REFUND_AMOUNT) | TRB_BIT(TRB_REFUND_CREATED_AT);
    refund.status = status_of(object, TRB_REFUND_SUCCEEDED, TRB_REFUND_FAILED, TRB_REFUND_PENDING);
    refund.amount = money(object, "amount");
    refund.created_at_ms = integer(object, "created_at");
    if (!reason.empty()) { // What is not told is left out, which is not the same as empty.
        refund.present |= TRB_BIT(TRB_REFUND_REASON);
        refund.reason = view(reason);
    }
    return fact.emit(into, &refund, text(object, "payment"));
}

bool tell_payment(const json& object, sdk::fact_sink into) {
    const bool paid = has(object, "paid_at");
    told fact(TRB_KIND_PAYMENT, object, paid ? "paid_at" : "created_at");
    const std::string user = text_or_empty(object, "user");
    const std::string click = text_or_empty(object, "click");
    fact.claim(TRB_CLAIM_EXCLUSIVE, "user", user);
    fact.claim(TRB_CLAIM_HINT, "click", click);
    trb_payment payment{};
    payment.struct_size = sizeof payment;
    payment.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_TOTAL) |
                      TRB_BIT(TRB_PAYMENT_TOTAL_WITHOUT_TAX) | TRB_BIT(TRB_PAYMENT_TAX);
    payment.status = status_of(object, TRB_PAYMENT_SUCCEEDED, TRB_PAYMENT_FAILED, TRB_PAYMENT_PENDING);
    payment.total = payment.tax = payment.total_without_tax = money(object, "amount");
    payment.tax.amount_minor = integer(object, "tax_minor");
    payment.total_without_tax.amount_minor -= payment.tax.amount_minor;
    if (payment.total_without_tax.amount_minor < 0)
        throw malformed("tax_minor");
    if (paid) {
        payment.present |= TRB_BIT(TRB_PAYMENT_PAID_AT) | TRB_BIT(TRB_PAYMENT_CASH);
        payment.paid_at_ms = integer(object, "paid_at");
        payment.cash = payment.total;
    }
    bool taken = fact.emit(into, &payment);
    if (has(object, "refunds"))
        for (const json& refund : list(object, "refunds"))
            taken = tell_refund(refund, into) && taken;
    return taken;
}

bool tell_customer(const json& object, sdk::fact_sink into) {
    told fact(TRB_KIND_CUSTOMER, object, "created_at");
    const std::string email = text_or_empty(object, "email");
    const std::string name = text_or_empty(object, "name");
    const std::string user = text_or_empty(object, "user");
    fact.claim(TRB_CLAIM_EXCLUSIVE, "user", user);
    fact.claim(TRB_CLAIM_HINT, "email", email);
    trb_customer customer{};
    customer.struct_size = sizeof customer;
    customer.present = TRB_BIT(TRB_CUSTOMER_CREATED_AT);
    customer.created_at_ms = integer(object, "created_at");
    if (!email.empty()) {
        customer.present |= TRB_BIT(TRB_CUSTOMER_EMAIL);
        customer.email = view(email);
    }
    if (!name.empty()) {
        customer.present |= TRB_BIT(TRB_CUSTOMER_NAME);
        customer.name = view(name);
    }
    return fact.emit(into, &customer);
}

} // namespace

bool tell_object(const json& object, sdk::fact_sink into) {
    const std::string kind = text(object, "kind");
    if (kind == "payment")
        return tell_payment(object, into);
    if (kind == "refund")
        return tell_refund(object, into);
    if (kind == "customer")
        return tell_customer(object, into);
    into.note("unsupported", "an object of the kind '" + kind + "' is not read");
    return true;
}

} // namespace ledgerly

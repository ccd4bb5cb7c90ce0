// A payment provider. verify: is a delivery genuine? normalise: what does it say, in tributary's words? Both
// are pure functions of what they are given: duplicates, order, storage and HTTP are the host's concern.
#include <tributary/sdk/crypto.hpp>
#include <tributary/sdk/plugin.hpp>

#include <array>
#include <string>

#include "form.hpp"

namespace acmepay {
namespace {

namespace sdk = tributary::sdk;
using sdk::view;

constexpr std::array<trb_story, 1> all_stories{
    {{sizeof(trb_story), 0, TRB_STR_INIT("sale"), TRB_STR_INIT("somebody pays once")}}};

/// It keeps nothing between calls but the host's cryptography, so every call is thread-safe.
class plugin final : public sdk::plugin, public sdk::provider, public sdk::simulator {
  public:
    static constexpr std::string_view short_name = "acmepay";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "its author";
    static constexpr std::uint32_t normaliser_version = 1; // raise it when the same bytes give other facts

    explicit plugin(sdk::host from) : crypto_(from) {}

    static sdk::outcome create(sdk::host from, std::string_view config, std::unique_ptr<plugin>& made) {
        if (config != "{}")
            return sdk::invalid("unknown_key", "there is nothing to configure in [plugin.acmepay]");
        made = std::make_unique<plugin>(from);
        return {};
    }
    static std::span<const trb_str> requirements() noexcept {
        static constexpr std::array<trb_str, 1> services{{TRB_STR_INIT(TRB_SERVICE_CRYPTO)}};
        return services;
    }

    sdk::outcome verify(const trb_connection& connection, sdk::records with,
                        sdk::verdicts into) const override {
        const std::string_view body = view(with[0].body);
        const auto signatures = sdk::headers_named(with[0], "acmepay-signature");
        if (signatures.size() != 1)
            return sdk::rejected("no_signature", "there has to be one header Acmepay-Signature");
        bool genuine = false; // several secrets may be active: one was rolled
        for (const std::string_view secret : sdk::secrets_named(connection, "signing"))
            genuine |= crypto_.equal(sign(secret, body), signatures[0]);
        if (!genuine)
            return sdk::rejected("signature_mismatch", "no secret 'signing' gives this signature");
        try {
            const form event(body);
            if ((event.text("mode") == "live") != (connection.environment == TRB_LIVE))
                return sdk::rejected("wrong_environment", "live, and the connection is not, or the reverse");
            into.accept(event.text("event"), event.text("type"));
        } catch (const malformed& wrong) {
            return sdk::invalid("malformed_event", wrong.what());
        }
        return {};
    }

    sdk::outcome normalise(const trb_connection&, sdk::records with, sdk::fact_sink into) const override {
        try {
            const form event(view(with[0].body));
            const std::string& type = event.text("type");
            if (type == "payment.settled")
                return tell_payment(event, into);
            if (type == "refund.settled")
                return tell_refund(event, into);
            into.note("unsupported", "neither a payment nor a refund that was settled");
        } catch (const malformed& wrong) {
            return sdk::invalid("malformed_event", wrong.what());
        }
        return {};
    }

    static std::span<const trb_story> stories() noexcept { return all_stories; }
    /// A sale, signed, as Acmepay would deliver it.
    sdk::outcome tell(const trb_story_request& request, sdk::story_sink into) const override {
        if (view(request.story) != "sale")
            return sdk::not_found("there is one story, 'sale'");
        const std::string seed = std::to_string(request.seed);
        const std::string body = "event=evt_" + seed + "&type=payment.settled&mode=" +
                                 (request.environment == TRB_LIVE ? "live" : "test") + "&id=pay_" + seed +
                                 "&customer=cus_" + seed + "&user=user_" + seed +
                                 "&amount=2400&tax=400&currency=EUR&at=" + std::to_string(request.at_ms);
        const std::string signature = sign(view(request.signing_secret), body);
        const std::array<trb_pair, 1> headers{
            {{TRB_STR("Acmepay-Signature"), view(std::string_view(signature))}}};
        into.deliver("payment.settled", request.at_ms, headers, body);
        into.expect("sales", 1);
        return {};
    }

  private:
    std::string sign(std::string_view secret, std::string_view body) const {
        return crypto_.hex(crypto_.hmac_sha256(secret, body));
    }

    /// The part that payments and refunds have in common.
    static trb_fact fact_of(const form& event, std::int32_t kind) {
        trb_fact fact{};
        fact.struct_size = sizeof fact;
        fact.kind = kind;
        fact.document_id = view(std::string_view(event.text("id")));
        fact.source_time_ms = fact.occurred_at_ms = event.integer("at");
        fact.source_rank = 1;
        return fact;
    }
    static sdk::outcome emit(const trb_fact& fact, sdk::fact_sink into) {
        return into.emit(fact) ? sdk::outcome() : sdk::invalid("refused_fact", "the host refused the fact");
    }

    static sdk::outcome tell_payment(const form& event, sdk::fact_sink into) {
        const std::string user = event.text_or_empty("user");
        trb_payment payment{};
        payment.struct_size = sizeof payment;
        payment.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_PAID_AT) |
                          TRB_BIT(TRB_PAYMENT_CASH) | TRB_BIT(TRB_PAYMENT_TOTAL) |
                          TRB_BIT(TRB_PAYMENT_TOTAL_WITHOUT_TAX);
        payment.status = TRB_PAYMENT_SUCCEEDED;
        payment.paid_at_ms = event.integer("at");
        payment.cash = payment.total = payment.total_without_tax = event.money("amount");
        payment.total_without_tax.amount_minor -= event.integer("tax");
        if (payment.total_without_tax.amount_minor < 0)
            throw malformed("tax");
        // Whose is it? The customer joins histories, the shop's own user decides.
        const std::array<trb_claim, 2> claims{
            {{TRB_CLAIM_SHARED, 0, TRB_STR("customer"), view(std::string_view(event.text("customer")))},
             {TRB_CLAIM_EXCLUSIVE, 0, TRB_STR("user"), view(std::string_view(user))}}};
        trb_fact fact = fact_of(event, TRB_KIND_PAYMENT);
        fact.claims = claims.data();
        fact.claim_count = user.empty() ? 1 : 2;
        fact.body = &payment;
        return emit(fact, into);
    }

    static sdk::outcome tell_refund(const form& event, sdk::fact_sink into) {
        trb_refund refund{};
        refund.struct_size = sizeof refund;
        refund.present =
            TRB_BIT(TRB_REFUND_STATUS) | TRB_BIT(TRB_REFUND_AMOUNT) | TRB_BIT(TRB_REFUND_CREATED_AT);
        refund.status = TRB_REFUND_SUCCEEDED;
        refund.amount = event.money("amount");
        refund.created_at_ms = event.integer("at");
        const trb_str payment = view(std::string_view(event.text("payment")));
        trb_fact fact = fact_of(event, TRB_KIND_REFUND);
        fact.parents = &payment; // known or not yet: the refund waits in the history for it
        fact.parent_count = 1;
        fact.body = &refund;
        return emit(fact, into);
    }

    sdk::crypto crypto_;
};

} // namespace
} // namespace acmepay

TRIBUTARY_PLUGIN(acmepay::plugin)

#pragma once

#include <tributary/sdk/provider.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "json_path.hpp"
#include "money.hpp"
#include "settings.hpp"

/// Facts while they are put together. Everything is collected first and handed over at the end: a record that
/// turns out to be faulty in its last line emits nothing.
namespace tributary::stripe {

/// Which document is believed first when several tell of one payment. The first one also dates it: an answer
/// that does not know itself when the payment happened stands below all that do.
enum source_rank : std::int32_t {
    rank_credit_note = 1,   ///< Vouches for a refund that may have no document of its own.
    rank_session_lines = 2, ///< Webhooks hold no lines of a session: nothing else states them.
    rank_open_charge = 4,   ///< No money came of it (yet); another charge may have brought it.
    rank_standalone = 6,    ///< The answer that a payment belongs to no invoice.
    rank_plan = 9,          ///< A price under its older name: it knows less.
    rank_charge = 10,
    rank_intent = 15, ///< Also invoice_payment.
    rank_session = 20,
    rank_invoice = 30,
    rank_invoice_lines = 31, ///< All lines; an invoice itself holds ten at most.
};

/// Order of events within one second.
enum lifecycle : std::int32_t {
    said_created = 10,
    said_finalized = 15,
    said_updated = 20,
    said_paid = 30,
    said_failed = 40,
    said_closed = 50,
};

/// One object, and what is known about the telling of it. Everything lives as long as the call.
struct telling {
    const json::value& object;
    std::string_view event_type; ///< "" for a bare object (an answer).
    std::int64_t said_at_ms = 0; ///< When Stripe said so: the version of what it says.
    std::int32_t rank = said_updated;
    std::string_view account; ///< Connected account, "" for the connection's own.
    const settings& options;
    std::string_view version{};            ///< Of the API that wrote the object; "" when it is not told.
    const json::value* previous = nullptr; ///< What an update changed, as it was before.

    bool bare() const noexcept { return event_type.empty(); }
};

using metadata_map = std::map<std::string_view, std::string_view>;

/// A fact under construction. Views point into the record's JSON or into keep().
class fact_draft {
  public:
    fact_draft(const telling& told, std::int32_t kind, std::string_view document_id,
               std::int32_t source_rank);

    /// States a member of the body.
    template <class Body, class T>
    void state(unsigned bit, T Body::*member, const std::type_identity_t<T>& value) {
        Body& into = std::get<Body>(body_);
        into.*member = value;
        into.present |= TRB_BIT(bit);
    }
    /// States a text, unless it is empty.
    template <class Body> void state_text(unsigned bit, trb_str Body::*member, std::string_view value) {
        if (!value.empty())
            state(bit, member, sdk::view(value));
    }

    void occurred_at(std::int64_t at_ms) noexcept { head_.occurred_at_ms = at_ms; }
    std::int64_t occurred_at() const noexcept { return head_.occurred_at_ms; }
    void same_as(std::string_view id);
    void parent(std::string_view id);
    /// One that is longer than the host keeps is left out.
    void claim(std::int32_t claim_class, std::string_view name, std::string_view value);
    /// The name of a claim that was left out; it is a literal.
    std::string_view overlong_claim() const noexcept { return overlong_claim_; }
    /// Metadata; what comes later overrides what came earlier.
    void metadata(const json::value* from);
    const metadata_map& metadata() const noexcept { return metadata_; }
    void line(const trb_line& made) { lines_.push_back(made); }
    void item(const trb_subscription_item& made) { items_.push_back(made); }
    void discount(const trb_discount& made) { discounts_.push_back(made); }
    /// States that there are no lines: an earlier version may have said so.
    void no_lines() noexcept { states_no_lines_ = true; }
    const std::vector<trb_discount>& discounts() const noexcept { return discounts_; }
    const std::vector<trb_line>& lines() const noexcept { return lines_; }
    std::vector<trb_line>& lines() noexcept { return lines_; }
    /// Keeps a text that the record does not hold.
    std::string_view keep(std::string made) { return kept_.emplace_back(std::move(made)); }

    /// Hands the fact over. False when the host refuses it.
    bool emit(sdk::fact_sink into);

  private:
    void make_body(std::int32_t kind) noexcept;
    void attach_arrays();
    template <class Body> void attach_lines(Body& body, unsigned bit);
    template <class Body> void attach_items(Body& body, unsigned bit);
    template <class Body> void attach_discounts(Body& body, unsigned bit);

    using any_body = std::variant<trb_customer, trb_product, trb_checkout, trb_payment, trb_refund,
                                  trb_dispute, trb_subscription, trb_grant, trb_price, trb_coupon,
                                  trb_promotion_code, trb_redemption, trb_schedule>;
    trb_fact head_{};
    any_body body_;
    std::string realm_;
    std::string document_id_;
    std::vector<trb_str> same_as_;
    std::vector<trb_str> parents_;
    std::vector<trb_claim> claims_;
    std::vector<trb_line> lines_;
    std::vector<trb_subscription_item> items_;
    std::vector<trb_discount> discounts_;
    bool states_no_lines_ = false;
    std::vector<trb_pair> pairs_;
    metadata_map metadata_;
    std::string_view overlong_claim_;
    std::deque<std::string> kept_;
};

/// A request that normalise wants the host to make.
struct wanted {
    std::string url; ///< From the path on: "/v1/..."
    std::string purpose;
    std::string account; ///< "" or the connected account to ask for.
};

/// See TRB_NOTE_DRIFT of abi/provider.h.
struct drifted {
    std::string path;
    std::string version;
    std::string seen;
};

/// Everything that one record comes to.
class findings {
  public:
    /// Starts a fact; the reference stays valid.
    fact_draft& start(const telling& told, std::int32_t kind, std::string_view document_id,
                      std::int32_t source_rank = 10);
    void want(wanted request);
    void note(std::string_view code, std::string text) { notes_.emplace_back(code, std::move(text)); }
    /// Something is said in a way that this plugin does not know. Each place once in a record.
    void drift(const telling& told, std::string_view path, std::string_view seen);
    fault& problem() noexcept { return problem_; }
    /// Keeps a document that the record does not hold, as long as its facts.
    const json::value& keep(json::value made) { return kept_.emplace_back(std::move(made)); }

    /// Hands everything over, or says why not. Call once.
    /// @param api_base  settings::api_base, where wants go to.
    sdk::outcome finish(std::string_view api_base, sdk::fact_sink into);

  private:
    std::deque<fact_draft> facts_;
    std::vector<wanted> wants_;
    std::vector<std::pair<std::string_view, std::string>> notes_;
    std::vector<drifted> drifts_;
    std::deque<json::value> kept_;
    fault problem_;
};

} // namespace tributary::stripe

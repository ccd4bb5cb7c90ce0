#pragma once

#include <tributary/abi/fact.h>
#include <tributary/sdk/base.hpp>

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

/// The toy format: lines `name=value`, items separated by a line `--`. README.md lists the names.
namespace toy {

namespace sdk = tributary::sdk;

struct field {
    std::string_view name;
    std::string_view value;
};

/// One item; everything points into the body.
struct item {
    std::string_view text;
    std::vector<field> fields;

    /// The first value of that name; empty when absent.
    std::string_view find(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept;
};

/// Splits a body. An empty body has no items.
/// @errors invalid, when a line has no '=' or there are more than 1000 items.
sdk::outcome read_items(std::string_view body, std::vector<item>& into);

/// Takes an item's fields one after the other, keeps the first error and knows what nobody asked for.
class field_reader {
  public:
    explicit field_reader(const item& from) : fields_(from.fields), taken_(from.fields.size(), false) {}

    std::optional<trb_str> text(std::string_view name);
    /// All values of that name.
    std::vector<std::string_view> all(std::string_view name);
    /// The values between the commas of the first line of that name.
    std::vector<trb_str> list(std::string_view name);
    /// "meta.plan=pro" is the pair (plan, pro) of the prefix "meta.".
    std::vector<trb_pair> pairs(std::string_view prefix);
    std::optional<std::int64_t> integer(std::string_view name);
    std::optional<trb_money> money(std::string_view name);
    /// One of these words, or a number as it is.
    struct word {
        std::string_view text;
        std::int64_t value;
    };
    std::optional<std::int64_t> choice(std::string_view name, std::span<const word> words);

    void fail(std::string_view name, std::string_view why);
    /// The first error; an unknown name is one, because a test that misspells a name tests nothing.
    sdk::outcome finish() const;

  private:
    std::span<const field> fields_;
    std::vector<bool> taken_;
    std::string error_;
};

/// Words separated by single spaces.
std::vector<std::string_view> split(std::string_view text, char separator);
std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;

/// One item as a fact. Owns the arrays; the texts point into the item's body.
class document {
  public:
    document() = default;
    document(const document&) = delete;
    document& operator=(const document&) = delete;

    /// @errors invalid, when a value cannot be read or a name is unknown.
    sdk::outcome read(const item& from);
    /// Valid after read() succeeded and as long as this object and the body live.
    const trb_fact& fact() const noexcept { return fact_; }

  private:
    void read_envelope(field_reader& from);
    void read_claims(field_reader& from);
    void read_customer(field_reader& from);
    void read_lead(field_reader& from);
    void read_payment(field_reader& from);
    void read_payment_amounts(field_reader& from, trb_payment& into);
    void read_refund(field_reader& from);
    void read_dispute(field_reader& from);
    void read_subscription(field_reader& from);
    void read_subscription_items(field_reader& from);
    void read_lines(field_reader& from);
    template <class Body> Body& make_body();

    trb_fact fact_{};
    std::variant<std::monostate, trb_customer, trb_lead, trb_payment, trb_refund, trb_dispute,
                 trb_subscription>
        body_;
    std::vector<trb_str> same_as_;
    std::vector<trb_str> parents_;
    std::vector<trb_claim> claims_;
    std::vector<trb_pair> metadata_;
    std::vector<trb_line> lines_;
    std::vector<trb_subscription_item> items_;
};

} // namespace toy

#include "schema.hpp"

#include <tributary/sdk/plugin.hpp>

#include <array>

namespace tributary::attribution {
namespace {

// Every index begins with workspace_id and environment and goes on with something selective: without
// statistics the planner would otherwise take a workspace for ten rows and read all of it.
constexpr std::string_view registers = R"sql(
CREATE TABLE attribution_program (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, currency TEXT NOT NULL, holding_days BIGINT NOT NULL,
    earlier_sales BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, id));
CREATE TABLE attribution_group (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, slug TEXT NOT NULL, created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, id));
CREATE UNIQUE INDEX attribution_group_slug ON attribution_group (workspace_id, environment, slug);
CREATE INDEX attribution_group_created ON attribution_group (workspace_id, environment, created_at, id);
CREATE TABLE attribution_partner (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, id TEXT NOT NULL,
    email TEXT NOT NULL, name TEXT NOT NULL, username TEXT, image TEXT, country TEXT, tenant_id TEXT,
    description TEXT, group_id TEXT NOT NULL, status TEXT NOT NULL, created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, id));
CREATE UNIQUE INDEX attribution_partner_email ON attribution_partner (workspace_id, environment, email);
CREATE UNIQUE INDEX attribution_partner_tenant ON attribution_partner (workspace_id, environment, tenant_id);
CREATE INDEX attribution_partner_created ON attribution_partner (workspace_id, environment, created_at, id);
CREATE INDEX attribution_partner_group
    ON attribution_partner (workspace_id, environment, group_id, created_at, id);
CREATE TABLE attribution_membership (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, partner_id TEXT NOT NULL,
    effective_from BIGINT NOT NULL, group_id TEXT NOT NULL, created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, partner_id, effective_from));
CREATE TABLE attribution_terms (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, id TEXT NOT NULL,
    group_id TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL, amount_minor BIGINT NOT NULL,
    rate_bps BIGINT NOT NULL, currency TEXT NOT NULL, max_duration_months BIGINT,
    effective_from BIGINT NOT NULL, effective_to BIGINT, description TEXT, created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, id));
CREATE INDEX attribution_terms_group
    ON attribution_terms (workspace_id, environment, group_id, effective_from, id);
CREATE INDEX attribution_terms_created ON attribution_terms (workspace_id, environment, created_at, id);
CREATE TABLE attribution_link (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, id TEXT NOT NULL,
    domain TEXT NOT NULL, link_key TEXT NOT NULL, key_lower TEXT NOT NULL, url TEXT NOT NULL,
    partner_id TEXT, tenant_id TEXT, external_id TEXT, track_conversion BIGINT NOT NULL,
    archived BIGINT NOT NULL, disabled_at BIGINT, expires_at BIGINT, expired_url TEXT, comments TEXT,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, id));
CREATE UNIQUE INDEX attribution_link_key ON attribution_link (workspace_id, environment, domain, key_lower);
CREATE UNIQUE INDEX attribution_link_external ON attribution_link (workspace_id, environment, external_id);
CREATE INDEX attribution_link_created ON attribution_link (workspace_id, environment, created_at, id);
CREATE INDEX attribution_link_partner
    ON attribution_link (workspace_id, environment, partner_id, created_at, id);
CREATE TABLE attribution_payout (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, id TEXT NOT NULL,
    partner_id TEXT NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL, description TEXT,
    period_start BIGINT, period_end BIGINT, created_at BIGINT NOT NULL, paid_at BIGINT,
    PRIMARY KEY (workspace_id, environment, id));
CREATE INDEX attribution_payout_created ON attribution_payout (workspace_id, environment, created_at, id);
CREATE INDEX attribution_payout_partner
    ON attribution_payout (workspace_id, environment, partner_id, created_at, id);
CREATE INDEX attribution_payout_status
    ON attribution_payout (workspace_id, environment, status, created_at, id);
)sql";

constexpr std::string_view derived = R"sql(
CREATE TABLE attribution_customer (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    external_id TEXT NOT NULL, name TEXT, email TEXT, avatar TEXT, country TEXT,
    click_id TEXT, link_id TEXT, partner_id TEXT, sales BIGINT NOT NULL, sale_amount BIGINT NOT NULL,
    currency TEXT NOT NULL, first_sale_at BIGINT, subscription_canceled_at BIGINT, created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE INDEX attribution_customer_created
    ON attribution_customer (workspace_id, environment, created_at, row_id);
CREATE INDEX attribution_customer_external
    ON attribution_customer (workspace_id, environment, external_id, created_at, row_id);
CREATE INDEX attribution_customer_email
    ON attribution_customer (workspace_id, environment, email, created_at, row_id);
CREATE INDEX attribution_customer_link
    ON attribution_customer (workspace_id, environment, link_id, created_at, row_id);
CREATE INDEX attribution_customer_partner
    ON attribution_customer (workspace_id, environment, partner_id, created_at, row_id);
CREATE TABLE attribution_lead (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    source_id TEXT NOT NULL, customer_id TEXT NOT NULL, event_name TEXT NOT NULL, quantity BIGINT NOT NULL,
    source TEXT NOT NULL, click_id TEXT, link_id TEXT, partner_id TEXT, metadata TEXT,
    reason TEXT NOT NULL, created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE INDEX attribution_lead_customer
    ON attribution_lead (workspace_id, environment, customer_id, created_at, row_id);
CREATE INDEX attribution_lead_link
    ON attribution_lead (workspace_id, environment, link_id, created_at, quantity);
CREATE TABLE attribution_sale (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    source_id TEXT NOT NULL, customer_id TEXT NOT NULL, click_id TEXT, link_id TEXT, partner_id TEXT,
    event_name TEXT NOT NULL, processor TEXT NOT NULL, invoice_id TEXT, status TEXT NOT NULL,
    reason TEXT NOT NULL, currency TEXT NOT NULL, exponent BIGINT NOT NULL, cash BIGINT NOT NULL,
    base BIGINT NOT NULL, returned BIGINT NOT NULL, amount BIGINT, is_first BIGINT NOT NULL, metadata TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE INDEX attribution_sale_source ON attribution_sale (workspace_id, environment, source_id);
CREATE INDEX attribution_sale_customer
    ON attribution_sale (workspace_id, environment, customer_id, created_at, row_id);
CREATE INDEX attribution_sale_link
    ON attribution_sale (workspace_id, environment, link_id, status, is_first, amount);
CREATE INDEX attribution_sale_created ON attribution_sale (workspace_id, environment, created_at, row_id);
CREATE TABLE attribution_commission (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    type TEXT NOT NULL, source_id TEXT NOT NULL, realm TEXT NOT NULL, source_ids TEXT NOT NULL,
    ordinal BIGINT NOT NULL, customer_id TEXT NOT NULL, partner_id TEXT NOT NULL, link_id TEXT,
    group_id TEXT NOT NULL, amount BIGINT NOT NULL, earnings BIGINT NOT NULL, currency TEXT NOT NULL,
    exponent BIGINT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, quantity BIGINT NOT NULL,
    invoice_id TEXT, term_id TEXT NOT NULL, rule_hash TEXT NOT NULL, rule TEXT NOT NULL,
    inputs TEXT NOT NULL, payout_id TEXT, paid_at BIGINT, created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE INDEX attribution_commission_created
    ON attribution_commission (workspace_id, environment, created_at, row_id);
CREATE INDEX attribution_commission_amount
    ON attribution_commission (workspace_id, environment, amount, row_id);
CREATE INDEX attribution_commission_partner
    ON attribution_commission (workspace_id, environment, partner_id, created_at, row_id);
CREATE INDEX attribution_commission_balance
    ON attribution_commission (workspace_id, environment, partner_id, status, created_at, row_id, earnings);
CREATE INDEX attribution_commission_customer
    ON attribution_commission (workspace_id, environment, customer_id, created_at, row_id);
CREATE INDEX attribution_commission_status
    ON attribution_commission (workspace_id, environment, status, created_at, row_id);
CREATE INDEX attribution_commission_payout
    ON attribution_commission (workspace_id, environment, payout_id, created_at, row_id);
CREATE INDEX attribution_commission_invoice
    ON attribution_commission (workspace_id, environment, invoice_id, created_at, row_id);
)sql";

constexpr trb_str word(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

constexpr auto customer_columns = std::to_array<trb_str>(
    {word("external_id"), word("name"), word("email"), word("avatar"), word("country"), word("click_id"),
     word("link_id"), word("partner_id"), word("sales"), word("sale_amount"), word("currency"),
     word("first_sale_at"), word("subscription_canceled_at"), word("created_at")});
constexpr auto lead_columns =
    std::to_array<trb_str>({word("source_id"), word("customer_id"), word("event_name"), word("quantity"),
                            word("source"), word("click_id"), word("link_id"), word("partner_id"),
                            word("metadata"), word("reason"), word("created_at")});
constexpr auto sale_columns = std::to_array<trb_str>(
    {word("source_id"), word("customer_id"), word("click_id"), word("link_id"), word("partner_id"),
     word("event_name"), word("processor"), word("invoice_id"), word("status"), word("reason"),
     word("currency"), word("exponent"), word("cash"), word("base"), word("returned"), word("amount"),
     word("is_first"), word("metadata"), word("created_at")});
constexpr auto commission_columns = std::to_array<trb_str>(
    {word("type"),        word("source_id"),  word("realm"),    word("source_ids"), word("ordinal"),
     word("customer_id"), word("partner_id"), word("link_id"),  word("group_id"),   word("amount"),
     word("earnings"),    word("currency"),   word("exponent"), word("status"),     word("reason"),
     word("quantity"),    word("invoice_id"), word("term_id"),  word("rule_hash"),  word("rule"),
     word("inputs"),      word("payout_id"),  word("paid_at"),  word("created_at"), word("updated_at")});

trb_table table(std::string_view name, std::span<const trb_str> columns) noexcept {
    return {sizeof(trb_table), 0, sdk::view(name), columns.data(), columns.size()};
}

trb_lookup_source source(std::string_view kind, std::string_view sql) noexcept {
    return {sizeof(trb_lookup_source), 0, sdk::view(kind), sdk::view(sql)};
}

} // namespace

std::span<const trb_migration> schema_migrations() {
    static const std::array steps{sdk::migration(1, registers), sdk::migration(2, derived)};
    return steps;
}

std::span<const trb_table> derived_tables() {
    static const std::array tables{
        table("attribution_customer", customer_columns), table("attribution_lead", lead_columns),
        table("attribution_sale", sale_columns), table("attribution_commission", commission_columns)};
    return tables;
}

std::span<const trb_lookup_source> lookup_sources() {
    static const std::array sources{
        source("link", "SELECT domain, link_key, partner_id FROM attribution_link"
                       " WHERE workspace_id = $1 AND environment = $2 AND id = $3"),
        source("partner", "SELECT name, email, image, country FROM attribution_partner"
                          " WHERE workspace_id = $1 AND environment = $2 AND id = $3"),
        source("membership", "SELECT effective_from, group_id FROM attribution_membership"
                             " WHERE workspace_id = $1 AND environment = $2 AND partner_id = $3"
                             " ORDER BY effective_from"),
        source("terms", "SELECT id, event, type, amount_minor, rate_bps, currency, max_duration_months,"
                        " effective_from, effective_to FROM attribution_terms"
                        " WHERE workspace_id = $1 AND environment = $2 AND group_id = $3"
                        " ORDER BY effective_from, id"),
        source("program", "SELECT currency, earlier_sales FROM attribution_program"
                          " WHERE workspace_id = $1 AND environment = $2 AND id = $3"),
    };
    return sources;
}

} // namespace tributary::attribution

#include "plugins/toy/toy_fold.hpp"
#include "plugins/toy/toy_projection.hpp"

namespace toy {

namespace {

constexpr std::string_view schema = R"sql(
CREATE TABLE toyfold_payment (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    status BIGINT NOT NULL, cash_minor BIGINT NOT NULL, refunded_minor BIGINT NOT NULL, net_minor BIGINT NOT NULL,
    currency TEXT NOT NULL, exponent BIGINT NOT NULL, rate_bps BIGINT, share_minor BIGINT NOT NULL,
    pending_refunds BIGINT NOT NULL, open_disputes BIGINT NOT NULL, historic BIGINT NOT NULL,
    ambiguous BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE TABLE toyfold_subscription (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    status BIGINT NOT NULL, period_end_ms BIGINT NOT NULL, lapsed BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE TABLE toyfold_subject (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    user_id TEXT, payments BIGINT NOT NULL, refunds BIGINT NOT NULL, leads BIGINT NOT NULL,
    commands BIGINT NOT NULL, net_minor BIGINT NOT NULL, currency TEXT NOT NULL, totals TEXT NOT NULL,
    clicks TEXT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE INDEX toyfold_subject_by_user ON toyfold_subject (workspace_id, environment, user_id);
CREATE TABLE toyfold_rate (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, key TEXT NOT NULL, effective_from BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, key, effective_from));
)sql";

constexpr std::string_view rate_source = "SELECT effective_from, value FROM toyfold_rate "
                                         "WHERE workspace_id = $1 AND environment = $2 AND key = $3 "
                                         "ORDER BY effective_from";

} // namespace

std::span<const trb_migration> toy_projection_base::migrations() {
    static const trb_migration steps[] = {sdk::migration(1, schema)};
    return steps;
}

std::span<const trb_str> toy_projection_base::requirements() {
    static const trb_str ids[] = {sdk::view(TRB_SERVICE_STORE), sdk::view(TRB_SERVICE_FACTS),
                                  sdk::view(TRB_SERVICE_CLICKS)};
    return ids;
}

std::span<const trb_table> toy_projection_base::tables() {
    static const trb_str payment[] = {
        sdk::view("status"),        sdk::view("cash_minor"),  sdk::view("refunded_minor"),
        sdk::view("net_minor"),     sdk::view("currency"),    sdk::view("exponent"),
        sdk::view("rate_bps"),      sdk::view("share_minor"), sdk::view("pending_refunds"),
        sdk::view("open_disputes"), sdk::view("historic"),    sdk::view("ambiguous")};
    static const trb_str subscription[] = {sdk::view("status"), sdk::view("period_end_ms"),
                                           sdk::view("lapsed")};
    static const trb_str subject[] = {sdk::view("user_id"),  sdk::view("payments"), sdk::view("refunds"),
                                      sdk::view("leads"),    sdk::view("commands"), sdk::view("net_minor"),
                                      sdk::view("currency"), sdk::view("totals"),   sdk::view("clicks")};
    // In the order of toy::table.
    static const trb_table list[] = {
        {sizeof(trb_table), 0, sdk::view("toyfold_payment"), payment, std::size(payment)},
        {sizeof(trb_table), 0, sdk::view("toyfold_subscription"), subscription, std::size(subscription)},
        {sizeof(trb_table), 0, sdk::view("toyfold_subject"), subject, std::size(subject)},
    };
    return list;
}

std::span<const trb_lookup_source> toy_projection_base::lookups() {
    static const trb_lookup_source list[] = {
        {sizeof(trb_lookup_source), 0, sdk::view(rate_lookup), sdk::view(rate_source)}};
    return list;
}

} // namespace toy

#include <tributary/storage/storage.hpp>

#include <array>

namespace tributary::storage {
namespace {

// What is looked up without a workspace (domain, connection, API key) lies in small reference tables. Every
// other table has workspace_id first in its key, so that the same schema can be distributed by it.
constexpr std::string_view accounts_and_inbox = R"sql(
CREATE TABLE workspace (
    workspace_id {serial},
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    click_key {blob} NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE api_key (
    key_hash {blob} NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL UNIQUE,
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_key_by_workspace ON api_key (workspace_id, created_at);
CREATE TABLE connection (
    connection_id TEXT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    provider TEXT NOT NULL,
    realm TEXT NOT NULL,
    settings TEXT NOT NULL,
    notify_from BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);
CREATE INDEX connection_by_workspace ON connection (workspace_id, created_at);
CREATE TABLE connection_secret (
    secret_id TEXT NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX connection_secret_by_connection ON connection_secret (connection_id, created_at);
CREATE TABLE domain (
    domain TEXT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX domain_by_workspace ON domain (workspace_id, domain);
CREATE VIEW published_domain AS SELECT workspace_id, environment, domain FROM domain;

CREATE TABLE inbox (
    inbox_id {serial},
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    connection_id TEXT NOT NULL,
    source BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    state BIGINT NOT NULL,
    authentic BIGINT NOT NULL,
    item BIGINT NOT NULL,
    part_of BIGINT,
    caused_by BIGINT,
    purpose TEXT,
    http_status BIGINT,
    dedupe_key TEXT NOT NULL,
    digest {blob} NOT NULL,
    event_type TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    interrupted BIGINT NOT NULL,
    reason TEXT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    headers TEXT NOT NULL,
    body {blob} NOT NULL
);
CREATE UNIQUE INDEX inbox_dedupe ON inbox (workspace_id, connection_id, dedupe_key, digest);
CREATE INDEX inbox_by_connection ON inbox (connection_id, inbox_id);
CREATE INDEX inbox_by_state ON inbox (state, inbox_id) WHERE state <> 2;
CREATE TABLE refused (
    refused_id {serial},
    workspace_id BIGINT NOT NULL,
    connection_id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    headers TEXT NOT NULL,
    body_size BIGINT NOT NULL,
    body {blob} NOT NULL
);
CREATE INDEX refused_by_connection ON refused (workspace_id, connection_id, refused_id);
CREATE TABLE want (
    workspace_id BIGINT NOT NULL,
    connection_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    environment BIGINT NOT NULL,
    state BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    caused_by BIGINT NOT NULL,
    request TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (workspace_id, connection_id, purpose)
);
CREATE INDEX want_due ON want (state, next_at);
)sql";

constexpr std::string_view facts_and_derivations = R"sql(
CREATE TABLE fact (
    fact_row {serial},
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    inbox_id BIGINT NOT NULL,
    connection_id TEXT NOT NULL,
    normaliser_version BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    realm TEXT NOT NULL,
    document_id TEXT NOT NULL,
    source_time BIGINT NOT NULL,
    lifecycle_rank BIGINT NOT NULL,
    source_rank BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    digest {blob} NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX fact_by_subject ON fact (workspace_id, environment, subject_id);
CREATE INDEX fact_by_inbox ON fact (workspace_id, inbox_id);
CREATE TABLE claim (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    claim TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    contested BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, claim)
);
CREATE INDEX claim_by_subject ON claim (workspace_id, environment, subject_id, claim);
CREATE TABLE claim_conflict (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    claim TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, environment, claim, subject_id)
);
CREATE INDEX claim_conflict_by_subject ON claim_conflict (workspace_id, environment, subject_id, claim);
CREATE TABLE never_join (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    claim TEXT NOT NULL,
    other TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, claim, other)
);
CREATE TABLE derivation (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    projection TEXT NOT NULL,
    fold_version BIGINT NOT NULL,
    folded_at BIGINT NOT NULL,
    wake_at BIGINT,
    failure TEXT,
    state TEXT NOT NULL,
    PRIMARY KEY (workspace_id, environment, subject_id, projection)
);
CREATE INDEX derivation_wake ON derivation (projection, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX derivation_by_version ON derivation (projection, fold_version, workspace_id, environment, subject_id);
CREATE INDEX derivation_failed ON derivation (projection, workspace_id, environment, subject_id) WHERE failure IS NOT NULL;
CREATE TABLE complete_projection (
    projection TEXT NOT NULL PRIMARY KEY
);
CREATE TABLE lookup_reader (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    kind TEXT NOT NULL,
    lookup_key TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    as_of BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, kind, lookup_key, subject_id)
);
CREATE TABLE dirty_subject (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, environment, subject_id)
);
CREATE TABLE message (
    message_id {serial},
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    kind TEXT NOT NULL,
    message_key TEXT NOT NULL,
    revision BIGINT NOT NULL,
    at BIGINT NOT NULL,
    state BIGINT NOT NULL,
    digest {blob} NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX message_by_key ON message (workspace_id, environment, kind, message_key, revision);
CREATE TABLE rollup (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    measure TEXT NOT NULL,
    dimension TEXT NOT NULL,
    currency TEXT NOT NULL,
    day BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, measure, dimension, currency, day)
);
CREATE VIEW published_rollup AS
    SELECT workspace_id, environment, measure, dimension, currency, day, value FROM rollup;
CREATE TABLE named_click (
    workspace_id BIGINT NOT NULL,
    environment BIGINT NOT NULL,
    click_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (workspace_id, environment, click_id)
);
CREATE TABLE click_month (
    month BIGINT NOT NULL PRIMARY KEY
);
)sql";

constexpr std::string_view drift = R"sql(
CREATE TABLE drift (
    workspace_id BIGINT NOT NULL,
    connection_id TEXT NOT NULL,
    path TEXT NOT NULL,
    version TEXT NOT NULL,
    seen TEXT NOT NULL,
    normaliser_version BIGINT NOT NULL,
    records BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last_inbox_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, path, version, seen)
);
)sql";

constexpr std::array migrations{
    migration{1, accounts_and_inbox},
    migration{2, facts_and_derivations},
    migration{3, drift},
};

} // namespace

std::span<const migration> core_migrations() {
    return migrations;
}

} // namespace tributary::storage

#pragma once

#include <tributary/abi/plugin.h>
#include <tributary/abi/projection.h>

#include <cstdint>
#include <span>

/// The plugin's tables: registers that people fill in, and tables that the host fills from folds.
namespace tributary::attribution {

/// Index of a derived table in derived_tables().
enum derived_table : std::uint32_t {
    table_customer = 0,
    table_lead = 1,
    table_sale = 2,
    table_commission = 3,
};

std::span<const trb_migration> schema_migrations();

/// In the order of `derived_table`; columns in the order in which the fold emits their cells.
std::span<const trb_table> derived_tables();

/// What the fold looks up: link, partner, membership, terms, program. Columns as catalogue.cpp reads them.
std::span<const trb_lookup_source> lookup_sources();

} // namespace tributary::attribution

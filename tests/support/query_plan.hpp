#pragma once

#include <tributary/storage/storage.hpp>

#include <set>
#include <string>
#include <vector>

namespace tributary::test {

/// The statements that get slow as a table or a workspace grows, each as "plan step <- SQL".
///
/// SQLite without statistics takes `workspace_id = ?` for ten rows, so a statement that looks indexed may
/// walk through a whole workspace. Asked of EXPLAIN QUERY PLAN, a statement is weak when it
///
///  - scans a table, an index, or builds an index while it runs;
///  - searches an index by workspace_id alone, or by workspace_id and environment alone;
///  - cannot be explained (wrong SQL, unknown table): then the test that collected it is wrong.
///
/// Scanning a constant row, a common table expression, a subquery or a view's result is fine: what these are
/// made of is judged by itself.
///
/// @param on    a SQLite session with the schema, under the core's authority.
/// @param sql   as collected by sqlite_options::on_prepare; schema statements and PRAGMAs have no plan and
/// pass.
/// @param small what may be scanned or searched by workspace alone, each with a reason beside it at the
/// caller:
///              "table", or "table:index" for one index only (a partial index of waiting work). Lower case.
std::vector<std::string> weak_plans(storage::session& on, const std::set<std::string>& sql,
                                    const std::set<std::string>& small = {});

} // namespace tributary::test

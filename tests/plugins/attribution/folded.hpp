#pragma once

#include <tributary/sdk/plugin.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "history_builder.hpp"

namespace tributary::attribution::testing {

/// What people set up, for a fold that runs without a database.
struct register_set {
    struct cell_value {
        std::string text;
        std::int64_t integer = 0;
        bool is_text = true;
        bool is_null = false;
    };
    using row = std::vector<cell_value>;
    std::map<std::pair<std::string, std::string>, std::vector<row>> rows; ///< By (kind, key).

    register_set& link(std::string id, std::string partner_id = "pn_1");
    register_set& partner(std::string id);
    register_set& membership(std::string partner_id, std::string group_id, std::int64_t from_ms);
    register_set& percentage(std::string id, std::int64_t rate_bps, std::int64_t from_ms = 0,
                             std::int64_t max_months = -1, std::string group_id = "default");
    register_set& flat(std::string id, std::string event, std::int64_t amount, std::int64_t from_ms = 0,
                       std::int64_t max_months = -1, std::string group_id = "default");
    register_set& program(std::string currency, bool earlier_sales = true);
};

/// A register with one partner link, "link_1" of "pn_1".
register_set one_partner();

/// One row of a derived table, by column.
struct folded_row {
    std::string id;
    std::map<std::string, std::string> text; ///< Integers as decimal text; NULL is absent.

    std::string operator[](const std::string& column) const {
        const auto at = text.find(column);
        return at == text.end() ? "NULL" : at->second;
    }
    std::int64_t number(const std::string& column) const { return std::stoll(text.at(column)); }
};

struct folded_message {
    std::string kind, key, body;
    bool money = false;
};

/// What a fold gave.
struct folded {
    std::map<std::string, std::vector<folded_row>> tables; ///< By table name, in the order emitted.
    std::map<std::tuple<std::string, std::string, std::string>, std::int64_t>
        measures; ///< name, dimension, currency
    std::vector<folded_message> messages;
    std::vector<std::string> trace;                                      ///< "label: value"
    std::map<std::pair<std::string, std::string>, std::int64_t> lookups; ///< (kind, key) -> as_of

    const std::vector<folded_row>& commissions() { return tables["attribution_commission"]; }
    const std::vector<folded_row>& sales() { return tables["attribution_sale"]; }
    const std::vector<folded_row>& leads() { return tables["attribution_lead"]; }
    const folded_row& customer() { return tables["attribution_customer"].at(0); }
};

folded fold(history_builder& history, const register_set& registers, bool tracing = false);

} // namespace tributary::attribution::testing

#include "catalogue.hpp"

namespace tributary::attribution {
namespace {

constexpr std::int64_t always = INT64_MAX;

std::string text_of(const trb_cell& cell) {
    return std::string(sdk::view(cell.text));
}

std::optional<std::int64_t> integer_of(const trb_cell& cell) {
    return cell.type == TRB_CELL_INTEGER ? std::optional(cell.integer) : std::nullopt;
}

reward_terms read_terms(std::string_view group_id, sdk::cells row) {
    reward_terms terms;
    terms.id = text_of(row[0]);
    terms.group_id = group_id;
    terms.event = sdk::view(row[1].text) == "lead" ? reward_event::lead : reward_event::sale;
    terms.type = sdk::view(row[2].text) == "flat" ? reward_type::flat : reward_type::percentage;
    terms.amount_minor = row[3].integer;
    terms.rate_bps = row[4].integer;
    terms.currency = text_of(row[5]);
    terms.max_duration_months = integer_of(row[6]);
    terms.effective_from_ms = row[7].integer;
    terms.effective_to_ms = integer_of(row[8]);
    return terms;
}

} // namespace

const program_entry& catalogue::program() {
    if (!program_) {
        program_.emplace();
        from_.lookup("program", "", always, [this](sdk::cells row) {
            program_->currency = text_of(row[0]);
            program_->earlier_sales = row[1].integer != 0;
        });
    }
    return *program_;
}

const link_entry* catalogue::find_link(std::string_view id) {
    auto at = links_.find(id);
    if (at == links_.end()) {
        at = links_.emplace(id, std::nullopt).first;
        from_.lookup("link", id, always, [&](sdk::cells row) {
            at->second = link_entry{std::string(id), text_of(row[0]), text_of(row[1]), text_of(row[2])};
        });
    }
    return at->second ? &*at->second : nullptr;
}

const partner_entry* catalogue::find_partner(std::string_view id) {
    auto at = partners_.find(id);
    if (at == partners_.end()) {
        at = partners_.emplace(id, std::nullopt).first;
        from_.lookup("partner", id, always, [&](sdk::cells row) {
            at->second = partner_entry{std::string(id), text_of(row[0]), text_of(row[1]), text_of(row[2]),
                                       text_of(row[3])};
        });
    }
    return at->second ? &*at->second : nullptr;
}

std::string catalogue::group_of(std::string_view partner_id, std::int64_t at_ms) {
    auto at = memberships_.find(partner_id);
    if (at == memberships_.end()) {
        at = memberships_.emplace(partner_id, std::vector<membership>()).first;
        from_.lookup("membership", partner_id, horizon_ms_, [&](sdk::cells row) {
            at->second.push_back({row[0].integer, text_of(row[1])});
        });
    }
    std::string_view group = default_group_id;
    for (const membership& entry : at->second) // Ordered by effective_from.
        if (entry.effective_from_ms <= at_ms)
            group = entry.group_id;
    return std::string(group);
}

const std::vector<reward_terms>& catalogue::terms_of(std::string_view group_id) {
    auto at = terms_.find(group_id);
    if (at == terms_.end()) {
        at = terms_.emplace(group_id, std::vector<reward_terms>()).first;
        from_.lookup("terms", group_id, horizon_ms_,
                     [&](sdk::cells row) { at->second.push_back(read_terms(group_id, row)); });
    }
    return at->second;
}

const reward_terms* catalogue::find_terms(std::string_view group_id, reward_event event, std::int64_t at_ms) {
    const reward_terms* found = nullptr;
    for (const reward_terms& terms : terms_of(group_id)) { // Ordered by effective_from, then id.
        const bool in_force =
            terms.effective_from_ms <= at_ms && (!terms.effective_to_ms || at_ms < *terms.effective_to_ms);
        if (terms.event == event && in_force)
            found = &terms;
    }
    return found;
}

} // namespace tributary::attribution

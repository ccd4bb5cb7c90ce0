#include "isolation/told_history.hpp"

#include <stdexcept>

namespace isolation_tests {

namespace facts = tributary::facts;

told_history::told_history(const trb_provider_v1* provider, void* self,
                           const std::vector<std::string>& bodies) {
    const trb_connection connection{
        sizeof connection, TRB_LIVE, TRB_STR("con_1"), TRB_STR("toy:acct_1"), TRB_STR("{}"), nullptr, 0};
    const trb_fact_sink sink{sizeof sink, 0, this, &keep, nullptr, nullptr};
    for (const std::string& body : bodies) {
        trb_record record{};
        record.struct_size = sizeof record;
        record.source = TRB_RECORD_DELIVERY;
        record.body = {body.data(), body.size()};
        record.authentic = 1;
        if (provider->normalise(self, &connection, &record, 1, sizeof record, &sink, nullptr) != TRB_OK)
            throw std::runtime_error("the provider did not normalise a body");
    }
    std::vector<facts::decoded_fact> decoded;
    for (const facts::stored_fact& one : stored_) {
        facts::decoded_fact& fact = decoded.emplace_back();
        if (!facts::decode_content(one.kind, one.content, arena_, fact))
            throw std::runtime_error("a fact cannot be read back");
        fact.realm = one.realm;
        fact.document_id = one.document_id;
        fact.source_time = one.source_time;
        fact.occurred_at = one.occurred_at;
        fact.digest = tributary::as_bytes(one.digest);
    }
    merged_ = facts::merge_history(decoded, arena_);
    view_ = {sizeof view_,           TRB_LIVE,
             TRB_STR("ws_1"),        TRB_STR("sub_1"),
             merged_.facts.data(),   merged_.facts.size(),
             sizeof(trb_merged_fact)};
}

trb_status told_history::keep(void* ctx, const trb_fact* fact) noexcept {
    auto encoded = facts::encode_fact(*fact, "toy:acct_1");
    if (!encoded)
        return TRB_INVALID;
    static_cast<told_history*>(ctx)->stored_.push_back(std::move(*encoded));
    return TRB_OK;
}

} // namespace isolation_tests

#include "isolation/transcript.hpp"

namespace isolation_tests {

using tributary::plugins::view;

transcript::transcript() {
    verify = {sizeof verify,
              0,
              this,
              &keep<trb_item>,
              &keep_request,
              [](void* ctx, std::int32_t code, trb_str type, trb_str body) noexcept {
                  of(ctx).said_.number(code);
                  keep_texts(ctx, type, body);
                  of(ctx).answer = view(body);
              }};
    facts = {sizeof facts, 0, this, &emit, &keep_request, [](void* ctx, trb_str code, trb_str text) noexcept {
                 keep_texts(ctx, code, text);
                 of(ctx).notes.push_back(std::string(view(code)).append(": ").append(view(text)));
             }};
    fold = {sizeof fold,
            1,
            this,
            [](void* ctx, const trb_row* row) noexcept {
                keep(ctx, row);
                ++of(ctx).rows;
            },
            &keep<trb_measure>,
            &keep<trb_message>,
            [](void* ctx, std::int64_t at_ms) noexcept { of(ctx).said_.number(at_ms); },
            &keep<trb_trace_step>,
            &lookup};
    fill_others();
}

void transcript::fill_others() noexcept {
    const auto text_and_number = [](void* ctx, trb_str text, std::int64_t number) noexcept {
        of(ctx).said_.text(text);
        of(ctx).said_.number(number);
    };
    action = {sizeof action,
              0,
              this,
              &keep_request,
              &keep<trb_finding>,
              [](void* ctx, std::int32_t what, trb_str name, trb_str value) noexcept {
                  of(ctx).said_.number(what);
                  keep_texts(ctx, name, value);
              }};
    backfill = {sizeof backfill, 0, this,
                [](void* ctx, trb_str cursor, const trb_http_request* request) noexcept {
                    of(ctx).said_.text(cursor);
                    keep_request(ctx, request);
                },
                text_and_number};
    story = {sizeof story, 0, this, &keep<trb_told_delivery>, text_and_number};
    rule = {sizeof rule, 0,
            this,        [](void* ctx, trb_money amount) noexcept { of(ctx).said_.money(amount); },
            &keep_texts, &keep_texts};
    outgoing = {sizeof outgoing, 0, this, &keep_request};
}

void transcript::keep_request(void* ctx, const trb_http_request* request) noexcept {
    keep(ctx, request);
    of(ctx).requests.push_back(std::string(view(request->purpose)).append(" ").append(view(request->url)));
}

void transcript::keep_texts(void* ctx, trb_str first, trb_str second) noexcept {
    of(ctx).said_.text(first);
    of(ctx).said_.text(second);
}

trb_status transcript::emit(void* ctx, const trb_fact* fact) noexcept {
    keep(ctx, fact);
    const auto stored = tributary::facts::encode_fact(*fact, of(ctx).realm);
    // Also as the host would store it: what it thinks of a fact must be the same, its objections too.
    of(ctx).said_.text(stored ? stored->content : stored.error().text());
    return stored ? TRB_OK : TRB_INVALID;
}

trb_status transcript::lookup(void* ctx, trb_str kind, trb_str key, std::int64_t as_of_ms,
                              trb_lookup_row_fn row, void* row_ctx) noexcept {
    keep_texts(ctx, kind, key);
    of(ctx).said_.number(as_of_ms);
    ++of(ctx).lookups;
    if (of(ctx).rate_bps == 0)
        return TRB_NOT_FOUND;
    for (std::int64_t version = 0; version < 2; ++version) {
        const trb_cell cells[] = {{TRB_CELL_INTEGER, 0, version, {nullptr, 0}},
                                  {TRB_CELL_INTEGER, 0, of(ctx).rate_bps + version, {nullptr, 0}}};
        row(row_ctx, cells, 2);
    }
    return TRB_OK;
}

std::string transcript::bytes() {
    iso::writer all;
    all.number(status);
    all.text(std::string_view(error.code()));
    all.text(std::string_view(error.message()));
    all.number(error.retry_after_ms());
    return std::string(all.bytes()).append(said_.bytes());
}

} // namespace isolation_tests

#include "isolation/child_calls.hpp"

#include <array>
#include <unistd.h>

#include "isolation/child_sinks.hpp"

namespace tributary::isolation {
namespace {

/// An array of structs as a call passes it.
template <class T> struct struct_array {
    const T* first = nullptr;
    std::uint64_t count = 0;
    std::uint64_t stride = 0;

    explicit struct_array(reader& in) { in.strided(first, count, stride); }
};

template <class T> T take(reader& in) {
    T value{};
    transfer(in, value);
    return value;
}

trb_str take_text(reader& in) {
    trb_str value{};
    in.text(value);
    return value;
}

/// Runs the plugin and sends what it said. Arguments that the table has no function for, or that do not fit
/// it, are this release's own fault: the host passes what it was told to.
template <class Function>
void answer(child_link& link, const owned_frame& call, const reader& in, output& said, Function&& run) {
    const trb_status status = in.done() ? run() : TRB_UNSUPPORTED;
    writer head;
    const std::string_view rest = said.finish(status, head);
    link.send(frame_kind::result, call.id, {head.bytes(), rest});
}

} // namespace

void child_calls::serve() {
    for (;;)
        make(link_.next_call());
}

void child_calls::make(const owned_frame& call) {
    std::array<std::byte, 4096> first_bytes;
    std::pmr::monotonic_buffer_resource arena(first_bytes.data(), first_bytes.size());
    reader in(call.payload, arena);
    switch (static_cast<method>(in.number<std::uint8_t>())) {
    case method::stop: stop(call);
    case method::verify: return verify(call, in);
    case method::normalise: return normalise(call, in);
    case method::reread: return reread(call, in);
    case method::run_action: return run_action(call, in);
    case method::next_page: return next_page(call, in);
    case method::fold: return fold(call, in);
    case method::tell: return tell(call, in);
    case method::evaluate: return evaluate(call, in);
    case method::deliver: return deliver(call, in);
    case method::load:
    case method::create: break;
    }
    output nothing;
    in.fail();
    answer(link_, call, in, nothing, [] { return TRB_UNSUPPORTED; });
}

void child_calls::stop(const owned_frame& call) {
    module_.plugin->stop(self_);
    module_.plugin->destroy(self_);
    output nothing;
    writer head;
    nothing.finish(TRB_OK, head);
    link_.send(frame_kind::result, call.id, {head.bytes()});
    ::_exit(0);
}

void child_calls::verify(const owned_frame& call, reader& in) {
    const auto connection = take<trb_connection>(in);
    const struct_array<trb_record> records(in);
    output said;
    const trb_verify_sink sink = verify_sink(said);
    answer(link_, call, in, said, [&] {
        return module_.provider->verify(self_, &connection, records.first, records.count, records.stride,
                                        &sink, said.error());
    });
}

void child_calls::normalise(const owned_frame& call, reader& in) {
    const auto connection = take<trb_connection>(in);
    const struct_array<trb_record> records(in);
    fact_output said;
    said.realm = {connection.realm.data, static_cast<std::size_t>(connection.realm.size)};
    said.authentic = records.count > 0 && records.first->authentic != 0;
    const trb_fact_sink sink = fact_sink(said);
    answer(link_, call, in, said, [&] {
        return module_.provider->normalise(self_, &connection, records.first, records.count, records.stride,
                                           &sink, said.error());
    });
}

void child_calls::reread(const owned_frame& call, reader& in) {
    const auto connection = take<trb_connection>(in);
    const auto kind = in.number<std::int32_t>();
    const trb_str document = take_text(in);
    fact_output said;
    said.realm = {connection.realm.data, static_cast<std::size_t>(connection.realm.size)};
    const trb_fact_sink sink = fact_sink(said);
    answer(link_, call, in, said,
           [&] { return module_.provider->reread(self_, &connection, kind, document, &sink, said.error()); });
}

void child_calls::run_action(const owned_frame& call, reader& in) {
    const auto connection = take<trb_connection>(in);
    const auto action = take<trb_action>(in);
    const struct_array<trb_record> answers(in);
    output said;
    const trb_action_sink sink = action_sink(said);
    answer(link_, call, in, said, [&] {
        return module_.actions->run(self_, &connection, &action, answers.first, answers.count, answers.stride,
                                    &sink, said.error());
    });
}

void child_calls::next_page(const owned_frame& call, reader& in) {
    const auto connection = take<trb_connection>(in);
    const auto range = take<trb_backfill_range>(in);
    const trb_str cursor = take_text(in);
    const struct_array<trb_record> page(in);
    output said;
    const trb_backfill_sink sink = backfill_sink(said);
    answer(link_, call, in, said, [&] {
        return module_.backfill->next(self_, &connection, &range, cursor, page.first, &sink, said.error());
    });
}

void child_calls::fold(const owned_frame& call, reader& in) {
    const auto history = take<trb_history>(in);
    const auto now_ms = in.number<std::int64_t>();
    const bool tracing = in.number<std::uint32_t>() != 0;
    fold_output said;
    said.link = &link_;
    said.call = call.id;
    const trb_fold_sink sink = fold_sink(said, tracing);
    answer(link_, call, in, said,
           [&] { return module_.projection->fold(self_, &history, now_ms, &sink, said.error()); });
}

void child_calls::tell(const owned_frame& call, reader& in) {
    const auto request = take<trb_story_request>(in);
    output said;
    const trb_story_sink sink = story_sink(said);
    answer(link_, call, in, said,
           [&] { return module_.simulator->tell(self_, &request, &sink, said.error()); });
}

void child_calls::evaluate(const owned_frame& call, reader& in) {
    const auto rule = in.number<std::uint64_t>();
    const trb_str parameters = take_text(in);
    const struct_array<trb_rule_value> values(in);
    output said;
    const trb_rule_sink sink = rule_sink(said);
    answer(link_, call, in, said, [&] {
        return module_.reward_rule->evaluate(self_, rule, parameters, values.first, values.count,
                                             values.stride, &sink, said.error());
    });
}

void child_calls::deliver(const owned_frame& call, reader& in) {
    const auto message = take<trb_outgoing>(in);
    output said;
    const trb_outgoing_sink sink = outgoing_sink(said);
    answer(link_, call, in, said,
           [&] { return module_.sink->deliver(self_, &message, &sink, said.error()); });
}

} // namespace tributary::isolation

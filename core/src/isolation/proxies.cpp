#include "isolation/proxies.hpp"

namespace tributary::isolation {
namespace {

/// Can it be called? A caller's sink may lack a function that it has no use for; what is written here is
/// there.
template <class Function> bool is_there(const Function& function) noexcept {
    if constexpr (std::is_pointer_v<Function>)
        return function != nullptr;
    return true;
}

/// The next struct of a result, handed to a function of the caller's sink.
template <class T, class Function> bool hand(reader& in, void* ctx, Function function) {
    T value{};
    transfer(in, value);
    if (in.ok() && is_there(function))
        function(ctx, &value);
    return true;
}

/// Two texts, handed over likewise.
template <class Function> bool hand_texts(reader& in, void* ctx, Function function) {
    trb_str first{};
    trb_str second{};
    in.text(first);
    in.text(second);
    if (in.ok() && is_there(function))
        function(ctx, first, second);
    return true;
}

/// Runs a proxy; what it throws, out of memory, is the call's failure.
template <class Function> trb_status guarded(const trb_error_sink* error, Function&& function) noexcept {
    try {
        return function();
    } catch (const std::exception& thrown) {
        report(error, "internal", thrown.what());
        return TRB_INTERNAL;
    }
}

remote_caller& caller_of(void* self) noexcept {
    return *static_cast<remote_caller*>(self);
}

void begin(writer& arguments, method which) {
    arguments.number(static_cast<std::uint8_t>(which));
}

trb_status verify(void* self, const trb_connection* connection, const trb_record* records,
                  std::uint64_t count, std::uint64_t stride, const trb_verify_sink* sink,
                  const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::verify);
        transfer(arguments, *connection);
        arguments.strided(records, count, stride);
        return caller_of(self).call(arguments, error, [&](said what, reader& in) {
            switch (what) {
            case said::item: return hand<trb_item>(in, sink->ctx, sink->item);
            case said::need: return hand<trb_http_request>(in, sink->ctx, sink->need);
            case said::answer: {
                const auto status = in.number<std::int32_t>();
                return hand_texts(in, sink->ctx, [&](void* ctx, trb_str type, trb_str body) {
                    if (sink->answer != nullptr)
                        sink->answer(ctx, status, type, body);
                });
            }
            default: return false;
            }
        });
    });
}

/// What normalise and reread say. The plugin has been told already whether a fact was accepted; when the host
/// now says otherwise, that is the call's outcome.
trb_status call_with_facts(void* self, const writer& arguments, const trb_fact_sink* sink,
                           const trb_error_sink* error) {
    trb_status refused = TRB_OK;
    const auto replay = [&](said what, reader& in) {
        switch (what) {
        case said::emit: {
            const bool was_accepted = in.number<std::uint8_t>() != 0;
            return hand<trb_fact>(in, sink->ctx, [&](void* ctx, const trb_fact* fact) {
                const trb_status status = sink->emit(ctx, fact);
                if (was_accepted && status != TRB_OK)
                    refused = status;
            });
        }
        case said::want: return hand<trb_http_request>(in, sink->ctx, sink->want);
        case said::note: return hand_texts(in, sink->ctx, sink->note);
        default: return false;
        }
    };
    const trb_status status = caller_of(self).call(arguments, error, replay);
    if (status != TRB_OK || refused == TRB_OK)
        return status;
    report(error, "refused_fact", "the host refused a fact");
    return refused;
}

trb_status normalise(void* self, const trb_connection* connection, const trb_record* records,
                     std::uint64_t count, std::uint64_t stride, const trb_fact_sink* sink,
                     const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::normalise);
        transfer(arguments, *connection);
        arguments.strided(records, count, stride);
        return call_with_facts(self, arguments, sink, error);
    });
}

trb_status reread(void* self, const trb_connection* connection, std::int32_t kind, trb_str document_id,
                  const trb_fact_sink* sink, const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::reread);
        transfer(arguments, *connection);
        arguments.number(kind);
        arguments.text(document_id);
        return call_with_facts(self, arguments, sink, error);
    });
}

trb_status run_action(void* self, const trb_connection* connection, const trb_action* action,
                      const trb_record* answers, std::uint64_t count, std::uint64_t stride,
                      const trb_action_sink* sink, const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::run_action);
        transfer(arguments, *connection);
        transfer(arguments, *action);
        arguments.strided(answers, count, stride);
        return caller_of(self).call(arguments, error, [&](said what, reader& in) {
            switch (what) {
            case said::need: return hand<trb_http_request>(in, sink->ctx, sink->need);
            case said::finding: return hand<trb_finding>(in, sink->ctx, sink->finding);
            case said::keep: {
                const auto kept = in.number<std::int32_t>();
                return hand_texts(in, sink->ctx, [&](void* ctx, trb_str name, trb_str value) {
                    if (sink->keep != nullptr)
                        sink->keep(ctx, kept, name, value);
                });
            }
            default: return false;
            }
        });
    });
}

trb_status next_page(void* self, const trb_connection* connection, const trb_backfill_range* range,
                     trb_str cursor, const trb_record* answer, const trb_backfill_sink* sink,
                     const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::next_page);
        transfer(arguments, *connection);
        transfer(arguments, *range);
        arguments.text(cursor);
        arguments.strided(answer, answer == nullptr ? 0 : 1, sizeof(trb_record));
        return caller_of(self).call(arguments, error, [&](said what, reader& in) {
            trb_str text{};
            in.text(text);
            switch (what) {
            case said::page:
                return hand<trb_http_request>(in, sink->ctx, [&](void* ctx, const trb_http_request* request) {
                    sink->page(ctx, text, request);
                });
            case said::progress: {
                const auto at_ms = in.number<std::int64_t>();
                if (in.ok() && sink->progress != nullptr)
                    sink->progress(sink->ctx, text, at_ms);
                return true;
            }
            default: return false;
            }
        });
    });
}

trb_status fold(void* self, const trb_history* history, std::int64_t now_ms, const trb_fold_sink* sink,
                const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::fold);
        transfer(arguments, *history);
        arguments.number(now_ms);
        arguments.number(sink->tracing);
        const lookup_function lookup = [&](std::string_view question, writer& answer) {
            std::pmr::monotonic_buffer_resource arena;
            reader in(question, arena);
            trb_str kind{};
            trb_str key{};
            in.text(kind);
            in.text(key);
            const auto as_of_ms = in.number<std::int64_t>();
            if (!in.done())
                return false;
            const auto row = [](void* ctx, const trb_cell* cells, std::uint64_t count) noexcept {
                try {
                    auto& into = *static_cast<writer*>(ctx);
                    into.number(std::uint8_t{1});
                    into.array(cells, count);
                } catch (const std::bad_alloc&) {
                    static_cast<writer*>(ctx)->fail(writer::problem::too_large);
                }
            };
            trb_status status = sink->lookup(sink->ctx, kind, key, as_of_ms, row, &answer);
            if (!answer.ok()) {
                answer.take_back(0);
                status = TRB_INTERNAL;
            }
            answer.number(std::uint8_t{0});
            answer.number(status);
            return true;
        };
        const auto replay = [&](said what, reader& in) {
            switch (what) {
            case said::row: return hand<trb_row>(in, sink->ctx, sink->row);
            case said::measure: return hand<trb_measure>(in, sink->ctx, sink->measure);
            case said::message: return hand<trb_message>(in, sink->ctx, sink->message);
            case said::trace: return hand<trb_trace_step>(in, sink->ctx, sink->trace);
            case said::wake_at: {
                const auto at_ms = in.number<std::int64_t>();
                if (in.ok())
                    sink->wake_at(sink->ctx, at_ms);
                return true;
            }
            default: return false;
            }
        };
        return caller_of(self).call(arguments, error, replay, &lookup);
    });
}

trb_status tell(void* self, const trb_story_request* request, const trb_story_sink* sink,
                const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::tell);
        transfer(arguments, *request);
        return caller_of(self).call(arguments, error, [&](said what, reader& in) {
            if (what == said::delivery)
                return hand<trb_told_delivery>(in, sink->ctx, sink->delivery);
            trb_str name{};
            in.text(name);
            const auto value = in.number<std::int64_t>();
            if (in.ok() && what == said::expect && sink->expect != nullptr)
                sink->expect(sink->ctx, name, value);
            return what == said::expect;
        });
    });
}

trb_status evaluate(void* self, std::uint64_t rule, trb_str parameters, const trb_rule_value* values,
                    std::uint64_t count, std::uint64_t stride, const trb_rule_sink* sink,
                    const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::evaluate);
        arguments.number(rule);
        arguments.text(parameters);
        arguments.strided(values, count, stride);
        return caller_of(self).call(arguments, error, [&](said what, reader& in) {
            switch (what) {
            case said::amount: {
                trb_money amount{};
                in.money(amount);
                if (in.ok())
                    sink->amount(sink->ctx, amount);
                return true;
            }
            case said::decline: return hand_texts(in, sink->ctx, sink->decline);
            case said::explain: return hand_texts(in, sink->ctx, sink->explain);
            default: return false;
            }
        });
    });
}

trb_status deliver(void* self, const trb_outgoing* message, const trb_outgoing_sink* sink,
                   const trb_error_sink* error) noexcept {
    return guarded(error, [&] {
        writer arguments;
        begin(arguments, method::deliver);
        transfer(arguments, *message);
        const auto replay = [&](said what, reader& in) {
            return what == said::request && hand<trb_http_request>(in, sink->ctx, sink->request);
        };
        return caller_of(self).call(arguments, error, replay, nullptr, true);
    });
}

} // namespace

void report(const trb_error_sink* error, std::string_view code, std::string_view message,
            std::int64_t retry_after_ms) noexcept {
    if (error != nullptr && error->report != nullptr)
        error->report(error->ctx, {code.data(), code.size()}, {message.data(), message.size()},
                      retry_after_ms);
}

proxy_tables::proxy_tables(const description& of) noexcept
    : extensions_(of.extensions), provider_(of.provider), projection_(of.projection),
      simulator_(of.simulator), reward_rule_(of.reward_rule), sink_(of.sink) {
    provider_.struct_size = sizeof provider_;
    provider_.verify = &verify;
    provider_.normalise = &normalise;
    provider_.reread = (extensions_ & has_reread) != 0 ? &reread : nullptr;
    actions_ = {sizeof actions_, 0, &run_action};
    backfill_ = {sizeof backfill_, 0, &next_page};
    projection_.struct_size = sizeof projection_;
    projection_.fold = &fold;
    simulator_.struct_size = sizeof simulator_;
    simulator_.tell = &tell;
    reward_rule_.struct_size = sizeof reward_rule_;
    reward_rule_.evaluate = &evaluate;
    sink_.struct_size = sizeof sink_;
    sink_.deliver = &deliver;
}

const void* proxy_tables::find(std::string_view extension) const noexcept {
    const auto table = [&](extension_bit bit, const void* at) -> const void* {
        return (extensions_ & bit) != 0 ? at : nullptr;
    };
    if (extension == TRB_EXT_PROVIDER)
        return table(has_provider, &provider_);
    if (extension == TRB_EXT_ACTIONS)
        return table(has_actions, &actions_);
    if (extension == TRB_EXT_BACKFILL)
        return table(has_backfill, &backfill_);
    if (extension == TRB_EXT_PROJECTION)
        return table(has_projection, &projection_);
    if (extension == TRB_EXT_SIMULATOR)
        return table(has_simulator, &simulator_);
    if (extension == TRB_EXT_REWARD_RULE)
        return table(has_reward_rule, &reward_rule_);
    if (extension == TRB_EXT_SINK)
        return table(has_sink, &sink_);
    return nullptr;
}

} // namespace tributary::isolation

#include <tributary/base/ids.hpp>
#include <tributary/facts/fact.hpp>

#include <algorithm>
#include <cstring>

#include "engine/call_scope.hpp"
#include "engine/engine_impl.hpp"

namespace tributary {

using plugins::view;
using storage::value;

namespace {

constexpr storage::statement last_record{"engine.last_record", "SELECT MAX(inbox_id) FROM inbox"};

/// The scope of a WRITE route: it runs inside the writer's transaction, behind a savepoint.
class write_scope final : public read_scope {
  public:
    write_scope(engine::implementation& engine, const plugins::plugin& plugin, space in, time_ms now_ms)
        : read_scope(*engine.session, engine.where, plugin, in, now_ms, engine.random), engine_(engine) {}

    const std::set<subject_key>& dirty() const noexcept { return dirty_; }
    bool changed_lookups() const noexcept { return changed_lookups_; }

    trb_status execute(trb_str sql, const trb_cell* parameters, std::uint64_t count, std::uint64_t* changed,
                       const trb_error_sink* error) noexcept override {
        return run(error, [&]() -> result<void> {
            std::vector<value> values;
            for (std::uint64_t index = 0; index < count; ++index) {
                const trb_cell& cell = parameters[index];
                if (cell.type == TRB_CELL_INTEGER)
                    values.emplace_back(cell.integer);
                else if (cell.type == TRB_CELL_TEXT)
                    values.emplace_back(view(cell.text));
                else
                    values.emplace_back(std::monostate{});
            }
            const storage::authority_guard authority(session_, plugin_.short_name());
            TRIBUTARY_TRY_ASSIGN(rows, session_.execute({"plugin.execute", view(sql)}, values));
            if (changed != nullptr)
                *changed = rows;
            return {};
        });
    }

    trb_status changed(trb_str kind, trb_str key, std::int64_t effective_from_ms) noexcept override {
        return run(nullptr, [&]() -> result<void> {
            std::string full(plugin_.short_name());
            full += '.';
            full += view(kind);
            changed_lookups_ = true;
            return projections::mark_readers(session_, in_, full, view(key), effective_from_ms);
        });
    }

    trb_status emit(const trb_fact* fact, trb_str idempotency_key,
                    const trb_error_sink* error) noexcept override {
        return run(error, [&] { return store_fact(*fact, view(idempotency_key)); });
    }

    trb_status settle(const trb_error_sink* error) noexcept override {
        return run(error, [&]() -> result<void> {
            TRIBUTARY_TRY(engine_.fold_all(dirty_, projections::fold_mode::live));
            dirty_.clear();
            return {};
        });
    }

    trb_status append_click(trb_str click_id, const trb_click* click) noexcept override {
        const trb_status status = read_scope::append_click(click_id, click);
        if (status != TRB_OK)
            return status;
        return run(nullptr, [&]() -> result<void> {
            TRIBUTARY_TRY(engine_.store(clicks_));
            clicks_.clear();
            return {};
        });
    }

  private:
    template <class Function> trb_status run(const trb_error_sink* error, Function&& function) noexcept {
        try {
            const result<void> done = function();
            return done ? TRB_OK : report(done.error(), error);
        } catch (const std::exception& thrown) {
            return report(failure(engine_errc::plugin_failed, thrown.what()), error);
        }
    }

    /// What the call said becomes an inbox record that holds the fact itself: a rebuild reads it there.
    result<void> store_fact(const trb_fact& said, std::string_view idempotency_key) {
        trb_fact fact = said;
        trb_command command{};
        if (fact.kind == TRB_KIND_COMMAND && fact.body != nullptr) {
            std::memcpy(&command, fact.body,
                        std::min<std::size_t>(sizeof command, *static_cast<const std::uint32_t*>(fact.body)));
            command.struct_size = sizeof command;
            command.present |= TRB_BIT(TRB_COMMAND_SEQUENCE);
            TRIBUTARY_TRY_ASSIGN(sequence, next_sequence());
            command.sequence = sequence;
            fact.body = &command;
        }
        TRIBUTARY_TRY_ASSIGN(encoded, facts::encode_fact(fact, "workspace"));
        inbox::record record;
        record.in = in_;
        record.connection_id = "api:" + std::to_string(in_.environment);
        record.from = inbox::source::call;
        record.received_at = now_ms_;
        record.is = inbox::state::done;
        record.event_type = facts::kind_name(fact.kind);
        record.body = facts::serialise_fact(encoded);
        record.digest = sha256(record.body);
        if (idempotency_key.empty()) {
            record.dedupe_key = tributary::make_id("call_", now_ms_, random_);
        } else {
            record.dedupe_key = idempotency_key;
            TRIBUTARY_TRY_ASSIGN(used, inbox::key_used(session_, in_, record.connection_id, idempotency_key));
            if (used)
                return failure(storage::storage_errc::conflict, "the idempotency key was used before");
        }
        TRIBUTARY_TRY_ASSIGN(id, inbox::insert(session_, record));
        if (!id)
            return failure(storage::storage_errc::conflict, "the same call was stored before");
        std::vector<identity::new_fact> facts;
        facts.push_back({std::move(encoded), *id, record.connection_id, 0});
        return identity::assign(session_, in_, facts, 0, dirty_);
    }

    /// Records are numbered in the order in which they are accepted: so are commands.
    result<std::int64_t> next_sequence() {
        std::int64_t last = 0;
        TRIBUTARY_TRY(
            session_.query(last_record, {}, [&](const storage::row& from) { last = from.integer(0); }));
        return last + 1;
    }

    engine::implementation& engine_;
    std::set<subject_key> dirty_;
    bool changed_lookups_ = false;
};

} // namespace

/// upgrade_first() behind a savepoint: the transaction holds the jobs of others.
result<void> engine::implementation::upgrade_in_place() {
    while (true) {
        TRIBUTARY_TRY(session->savepoint());
        const auto done = fold_all(outdated_now, projections::fold_mode::upgrade);
        if (done)
            return session->release_savepoint();
        session->rollback_to_savepoint();
        if (done.error().code != engine_errc::rows_refused)
            return done;
    }
}

result<http::response> engine::implementation::store(write_call& what) {
    while (true) {
        outdated_now.clear();
        TRIBUTARY_TRY_ASSIGN(answer, make_call(what));
        if (outdated_now.empty())
            return answer;
        TRIBUTARY_TRY(upgrade_in_place()); // Nothing of the call is left: it is made again.
    }
}

result<http::response> engine::implementation::make_call(write_call& what) {
    TRIBUTARY_TRY(session->savepoint());
    const auto sums_before = click_sums;
    write_scope scope(*this, *what.plugin, what.in, what.view.now_ms);
    what.view.scope = &scope;
    reply_collector reply;
    plugins::error_report error;
    const plugins::timed_call timed(*what.plugin, "handle");
    trb_status status =
        what.plugin->routes->handle(what.plugin->self(), what.route, &what.view, reply.sink(), error.sink());
    http::response answer;
    if (status == TRB_OK && reply.replied())
        answer = reply.take();
    else
        answer = status_response(*what.plugin, status, error);
    if (answer.status < 400 && scope.settle(error.sink()) != TRB_OK) {
        status = TRB_INTERNAL;
        answer = status_response(*what.plugin, status, error);
    }
    if (!outdated_now.empty()) {
        session->rollback_to_savepoint();
        click_sums = sums_before;
        return answer;
    }
    if (answer.status >= 500)
        log.error("route_failed", {{"plugin", what.plugin->short_name()}, {"reason", error.text(status)}});
    if (answer.status >= 400) {
        session->rollback_to_savepoint();
        click_sums = sums_before;
        return answer;
    }
    more_marked = more_marked || scope.changed_lookups();
    TRIBUTARY_TRY(session->release_savepoint());
    return answer;
}

} // namespace tributary

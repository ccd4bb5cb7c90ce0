#include "workbench.hpp"

#include <tributary/base/ids.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "schema.hpp"

using tributary::attribution::testing::history_builder;
using tributary::attribution::testing::workbench;
using tributary::sdk::view;
namespace storage = tributary::storage;

struct trb_scope {
    workbench* bench;
};

namespace {

std::string text(trb_str value) {
    return std::string(view(value));
}

std::vector<storage::value> values_of(const trb_cell* cells, std::uint64_t count) {
    std::vector<storage::value> values;
    for (std::uint64_t index = 0; index < count; ++index)
        switch (cells[index].type) {
        case TRB_CELL_INTEGER: values.emplace_back(cells[index].integer); break;
        case TRB_CELL_TEXT: values.emplace_back(view(cells[index].text)); break;
        default: values.emplace_back(std::monostate()); break;
        }
    return values;
}

trb_status report(const tributary::failure& why, const trb_error_sink* error) {
    if (error != nullptr)
        error->report(error->ctx, view("sql"), view(why.text()), 0);
    return why.code == storage::storage_errc::conflict ? TRB_CONFLICT : TRB_INTERNAL;
}

trb_status run_query(storage::session& session, trb_str sql, const trb_cell* cells, std::uint64_t count,
                     trb_lookup_row_fn row_fn, void* ctx, const trb_error_sink* error, bool* any = nullptr) {
    const auto values = values_of(cells, count);
    // The rows are kept first: a callback may ask again.
    std::deque<std::string> texts;
    std::vector<std::vector<trb_cell>> rows;
    const auto done = session.query({"plugin", view(sql)}, values, [&](const storage::row& row) {
        auto& kept = rows.emplace_back();
        for (int column = 0; column < row.columns(); ++column)
            kept.push_back(row.is_null(column)      ? tributary::sdk::cell()
                           : row.is_integer(column) ? tributary::sdk::cell(row.integer(column))
                                                    : tributary::sdk::cell(std::string_view(
                                                          texts.emplace_back(row.text(column)))));
    });
    if (!done)
        return report(done.error(), error);
    for (const auto& row : rows)
        row_fn(ctx, row.data(), row.size());
    if (any != nullptr)
        *any = !rows.empty();
    return TRB_OK;
}

// ---- store
std::int64_t store_workspace(trb_scope*) noexcept {
    return 1;
}
std::int64_t store_environment(trb_scope*) noexcept {
    return TRB_LIVE;
}
trb_status store_query(trb_scope* scope, trb_str sql, const trb_cell* cells, std::uint64_t count,
                       trb_lookup_row_fn row_fn, void* ctx, const trb_error_sink* error) noexcept {
    storage::authority_guard guard(scope->bench->session(), "attribution");
    return run_query(scope->bench->session(), sql, cells, count, row_fn, ctx, error);
}
trb_status store_execute(trb_scope* scope, trb_str sql, const trb_cell* cells, std::uint64_t count,
                         std::uint64_t* changed, const trb_error_sink* error) noexcept {
    if (!scope->bench->in_write_)
        return TRB_UNSUPPORTED;
    storage::authority_guard guard(scope->bench->session(), "attribution");
    const auto values = values_of(cells, count);
    const auto done = scope->bench->session().execute({"plugin", view(sql)}, values);
    if (!done)
        return report(done.error(), error);
    if (changed != nullptr)
        *changed = *done;
    return TRB_OK;
}
trb_status store_changed(trb_scope* scope, trb_str, trb_str, std::int64_t) noexcept {
    scope->bench->stale_ = true;
    return TRB_OK;
}
std::uint64_t store_make_id(trb_scope* scope, trb_str prefix, char* out) noexcept {
    const std::string id = tributary::make_id(view(prefix), scope->bench->now_ms, scope->bench->entropy_);
    std::memcpy(out, id.data(), id.size());
    return id.size();
}
constexpr trb_host_store_v1 store_table{sizeof(trb_host_store_v1),
                                        0,
                                        &store_workspace,
                                        &store_environment,
                                        &store_query,
                                        &store_execute,
                                        &store_changed,
                                        &store_make_id};

// ---- facts
std::function<void(history_builder&)> copy_fact(const trb_fact& fact, std::int64_t sequence) {
    const std::string id = text(fact.document_id);
    const std::string realm = text(fact.realm);
    const std::int64_t at = fact.occurred_at_ms;
    std::string user;
    std::string click;
    for (std::uint64_t index = 0; index < fact.claim_count; ++index) {
        if (view(fact.claims[index].name) == "user")
            user = text(fact.claims[index].value);
        else if (view(fact.claims[index].name) == "click")
            click = text(fact.claims[index].value);
    }
    std::vector<std::string> parents;
    for (std::uint64_t index = 0; index < fact.parent_count; ++index)
        parents.push_back(text(fact.parents[index]));
    const auto dress = [=](tributary::attribution::testing::fact_draft& draft) {
        draft.in_realm(realm);
        if (!user.empty())
            draft.user(user);
        if (!click.empty())
            draft.clicked(click);
        for (const std::string& parent : parents)
            draft.about(parent);
    };
    switch (fact.kind) {
    case TRB_KIND_CUSTOMER: {
        const auto& body = tributary::sdk::body_as<trb_customer>(fact.body);
        return [=, name = text(body.name), email = text(body.email)](history_builder& into) {
            dress(into.customer(id, at, name, email));
        };
    }
    case TRB_KIND_LEAD: {
        const auto& body = tributary::sdk::body_as<trb_lead>(fact.body);
        return [=, name = text(body.event_name), source = text(body.source),
                quantity = body.quantity](history_builder& into) {
            auto& draft = into.lead(id, at, name);
            draft.lead.present |= TRB_BIT(TRB_LEAD_QUANTITY) | TRB_BIT(TRB_LEAD_SOURCE);
            draft.lead.quantity = quantity;
            draft.lead.source = into.keep(source);
            dress(draft);
        };
    }
    case TRB_KIND_PAYMENT: {
        const auto& body = tributary::sdk::body_as<trb_payment>(fact.body);
        return [=, cash = body.cash, event = text(body.event_name), invoice = text(body.invoice_id),
                processor = text(body.processor)](history_builder& into) {
            auto& draft = into.payment(id, at, cash.amount_minor, cash.amount_minor, cash.amount_minor,
                                       tributary::sdk::currency_of(cash), cash.exponent);
            draft.payment.present |= TRB_BIT(TRB_PAYMENT_EVENT_NAME) | TRB_BIT(TRB_PAYMENT_PROCESSOR) |
                                     (invoice.empty() ? 0 : TRB_BIT(TRB_PAYMENT_INVOICE_ID));
            draft.payment.event_name = into.keep(event);
            draft.payment.invoice_id = into.keep(invoice);
            draft.payment.processor = into.keep(processor);
            dress(draft);
        };
    }
    case TRB_KIND_COMMAND: {
        const auto& body = tributary::sdk::body_as<trb_command>(fact.body);
        std::vector<std::pair<std::string, std::string>> arguments;
        for (std::uint64_t index = 0; index < body.argument_count; ++index)
            arguments.emplace_back(text(body.arguments[index].name), text(body.arguments[index].value));
        return [=, action = text(body.action), target = text(body.target), partner = text(body.beneficiary),
                amount = body.amount, present = body.present](history_builder& into) {
            auto& draft = into.command(id, at, sequence, action, target, partner, "none");
            draft.command.present |= present;
            draft.command.amount = amount;
            for (const auto& [name, value] : arguments)
                draft.argument(name, value);
            dress(draft);
        };
    }
    default: return [=](history_builder& into) { dress(into.identity(id, at)); };
    }
}

trb_status facts_emit(trb_scope* scope, const trb_fact* fact, trb_str key, const trb_error_sink*) noexcept {
    workbench& bench = *scope->bench;
    if (!bench.in_write_)
        return TRB_UNSUPPORTED;
    if (key.size > 0 && !bench.used_keys_.insert(text(key)).second)
        return TRB_CONFLICT;
    workbench::known_fact known;
    known.tokens.push_back(text(fact->realm) + "/" + text(fact->document_id));
    for (std::uint64_t index = 0; index < fact->parent_count; ++index)
        known.tokens.push_back(text(fact->realm) + "/" + text(fact->parents[index]));
    for (std::uint64_t index = 0; index < fact->claim_count; ++index) {
        const trb_claim& claim = fact->claims[index];
        if (claim.claim_class == TRB_CLAIM_EXCLUSIVE)
            known.tokens.push_back("user:" + (known.user = text(claim.value)));
        else if (view(claim.name) == "click")
            known.clicks.insert(text(claim.value));
    }
    known.replay = copy_fact(*fact, ++bench.sequence_);
    bench.facts_[known.tokens.front()] = std::move(known);
    bench.stale_ = true;
    return TRB_OK;
}
trb_status facts_settle(trb_scope* scope, const trb_error_sink*) noexcept {
    scope->bench->fold_all();
    return TRB_OK;
}
constexpr trb_host_facts_v1 facts_table{sizeof(trb_host_facts_v1), 0, &facts_emit, &facts_settle};

// ---- clicks
void clicks_make_id(trb_scope* scope, trb_str link, trb_str visitor, char out[16]) noexcept {
    const std::string hour = std::to_string(scope->bench->now_ms / 3'600'000);
    const std::string id = tributary::derived_id("", text(link) + "|" + text(visitor) + "|" + hour);
    std::memcpy(out, id.data(), 16);
}
trb_status clicks_append(trb_scope* scope, trb_str id, const trb_click* click) noexcept {
    if (scope->bench->clicks_fail)
        return TRB_RETRY;
    scope->bench->clicks_.try_emplace(text(id),
                                      workbench::known_click{scope->bench->now_ms, text(click->link_id)});
    return TRB_OK;
}
trb_status clicks_find(trb_scope* scope, trb_str id,
                       void (*found)(void*, std::int64_t, const trb_click*) TRB_NOEXCEPT,
                       void* ctx) noexcept {
    const auto at = scope->bench->clicks_.find(text(id));
    if (at == scope->bench->clicks_.end())
        return TRB_NOT_FOUND;
    trb_click click{};
    click.struct_size = sizeof click;
    click.present = TRB_BIT(TRB_CLICK_LINK_ID);
    click.link_id = view(at->second.link_id);
    found(ctx, at->second.at_ms, &click);
    return TRB_OK;
}
constexpr trb_host_clicks_v1 clicks_table{sizeof(trb_host_clicks_v1), 0, &clicks_make_id, &clicks_append,
                                          &clicks_find};

/// The parameter of a pattern, if the path matches it.
bool matches(std::string_view pattern, std::string_view path, std::string& name, std::string& value) {
    const std::size_t open = pattern.find('{');
    if (open == std::string_view::npos)
        return pattern == path;
    if (!path.starts_with(pattern.substr(0, open)))
        return false;
    const bool rest = pattern.find('*') != std::string_view::npos;
    value = path.substr(open);
    name = pattern.substr(open + 1, pattern.find_first_of("*}") - open - 1);
    return rest || (!value.empty() && value.find('/') == std::string::npos);
}

/// The rows that a fold emits, written down.
struct row_writer {
    storage::session& session;
    std::string_view subject;

    static void row(void* ctx, const trb_row* row) noexcept {
        auto& self = *static_cast<row_writer*>(ctx);
        const trb_table& table = tributary::attribution::derived_tables()[row->table];
        std::string columns = "workspace_id, environment, row_id, subject_id";
        std::string places = "1, 1, $1, $2";
        for (std::uint64_t index = 0; index < table.column_count; ++index) {
            columns += ", " + text(table.columns[index]);
            places += ", $" + std::to_string(index + 3);
        }
        std::vector<storage::value> values{view(row->id), self.subject};
        for (const storage::value& value : values_of(row->cells, row->cell_count))
            values.push_back(value);
        const auto done = self.session.execute(
            {"row", "INSERT INTO " + text(table.name) + " (" + columns + ") VALUES (" + places + ")"},
            values);
        if (!done)
            std::terminate(); // Two rows of one id, or a column too many: no test may go on.
    }
    static void measure(void*, const trb_measure*) noexcept {}
    static void message(void*, const trb_message*) noexcept {}
    static void wake(void*, std::int64_t) noexcept {}
    static void trace(void*, const trb_trace_step*) noexcept {}
    static trb_status lookup(void* ctx, trb_str kind, trb_str key, std::int64_t, trb_lookup_row_fn row_fn,
                             void* row_ctx) noexcept {
        for (const trb_lookup_source& source : tributary::attribution::lookup_sources()) {
            if (view(source.kind) != view(kind))
                continue;
            const trb_cell cells[]{tributary::sdk::cell(1), tributary::sdk::cell(TRB_LIVE),
                                   tributary::sdk::cell(view(key))};
            bool any = false;
            const trb_status status = run_query(static_cast<row_writer*>(ctx)->session, source.sql, cells, 3,
                                                row_fn, row_ctx, nullptr, &any);
            return status != TRB_OK ? status : any ? TRB_OK : TRB_NOT_FOUND;
        }
        return TRB_NOT_FOUND;
    }
};

} // namespace

namespace tributary::attribution::testing {

workbench::workbench() {
    storage::sqlite_options options;
    options.on_prepare = [this](std::string_view sql) {
        const std::lock_guard lock(mutex_);
        if (watching_)
            statements_.emplace(sql);
    };
    database_ = storage::open_sqlite(std::move(options)).value();
    session_ = database_->open_writer().value();
    storage::migrate(*database_, *session_, "core", storage::core_migrations(), now_ms).value();
    std::vector<storage::migration> steps;
    for (const trb_migration& step : schema_migrations())
        steps.push_back({step.number, view(step.sql)});
    storage::migrate(*database_, *session_, "attribution", steps, now_ms).value();
    session_->execute({"domain", "INSERT INTO domain VALUES ('go.example.com', 1, 1, 0)"}, {}).value();
    watching_ = true;
    host_.struct_size = sizeof host_;
    host_.ctx = this;
    host_.get_service = &get_service;
    if (!attribution_plugin::create(sdk::host(&host_), "{}", plugin_))
        throw std::runtime_error("the plugin refuses its empty configuration");
}

workbench::~workbench() = default;

const void* workbench::get_service(const trb_host*, trb_str id) noexcept {
    const std::string_view name = view(id);
    if (name == TRB_SERVICE_CRYPTO)
        return &tributary::testing::crypto_service();
    if (name == TRB_SERVICE_STORE)
        return &store_table;
    if (name == TRB_SERVICE_FACTS)
        return &facts_table;
    return name == TRB_SERVICE_CLICKS ? &clicks_table : nullptr;
}

answered workbench::call(std::string_view method, std::string_view target, std::string_view body,
                         std::vector<std::pair<std::string, std::string>> headers) {
    const std::size_t mark = target.find('?');
    const std::string_view path = target.substr(0, mark);
    const bool to_domain = path.starts_with("/~");
    const std::string_view seen = to_domain ? path.substr(2) : path;
    std::string name;
    std::string value;
    std::size_t index = 0;
    const auto routes = attribution_plugin::routes();
    for (; index < routes.size(); ++index)
        if ((routes[index].access == TRB_ACCESS_DOMAIN) == to_domain &&
            view(routes[index].method) == method && matches(view(routes[index].pattern), seen, name, value))
            break;
    if (index == routes.size())
        throw std::runtime_error("no route " + std::string(method) + " " + std::string(target));
    trb_scope scope{this};
    std::vector<trb_pair> pairs;
    for (const auto& [header_name, header_value] : headers)
        pairs.push_back({view(header_name), view(header_value)});
    const trb_pair parameter{view(name), view(value)};
    trb_call made{};
    made.struct_size = sizeof made;
    made.environment = TRB_LIVE;
    made.workspace = view("ws_1");
    made.now_ms = now_ms;
    made.scope = &scope;
    made.method = view(method);
    made.host = view("go.example.com");
    made.path = view(seen);
    made.query = view(mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
    made.headers = pairs.data();
    made.header_count = pairs.size();
    made.body = view(body);
    made.parameters = &parameter;
    made.parameter_count = name.empty() ? 0 : 1;
    made.remote_address = view("192.0.2.1");
    made.base_url = view("https://api.example.com");
    in_write_ = routes[index].mode == TRB_ROUTE_WRITE;
    session_->begin().value();
    const auto facts = facts_;
    const auto keys = used_keys_;
    sdk::reply reply;
    answered answer;
    answer.outcome = plugin_->handle(index, made, reply);
    answer.status = reply.status;
    answer.body = reply.body;
    for (const auto& [header_name, header_value] : reply.headers)
        answer.headers[header_name] = header_value;
    if (!answer.outcome || (in_write_ && reply.status >= 400)) {
        session_->rollback();
        facts_ = facts;
        used_keys_ = keys;
    } else {
        if (stale_ && in_write_)
            fold_all();
        session_->commit().value();
    }
    stale_ = false;
    in_write_ = false;
    return answer;
}

answered workbench::visit(std::string_view target, std::vector<std::pair<std::string, std::string>> headers) {
    headers.emplace_back("User-Agent",
                         "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
    return call("GET", "/~" + std::string(target), "", std::move(headers));
}

void workbench::tell(std::string key, std::vector<std::string> tokens,
                     std::function<void(history_builder&)> replay) {
    known_fact known;
    known.tokens = std::move(tokens);
    for (const std::string& token : known.tokens)
        if (token.starts_with("user:"))
            known.user = token.substr(5);
    known.replay = std::move(replay);
    facts_[std::move(key)] = std::move(known);
    session_->begin().value();
    fold_all();
    session_->commit().value();
}

void workbench::fold_all() {
    for (const trb_table& table : derived_tables())
        session_->execute({"clear", "DELETE FROM " + text(table.name)}, {}).value();
    // Facts that share a token belong to one history; joined until nothing changes.
    std::vector<std::pair<std::set<std::string>, std::vector<const known_fact*>>> groups;
    for (const auto& [id, fact] : facts_) {
        std::set<std::string> tokens(fact.tokens.begin(), fact.tokens.end());
        std::vector<const known_fact*> members{&fact};
        std::erase_if(groups, [&](auto& group) {
            const bool shared =
                std::ranges::any_of(group.first, [&](const auto& token) { return tokens.contains(token); });
            if (shared) {
                tokens.merge(group.first);
                members.insert(members.end(), group.second.begin(), group.second.end());
            }
            return shared;
        });
        groups.emplace_back(std::move(tokens), std::move(members));
    }
    for (const auto& [tokens, members] : groups)
        fold_subject(*tokens.rbegin(), members);
}

void workbench::fold_subject(std::string_view subject, const std::vector<const known_fact*>& facts) {
    history_builder history(subject);
    std::set<std::string> clicks;
    for (const known_fact* fact : facts) {
        fact->replay(history);
        clicks.insert(fact->clicks.begin(), fact->clicks.end());
    }
    for (const std::string& id : clicks)
        if (const auto at = clicks_.find(id); at != clicks_.end())
            history.click(id, at->second.at_ms, at->second.link_id);
    row_writer writer{*session_, subject};
    const trb_fold_sink sink{sizeof(trb_fold_sink),
                             0,
                             &writer,
                             &row_writer::row,
                             &row_writer::measure,
                             &row_writer::message,
                             &row_writer::wake,
                             &row_writer::trace,
                             &row_writer::lookup};
    if (!plugin_->fold(history.build(), now_ms, sdk::fold_sink(&sink)))
        throw std::runtime_error("the fold failed");
}

std::string workbench::one(std::string_view sql) {
    std::string found = "none";
    session_
        ->query({"test", sql}, {},
                [&](const storage::row& row) {
                    found = row.is_null(0)      ? "NULL"
                            : row.is_integer(0) ? std::to_string(row.integer(0))
                                                : std::string(row.text(0));
                })
        .value();
    return found;
}

std::set<std::string> workbench::statements() const {
    const std::lock_guard lock(mutex_);
    return statements_;
}

} // namespace tributary::attribution::testing

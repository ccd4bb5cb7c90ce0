#include <algorithm>
#include <array>
#include <plugins/toy/toy_message.hpp>
#include <plugins/toy/toy_plugins.hpp>
#include <support/engine_fixture.hpp>

namespace tributary::test {

namespace {

using storage::row;
using storage::value;

/// What a workspace's dump consists of. Numbers that the database gave and times of folding are left out.
constexpr std::array dumped{
    "SELECT 'fact', kind, realm, document_id, source_time, lifecycle_rank, source_rank, occurred_at, "
    "hex(digest), "
    "content, subject_id, connection_id FROM fact WHERE workspace_id = $1 AND environment = $2",
    "SELECT 'claim', claim, subject_id, contested FROM claim WHERE workspace_id = $1 AND environment = $2",
    "SELECT 'claim_conflict', claim, subject_id FROM claim_conflict WHERE workspace_id = $1 AND environment "
    "= $2",
    "SELECT 'derivation', projection, subject_id, fold_version, wake_at, failure, state FROM derivation "
    "WHERE workspace_id = $1 AND environment = $2",
    "SELECT 'reader', kind, lookup_key, subject_id, as_of FROM lookup_reader WHERE workspace_id = $1 AND "
    "environment = $2",
    "SELECT 'dirty', subject_id FROM dirty_subject WHERE workspace_id = $1 AND environment = $2",
    "SELECT 'rollup', measure, dimension, currency, day, value FROM rollup WHERE workspace_id = $1 AND "
    "environment = $2",
    "SELECT 'named_click', click_id, at, body FROM named_click WHERE workspace_id = $1 AND environment = $2",
};

void append_row(std::string& line, const row& from, int first) {
    for (int column = first; column < from.columns(); ++column) {
        line += line.empty() ? "" : "|";
        if (from.is_null(column))
            line += "-";
        else if (from.is_integer(column))
            line += std::to_string(from.integer(column));
        else
            line += from.text(column);
    }
}

} // namespace

result<connection_info> made_up_directory::connection(storage::session&, std::string_view id,
                                                      bool with_secrets) {
    const auto known = connections.find(id);
    if (known == connections.end())
        return failure(engine_errc::unknown_connection, std::string(id));
    connection_info found = known->second;
    if (with_secrets)
        found.secrets = {{"signing", secret_text(toy::test_secret)}, {"api_key", secret_text("key")}};
    return found;
}

result<workspace_info> made_up_directory::workspace(storage::session&, std::int64_t workspace_id, bool) {
    // The name is the same everywhere, so that histories in different workspaces can be compared.
    return workspace_info{"ws_test", secret_text("click key of " + std::to_string(workspace_id))};
}

void made_up_directory::add(std::string_view id, space in, std::string_view realm) {
    connection_info made;
    made.id = id;
    made.in = in;
    made.provider = "toy";
    made.realm = realm;
    made.settings = "{}";
    connections.insert_or_assign(std::string(id), std::move(made));
}

engine_world::engine_world(world_options options) : options_(std::move(options)) {
    storage::sqlite_options sqlite;
    sqlite.on_prepare = [this](std::string_view sql) { prepared.emplace(sql); };
    database_ = must(storage::open_sqlite(std::move(sqlite)));
    if (options_.wrap)
        database_ = options_.wrap(std::move(database_));
    restart(options_.next_release);
}

engine_world::~engine_world() = default;

void engine_world::load_plugins(bool next_release) {
    plugins_ = std::make_unique<plugins::plugin_set>(log, time, random_, counters);
    must(plugins_->add(toy::provider_plugin(), "{}"));
    must(plugins_->add(next_release ? toy::next_projection_plugin() : toy::projection_plugin(), "{}"));
    for (const trb_plugin* one : options_.more)
        must(plugins_->add(one, "{}"));
}

void engine_world::restart(bool next_release) {
    engine_.reset();
    load_plugins(next_release);
    engine_ = std::make_unique<class engine>(*database_, where, *plugins_, time, random_, log, counters,
                                             options_.engine);
}

void engine_world::restart_with(std::vector<const trb_plugin*> more) {
    options_.more = std::move(more);
    restart();
}

void engine_world::reload_projection(bool next_release) {
    // What is linked in is loaded by a set of its own: only its generation changes hands.
    plugins::plugin_set other(log, time, random_, counters);
    const auto next =
        must(other.add(next_release ? toy::next_projection_plugin() : toy::projection_plugin(), "{}"));
    must(engine_->prepare(*next));
    plugins_->replace(next);
    must(engine_->adopt(*next));
}

space engine_world::new_workspace() {
    const space in{++last_workspace_, TRB_LIVE};
    where.add(connection_of(in), in);
    return in;
}

delivery engine_world::make_delivery(std::string_view connection, std::string body) const {
    delivery raw;
    raw.connection_id = connection;
    raw.received_at = time.now;
    raw.method = "POST";
    raw.headers = {{std::string(toy::signature_header), toy::sign(body)}};
    raw.body = std::move(body);
    return raw;
}

job engine_world::delivery_job(delivery raw, result<http::response>* answer) {
    job made;
    auto verified = verify_delivery(engine_->session(), where, *plugins_, std::move(raw));
    std::visit([&](auto&& one) { made.what = std::forward<decltype(one)>(one); }, std::move(verified));
    if (answer != nullptr)
        made.done = [answer](result<http::response> got) { *answer = std::move(got); };
    return made;
}

job engine_world::step_job(space in, const step& what) {
    if (!what.click)
        return delivery_job(make_delivery(connection_of(in), what.body));
    clicks::click click = *what.click;
    click.in = in;
    return {std::vector{click}, {}};
}

void engine_world::run(std::vector<job> batch) {
    must(engine_->run(std::move(batch)));
}

void engine_world::settle() {
    must(engine_->settle());
}

http::response engine_world::deliver(delivery raw) {
    result<http::response> answer = http::response{};
    std::vector<job> batch;
    batch.push_back(delivery_job(std::move(raw), &answer));
    run(std::move(batch));
    settle();
    return must(std::move(answer));
}

http::response engine_world::deliver(std::string_view connection, std::string body) {
    return deliver(make_delivery(connection, std::move(body)));
}

void engine_world::deliver(space in, std::string body) {
    const http::response answer = deliver(connection_of(in), std::move(body));
    if (answer.status / 100 != 2)
        throw std::runtime_error("the delivery was answered " + std::to_string(answer.status) + " " +
                                 answer.body);
}

void engine_world::record_click(space in, std::string_view id, std::string_view link, time_ms at) {
    std::vector<job> batch;
    step recorded{{},
                  clicks::click{in, std::string(id), at, std::string(link),
                                R"({"link_id":")" + std::string(link) + R"("})"}};
    batch.push_back(step_job(in, recorded));
    run(std::move(batch));
    settle();
}

job engine_world::call_job(space in, std::uint64_t route, std::string body,
                           std::string_view idempotency_key) {
    struct texts {
        std::string body;
        std::string key;
        trb_pair header;
    };
    const auto kept = std::make_shared<texts>(texts{std::move(body), std::string(idempotency_key), {}});
    write_call made;
    made.plugin = plugins_->find("toyfold");
    made.route = route;
    made.in = in;
    made.view.struct_size = sizeof made.view;
    made.view.environment = static_cast<std::int32_t>(in.environment);
    made.view.workspace = plugins::view(std::string_view("ws_test"));
    made.view.now_ms = time.now;
    made.view.method = plugins::view(std::string_view("POST"));
    made.view.body = plugins::view(std::string_view(kept->body));
    if (!kept->key.empty()) {
        kept->header = {plugins::view(std::string_view("Idempotency-Key")),
                        plugins::view(std::string_view(kept->key))};
        made.view.headers = &kept->header;
        made.view.header_count = 1;
    }
    made.keep = kept;
    return {std::move(made), {}};
}

http::response engine_world::call(space in, std::uint64_t route, std::string body,
                                  std::string_view idempotency_key) {
    result<http::response> answer = http::response{};
    std::vector<job> batch;
    batch.push_back(call_job(in, route, std::move(body), idempotency_key));
    batch.back().done = [&](result<http::response> got) { answer = std::move(got); };
    run(std::move(batch));
    return must(std::move(answer));
}

void engine_world::set_rate(space in, std::string_view currency, std::int64_t bps, time_ms effective_from) {
    const http::response answer = call(in, 0,
                                       toy::item_text()
                                           .line("key", currency)
                                           .line("value", bps)
                                           .line("effective_from", effective_from)
                                           .text());
    if (answer.status != 200)
        throw std::runtime_error("the rate was answered " + std::to_string(answer.status));
    settle();
}

http::response engine_world::totals(space in, std::string_view user) {
    constexpr std::uint64_t route = 2;
    const trb_pair parameter{plugins::view(std::string_view("user")), plugins::view(user)};
    trb_call view{};
    view.struct_size = sizeof view;
    view.environment = static_cast<std::int32_t>(in.environment);
    view.now_ms = time.now;
    view.parameters = &parameter;
    view.parameter_count = 1;
    std::vector<clicks::click> appended;
    const auto reader = must(database_->open_reader());
    return must(
        run_read_route(*reader, where, *plugins_->find("toyfold"), route, view, in, random_, appended));
}

std::size_t engine_world::answer_wants(const std::map<std::string, http::response, std::less<>>& answers) {
    auto wanted = must(engine_->due_wants());
    const std::size_t count = wanted.size();
    std::vector<job> batch;
    for (inbox::want& one : wanted) {
        // What a verdict is asked for is named after its telling too: "verify:e1#<digest>".
        const auto known = answers.find(std::string_view(one.purpose).substr(0, one.purpose.find('#')));
        http::response answer = known == answers.end() ? http::response{404, {}, {}} : known->second;
        batch.push_back({wanted_answer{std::move(one), std::move(answer)}, {}});
    }
    run(std::move(batch));
    settle();
    return count;
}

std::string engine_world::query(space in, std::string_view sql) {
    std::string text;
    must(engine_->session().query({"test.query", sql}, std::array{value(in.workspace), value(in.environment)},
                                  [&](const row& from) {
                                      std::string line;
                                      append_row(line, from, 0);
                                      text += text.empty() ? line : "\n" + line;
                                  }));
    return text;
}

std::int64_t engine_world::number(space in, std::string_view sql) {
    std::int64_t found = -1;
    must(engine_->session().query({"test.number", sql},
                                  std::array{value(in.workspace), value(in.environment)},
                                  [&](const row& from) { found = from.integer(0); }));
    return found;
}

std::string engine_world::dump(space in) {
    std::vector<std::string> lines;
    const auto add = [&](std::string_view sql, int first, std::string_view head) {
        must(engine_->session().query(
            {"test.dump", sql}, std::array{value(in.workspace), value(in.environment)}, [&](const row& from) {
                std::string line(head);
                append_row(line, from, first);
                // Connections are named after their workspace.
                const std::string own = "|" + connection_of(in);
                if (const auto at = line.rfind(own); at != std::string::npos)
                    line.replace(at, own.size(), "|c");
                lines.push_back(std::move(line));
            }));
    };
    for (const std::string_view sql : dumped)
        add(sql, 0, {});
    constexpr int derived_columns_from = 2; // What comes before says where, not what.
    for (const auto& plugin : plugins_->all()) {
        if (plugin->projection == nullptr)
            continue;
        for (const trb_table& table : plugins::tables_of(*plugin->projection)) {
            const std::string name(plugins::view(table.name));
            const std::string sql = "SELECT * FROM " + name + " WHERE workspace_id = $1 AND environment = $2";
            add(sql, derived_columns_from, name);
        }
    }
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

std::string engine_world::dump_messages(space in) {
    return query(in, "SELECT kind, message_key, revision, at, body FROM message WHERE workspace_id = $1 AND "
                     "environment = $2 AND state = 0 ORDER BY kind, message_key, revision");
}

} // namespace tributary::test

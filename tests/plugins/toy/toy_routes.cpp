#include "plugins/toy/toy_fold.hpp"
#include "plugins/toy/toy_projection.hpp"
#include "plugins/toy/toy_reader.hpp"

namespace toy {

namespace {

enum class route : std::uint64_t { set_rate, add_payment, show_totals, follow_link };

constexpr std::string_view upsert_rate =
    "INSERT INTO toyfold_rate (workspace_id, environment, key, effective_from, value) VALUES ($1, $2, $3, "
    "$4, $5) "
    "ON CONFLICT (workspace_id, environment, key, effective_from) DO UPDATE SET value = excluded.value";

constexpr std::string_view totals_of_user =
    "SELECT payments, net_minor, currency, totals, clicks FROM toyfold_subject "
    "WHERE workspace_id = $1 AND environment = $2 AND user_id = $3";

std::string_view pair_value(const trb_pair* pairs, std::uint64_t count, std::string_view name) {
    for (std::uint64_t index = 0; index < count; ++index)
        if (sdk::view(pairs[index].name) == name)
            return sdk::view(pairs[index].value);
    return {};
}

/// The one item of a request's body.
sdk::outcome read_one(const trb_call& call, item& into) {
    std::vector<item> items;
    if (sdk::outcome read = read_items(sdk::view(call.body), items); !read)
        return read;
    if (items.size() != 1)
        return sdk::invalid("one_item", "the body must be one item");
    into = std::move(items.front());
    return {};
}

} // namespace

std::span<const trb_route> toy_projection_base::routes() {
    // In the order of `route`.
    static const trb_route list[] = {
        {sizeof(trb_route), TRB_ACCESS_KEY, TRB_ROUTE_WRITE, 0, sdk::view("POST"), sdk::view("/toy/rate"),
         sdk::view("toy.write")},
        {sizeof(trb_route), TRB_ACCESS_KEY, TRB_ROUTE_WRITE, 0, sdk::view("POST"), sdk::view("/toy/payment"),
         sdk::view("toy.write")},
        {sizeof(trb_route), TRB_ACCESS_KEY, TRB_ROUTE_READ, 0, sdk::view("GET"),
         sdk::view("/toy/totals/{user}"), sdk::view("toy.read")},
        {sizeof(trb_route),
         TRB_ACCESS_DOMAIN,
         TRB_ROUTE_READ,
         0,
         sdk::view("GET"),
         sdk::view("/go/{key}"),
         {nullptr, 0}},
    };
    return list;
}

sdk::outcome toy_projection_base::handle(std::uint64_t which, const trb_call& call, sdk::reply& answer) {
    switch (static_cast<route>(which)) {
    case route::set_rate: return set_rate(call, answer);
    case route::add_payment: return add_payment(call, answer);
    case route::show_totals:
        return show_totals(call, pair_value(call.parameters, call.parameter_count, "user"), answer);
    case route::follow_link: return follow_link(call, answer);
    }
    return sdk::internal("the host called a route that does not exist");
}

sdk::outcome toy_projection_base::set_rate(const trb_call& call, sdk::reply& answer) const {
    item from;
    if (sdk::outcome read = read_one(call, from); !read)
        return read;
    const std::string_view key = from.find("key");
    const auto value = parse_integer(from.find("value"));
    const auto effective_from = parse_integer(from.has("effective_from") ? from.find("effective_from") : "0");
    if (key.empty() || !effective_from || !value || *value < 0 || *value > 10'000)
        return sdk::invalid("rate",
                            "key, value (0 to 10000 basis points) and effective_from (ms) are needed");
    const sdk::store store(host_.store(), call.scope);
    const trb_cell parameters[] = {store.workspace(), store.environment(), sdk::cell(key),
                                   sdk::cell(*effective_from), sdk::cell(*value)};
    if (sdk::outcome done = store.execute(upsert_rate, parameters); !done)
        return done;
    store.changed(rate_lookup, key, *effective_from);
    answer.headers.emplace_back("Content-Type", "text/plain");
    answer.body = "ok\n";
    return {};
}

sdk::outcome toy_projection_base::add_payment(const trb_call& call, sdk::reply& answer) const {
    item from;
    document made;
    if (sdk::outcome read = read_one(call, from); !read)
        return read;
    if (sdk::outcome read = made.read(from); !read)
        return read;
    if (made.fact().kind != TRB_KIND_PAYMENT)
        return sdk::invalid("kind", "kind must be payment");
    const trb_host_facts_v1* facts = host_.facts();
    sdk::error_collector error;
    const std::string_view key = pair_value(call.headers, call.header_count, "Idempotency-Key");
    if (const trb_status status = facts->emit(call.scope, &made.fact(), sdk::view(key), error.sink());
        status != TRB_OK)
        return error.finish(status);
    if (const trb_status status = facts->settle(call.scope, error.sink()); status != TRB_OK)
        return error.finish(status);
    if (from.has("user"))
        return show_totals(call, from.find("user"), answer); // What one wrote, one reads.
    answer.headers.emplace_back("Content-Type", "text/plain");
    answer.body = "ok\n";
    return {};
}

sdk::outcome toy_projection_base::show_totals(const trb_call& call, std::string_view user,
                                              sdk::reply& answer) const {
    const sdk::store store(host_.store(), call.scope);
    const trb_cell parameters[] = {store.workspace(), store.environment(), sdk::cell(user)};
    std::string body;
    sdk::outcome done = store.query(totals_of_user, parameters, [&](sdk::cells row) {
        body = "payments=" + std::to_string(row[0].integer) + "\nnet=" + std::to_string(row[1].integer);
        body.append("\ncurrency=").append(sdk::view(row[2].text));
        body.append("\ntotals=").append(sdk::view(row[3].text));
        body.append("\nclicks=").append(sdk::view(row[4].text)).append("\n");
    });
    if (!done)
        return done;
    if (body.empty())
        return sdk::not_found("nobody is known as " + std::string(user));
    answer.headers.emplace_back("Content-Type", "text/plain");
    answer.body = std::move(body);
    return {};
}

sdk::outcome toy_projection_base::follow_link(const trb_call& call, sdk::reply& answer) const {
    const std::string_view link = pair_value(call.parameters, call.parameter_count, "key");
    const std::string visitor = std::string(sdk::view(call.remote_address)) + "|" +
                                std::string(pair_value(call.headers, call.header_count, "User-Agent"));
    const trb_host_clicks_v1* clicks = host_.clicks();
    char id[16];
    clicks->make_id(call.scope, sdk::view(link), sdk::view(visitor), id);
    trb_click click{};
    click.struct_size = sizeof click;
    click.present = TRB_BIT(TRB_CLICK_LINK_ID) | TRB_BIT(TRB_CLICK_TRIGGER);
    click.link_id = sdk::view(link);
    click.trigger = sdk::view("link");
    if (const trb_status status = clicks->append(call.scope, {id, sizeof id}, &click); status != TRB_OK)
        return {status, "click", "the click was not recorded"};
    answer.status = 302;
    answer.headers.emplace_back("Location", "https://shop.toy.test/?toy_click=" + std::string(id, sizeof id));
    return {};
}

} // namespace toy

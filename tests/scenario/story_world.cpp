#include "scenario/story_world.hpp"

#include <tributary/abi/simulator.h>
#include <tributary/plugins/elements.hpp>

#include <boost/dll/shared_library.hpp>

#include <sstream>

#include "plugins/toy/toy_message.hpp"

namespace tributary::test {

using plugins::view;

struct story_world::loaded {
    boost::dll::shared_library stripe{TRIBUTARY_STRIPE_FILE, boost::dll::load_mode::rtld_now};
    boost::dll::shared_library attribution{TRIBUTARY_ATTRIBUTION_FILE, boost::dll::load_mode::rtld_now};

    static const trb_plugin* entry(const boost::dll::shared_library& library) {
        return library.get<const trb_plugin*() noexcept>(TRB_PLUGIN_ENTRY_NAME)();
    }
};

story_world::story_world() : plugins_(std::make_unique<loaded>()) {
    world_options options;
    options.more = {loaded::entry(plugins_->stripe), loaded::entry(plugins_->attribution)};
    world_ = std::make_unique<engine_world>(std::move(options));
}

story_world::~story_world() = default;

space story_world::new_workspace() {
    const space in = world_->new_workspace();
    connection_info& connection = world_->where.connections.at(engine_world::connection_of(in));
    connection.provider = "stripe";
    connection.realm = "stripe:acct_1";
    const std::string at = std::to_string(in.workspace) + ", " + std::to_string(in.environment);
    const std::string long_ago = "0";
    for (const std::string& sql :
         {"INSERT INTO attribution_partner (workspace_id, environment, id, email, name, group_id, status, "
          "created_at) "
          "VALUES (" +
              at + ", 'pn_1', 'ada@example.com', 'Ada', 'default', 'approved', 0)",
          "INSERT INTO attribution_membership (workspace_id, environment, partner_id, effective_from, "
          "group_id, "
          "created_at) VALUES (" +
              at + ", 'pn_1', 0, 'default', 0)",
          "INSERT INTO attribution_link (workspace_id, environment, id, domain, link_key, key_lower, url, "
          "partner_id, "
          "track_conversion, archived, created_at, updated_at) VALUES (" +
              at + ", 'link_1', 'go.example.com', 'ada', 'ada', 'https://shop.example/', 'pn_1', 1, 0, 0, 0)",
          "INSERT INTO attribution_terms (workspace_id, environment, id, group_id, event, type, "
          "amount_minor, rate_bps, "
          "currency, effective_from, created_at) VALUES (" +
              at + ", 'rw_1', 'default', 'sale', 'percentage', 0, 2000, 'USD', 0, 0)",
          "INSERT INTO attribution_terms (workspace_id, environment, id, group_id, event, type, "
          "amount_minor, rate_bps, "
          "currency, max_duration_months, effective_from, created_at) VALUES (" +
              at + ", 'rw_2', 'default', 'lead', 'flat', 500, 0, 'USD', 0, 0, 0)"})
        must(world_->engine().session().execute_script(sql));
    world_->record_click(in, story_click, "link_1", start_ms - hour_ms);
    return in;
}

std::vector<std::string> story_world::stories() const {
    const trb_simulator_v1& simulator = *world_->plugins().find("stripe")->simulator;
    std::vector<std::string> names;
    for (const trb_story& story :
         plugins::elements<trb_story>(simulator.stories, simulator.story_count, simulator.story_stride))
        names.emplace_back(view(story.name));
    return names;
}

bool story_world::can_tell(const std::string& name, const std::string& api_version) const {
    trb_story_request request{};
    request.struct_size = sizeof request;
    request.environment = TRB_SANDBOX;
    request.story = view(std::string_view(name));
    request.signing_secret = view(std::string_view(toy::test_secret));
    request.api_version = view(std::string_view(api_version));
    request.at_ms = start_ms;
    const trb_story_sink nobody{sizeof(trb_story_sink), 0, nullptr,
                                [](void*, const trb_told_delivery*) noexcept {},
                                [](void*, trb_str, std::int64_t) noexcept {}};
    const plugins::plugin& plugin = *world_->plugins().find("stripe");
    plugins::error_report error;
    const trb_status status = plugin.simulator->tell(plugin.self(), &request, &nobody, error.sink());
    if (status != TRB_OK && error.code() != "bad_api_version")
        throw std::runtime_error(name + ": " + error.text(status));
    return status == TRB_OK;
}

told_story story_world::tell(const std::string& name, const std::string& api_version, space in) const {
    const plugins::plugin& plugin = *world_->plugins().find("stripe");
    const std::pair<std::string, std::string> parameters[] = {{"click", story_click},
                                                              {"user", "user_1"},
                                                              {"amount", std::to_string(story_amount)},
                                                              {"renewals", "2"},
                                                              {"interval_s", "0"}};
    const bool guest = name == "guest" || name == "payment-link";
    std::vector<trb_pair> pairs;
    for (const auto& [key, value] : parameters)
        if (!guest || key != "user")
            pairs.push_back({view(std::string_view(key)), view(std::string_view(value))});
    trb_story_request request{};
    request.struct_size = sizeof request;
    request.environment = static_cast<std::int32_t>(in.environment);
    request.story = view(std::string_view(name));
    request.signing_secret = view(std::string_view(toy::test_secret));
    request.api_version = view(std::string_view(api_version));
    request.seed = 1;
    request.at_ms = start_ms;
    request.parameters = pairs.data();
    request.parameter_count = pairs.size();
    struct collected {
        told_story told;
        std::string connection;
    } into{{name, {}, {}}, engine_world::connection_of(in)};
    const trb_story_sink sink{sizeof(trb_story_sink), 0, &into,
                              [](void* ctx, const trb_told_delivery* said) noexcept {
                                  auto& to = *static_cast<collected*>(ctx);
                                  delivery raw;
                                  raw.connection_id = to.connection;
                                  raw.received_at = start_ms;
                                  raw.method = "POST";
                                  raw.body = view(said->body);
                                  for (std::uint32_t index = 0; index < said->header_count; ++index)
                                      raw.headers.push_back({std::string(view(said->headers[index].name)),
                                                             std::string(view(said->headers[index].value))});
                                  to.told.deliveries.push_back(std::move(raw));
                              },
                              [](void* ctx, trb_str what, std::int64_t value) noexcept {
                                  static_cast<collected*>(ctx)->told.expected[std::string(view(what))] =
                                      value;
                              }};
    plugins::error_report error;
    const trb_status status = plugin.simulator->tell(plugin.self(), &request, &sink, error.sink());
    if (status != TRB_OK)
        throw std::runtime_error(error.text(status));
    return std::move(into.told);
}

void story_world::deliver(const told_story& told, const std::vector<std::size_t>& order,
                          const std::vector<bool>& batch_ends) {
    std::vector<job> batch;
    for (std::size_t at = 0; at < order.size(); ++at) {
        batch.push_back(world_->delivery_job(told.deliveries[order[at]]));
        if (batch_ends.empty() || batch_ends[at])
            world_->run(std::exchange(batch, {}));
    }
    world_->run(std::move(batch));
    world_->settle();
}

std::string story_world::rows(space in) {
    std::istringstream all(world_->dump(in));
    std::string kept;
    for (std::string line; std::getline(all, line);) {
        const bool told = line.starts_with("attribution_") || line.starts_with("rollup|");
        // Since 2025-03-31 a charge that failed does not name its invoice: alone it leaves a sale that nobody
        // ever confirms, and in an older shape it belongs to the invoice.
        if (!told || line.find("|unconfirmed|") != std::string::npos)
            continue;
        // A commission names all documents of its sale: which those are depends on the shape.
        const std::size_t list = line.find("|[");
        kept +=
            list == std::string::npos ? line : line.substr(0, list) + line.substr(line.find("]|", list) + 1);
        kept += "\n";
    }
    return kept;
}

std::int64_t story_world::earned(space in, const std::string& type) {
    return world_->number(
        in, "SELECT COALESCE(SUM(earnings), 0) FROM attribution_commission WHERE workspace_id = $1 "
            "AND environment = $2 AND status IN ('pending', 'processed', 'paid') AND type = '" +
                type + "'");
}

} // namespace tributary::test

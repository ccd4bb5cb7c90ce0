#include "actions_key.hpp"
#include "fetch.hpp"
#include "settings.hpp"
#include "stripe_plugin.hpp"

namespace tributary::stripe {

sdk::outcome stripe_plugin::fetch(const trb_connection& connection, std::int32_t,
                                  std::string_view document_id, sdk::action_sink into) const {
    settings options;
    if (sdk::outcome done = parse_settings(sdk::view(connection.settings), options); !done)
        return done;
    const std::string_view unusable = why_unusable(connection, read_api_key(newest_api_key(connection)));
    if (!unusable.empty())
        return sdk::rejected("unusable_key", std::string(unusable) + "; see 'tributary connection check'");
    const wanted request = ask_document(document_id);
    if (request.url.empty())
        return sdk::invalid("not_an_id",
                            "this is no id of an object of Stripe's that can be read; those begin with " +
                                known_id_prefixes());
    into.need(as_request(request, options.api_base));
    return {};
}

} // namespace tributary::stripe

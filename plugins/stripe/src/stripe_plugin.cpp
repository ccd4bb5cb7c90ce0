#include "stripe_plugin.hpp"

#include "document.hpp"
#include "fetch.hpp"

namespace tributary::stripe {

sdk::outcome stripe_plugin::create(sdk::host host, std::string_view config,
                                   std::unique_ptr<stripe_plugin>& made) {
    json::value parsed;
    if (sdk::outcome done = parse_document(config.empty() ? "{}" : config, parsed); !done)
        return done;
    if (!parsed.get_object().empty())
        return sdk::invalid("unknown_key", "the plugin stripe has no configuration of its own, but '" +
                                               std::string(parsed.get_object().begin()->key()) +
                                               "' is set; settings belong to a connection");
    made = std::make_unique<stripe_plugin>(host);
    return {};
}

std::span<const trb_str> stripe_plugin::requirements() noexcept {
    static const trb_str services[] = {sdk::view(TRB_SERVICE_CRYPTO)};
    return services;
}

sdk::outcome stripe_plugin::start() {
    crypto_ = host_.crypto();
    if (crypto_ == nullptr)
        return {TRB_UNSUPPORTED, "no_crypto", "the host offers no " TRB_SERVICE_CRYPTO};
    return {};
}

sdk::outcome stripe_plugin::reread(const trb_connection& connection, std::int32_t,
                                   std::string_view document_id, sdk::fact_sink into) const {
    settings options;
    if (sdk::outcome done = parse_settings(sdk::view(connection.settings), options); !done)
        return done;
    // Before an id that another document has too, or that people choose.
    for (const std::string_view prefix : {"checkout:", "price:"})
        if (document_id.starts_with(prefix))
            document_id.remove_prefix(prefix.size());
    const wanted request = ask_reread(document_id, {});
    if (request.url.empty())
        return {TRB_UNSUPPORTED, "unsupported", "this document cannot be read anew"};
    send(request, options.api_base, into);
    return {};
}

} // namespace tributary::stripe

#include "document.hpp"

#include <boost/json/parse.hpp>

namespace tributary::stripe {

sdk::outcome parse_document(std::string_view body, json::value& into) {
    json::parse_options options;
    options.max_depth = 32; // The deepest object that Stripe sends, fully expanded, has about 12.
    json::error_code error;
    into = json::parse({body.data(), body.size()}, error, into.storage(), options);
    if (error)
        return sdk::invalid("malformed_json", "the body is not JSON: " + error.message());
    if (!into.is_object())
        return sdk::invalid("not_an_object", "the body is JSON, but not an object");
    return {};
}

} // namespace tributary::stripe

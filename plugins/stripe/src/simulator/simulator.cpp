#include <tributary/abi/provider.h>

#include <algorithm>
#include <vector>

#include "simulator/library.hpp"
#include "simulator/teller.hpp"
#include "stripe_plugin.hpp"

namespace tributary::stripe {

using namespace simulated;
using sdk::view;

namespace {

/// The story that is meant: the definition that came along, else the shipped one of that name.
sdk::outcome find_definition(const trb_story_request& request, std::string_view& into) {
    into = sdk::definition_of(request);
    if (!into.empty())
        return {};
    const std::string_view name = view(request.story);
    std::vector<std::string_view> known;
    for (const shipped_story& story : shipped_stories()) {
        if (story.name == name)
            into = story.definition;
        known.push_back(story.name);
    }
    return into.empty() ? sdk::not_found("there is no story " + with_nearest(name, known)) : sdk::outcome();
}

} // namespace

std::span<const trb_story> stripe_plugin::stories() noexcept {
    static const std::vector<trb_story> all = [] {
        std::vector<trb_story> made;
        for (const shipped_story& story : shipped_stories())
            made.push_back({sizeof(trb_story), 0, view(story.name), view(story.summary)});
        return made;
    }();
    return all;
}

sdk::outcome stripe_plugin::tell(const trb_story_request& request, sdk::story_sink into) const {
    std::string_view definition;
    story_file story;
    api_version shape;
    if (sdk::outcome done = find_definition(request, definition); !done)
        return done;
    if (sdk::outcome done = parse_story(definition, story); !done)
        return done;
    parameters chosen = story.defaults;
    if (sdk::outcome done = read_parameters(request, chosen); !done)
        return done;
    if (sdk::outcome done = api_version::parse(view(request.api_version), shape); !done)
        return done;
    if (!shape.since(std::string_view(story.since).substr(0, 10)))
        return sdk::invalid("bad_api_version",
                            "the story " + story.name + " can be told since API " + story.since + " only");
    if (view(request.signing_secret).empty())
        return sdk::invalid("no_secret", "a story is signed: it needs the connection's signing secret");
    shop in(std::move(chosen), std::move(shape), request.seed, story.name, request.environment == TRB_LIVE,
            request.at_ms / 1000);
    stage on(in, view(request.signing_secret), *crypto_, into);
    return tell_story(story, on, into);
}

} // namespace tributary::stripe

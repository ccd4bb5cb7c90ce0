#include "app/cli/story.hpp"

#include <random>

#include "app/cli/errors.hpp"

namespace tributary::app::cli {
namespace {

using plugins::view;

void receive_delivery(void* ctx, const trb_told_delivery* told) noexcept {
    told_delivery made;
    made.name = view(told->name);
    made.at = told->at_ms;
    for (std::uint32_t index = 0; index < told->header_count; ++index)
        made.headers.push_back(
            {std::string(view(told->headers[index].name)), std::string(view(told->headers[index].value))});
    made.body = view(told->body);
    static_cast<told_story*>(ctx)->deliveries.push_back(std::move(made));
}

void receive_expectation(void* ctx, trb_str name, std::int64_t value) noexcept {
    static_cast<told_story*>(ctx)->expectations.emplace_back(std::string(view(name)), value);
}

cli_errc code_of(trb_status status) {
    if (status == TRB_NOT_FOUND)
        return cli_errc::not_found;
    return status == TRB_INVALID ? cli_errc::usage : cli_errc::failed;
}

} // namespace

result<told_story> tell(const plugins::plugin& provider, const story_request& wanted) {
    std::vector<trb_pair> parameters;
    for (const auto& [name, value] : wanted.parameters)
        parameters.push_back({view(std::string_view(name)), view(std::string_view(value))});
    trb_story_request request{};
    request.struct_size = sizeof request;
    request.environment = static_cast<std::int32_t>(wanted.environment);
    request.story = view(std::string_view(wanted.story));
    request.signing_secret = view(wanted.signing_secret.reveal());
    request.api_version = view(std::string_view(wanted.api_version));
    request.seed = wanted.seed;
    request.at_ms = wanted.at;
    request.parameters = parameters.data();
    request.parameter_count = parameters.size();
    request.definition = view(std::string_view(wanted.definition));
    told_story told;
    const trb_story_sink sink{sizeof(trb_story_sink), 0, &told, &receive_delivery, &receive_expectation};
    plugins::error_report error;
    const trb_status status = provider.simulator->tell(provider.self(), &request, &sink, error.sink());
    if (status != TRB_OK)
        return failure(code_of(status), error.text(status));
    return told;
}

std::vector<std::pair<std::string, std::string>> stories_of(const plugins::plugin& provider) {
    std::vector<std::pair<std::string, std::string>> all;
    for (std::uint64_t index = 0; index < provider.simulator->story_count; ++index) {
        const auto& story =
            *reinterpret_cast<const trb_story*>(reinterpret_cast<const char*>(provider.simulator->stories) +
                                                index * provider.simulator->story_stride);
        all.emplace_back(view(story.name), view(story.summary));
    }
    return all;
}

void disturb(std::vector<told_delivery>& deliveries, bool duplicate, bool shuffle, std::uint64_t seed) {
    if (duplicate) {
        const std::size_t count = deliveries.size();
        for (std::size_t index = 0; index < count; ++index)
            deliveries.push_back(told_delivery(deliveries[index]));
    }
    if (!shuffle)
        return;
    // std::shuffle is free to use the generator differently in each library; this order is the seed's alone.
    std::mt19937_64 random(seed);
    for (std::size_t left = deliveries.size(); left > 1; --left)
        std::swap(deliveries[left - 1], deliveries[random() % left]);
}

} // namespace tributary::app::cli

// Goal: whatever body comes in, and in whatever role, the plugin either refuses it with a code and says
// nothing else, or says only what the host takes; and it says the same when it is asked again. Method: the
// provider's table is called as the engine calls it, with a sink that makes the engine's own checks.
//
// An input has parts, one for each record: the record itself, then what it was fetched for, nearest first.
// The first line of a part says how it came in, the rest is its body:
//   delivery | doubtful (a delivery that is not authentic) | answer STATUS PURPOSE | settings (of the
//   connection)
#include <tributary/sdk/provider.hpp>
#include <tributary/testing/calls.hpp>

#include <algorithm>
#include <charconv>
#include <memory>

#include "json_mutator.hpp"
#include "parts.hpp"
#include "property.hpp"
#include "stripe_plugin.hpp"
#include "told_facts.hpp"

namespace {

using namespace tributary;
using fuzz::must;

struct normalise_input {
    testing::connection with;
    std::vector<testing::record> records;
};

/// How many records the host shows at most: the record and eight that it was fetched for.
constexpr std::size_t records_max = 9;

testing::record answer_of(std::string_view status_and_purpose, std::string_view body) {
    const std::string_view status = fuzz::take_until(status_and_purpose, ' ');
    std::int64_t http_status = 0;
    std::from_chars(status.data(), status.data() + status.size(), http_status);
    // Only what the plugin itself asked for comes back: ids of letters, digits and '_' with what it puts
    // between them.
    std::string purpose(status_and_purpose.substr(0, 200));
    std::erase_if(purpose, [](char letter) {
        const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= 'a' && letter <= 'z');
        return !plain && std::string_view("_:/@").find(letter) == std::string_view::npos;
    });
    return testing::answer(std::move(purpose), http_status, std::string(body));
}

normalise_input read_input(std::string_view bytes) {
    normalise_input input;
    input.with.realm = "stripe:acct_own";
    for (std::string_view part : fuzz::parts_of(bytes)) {
        std::string_view head = fuzz::take_until(part, '\n');
        const std::string_view word = fuzz::take_until(head, ' ');
        if (word == "settings") {
            input.with.settings = part;
        } else if (input.records.size() < records_max) {
            testing::record made =
                word == "answer" ? answer_of(head, part) : testing::record{std::string(part)};
            made.authentic = word != "doubtful";
            input.records.push_back(std::move(made));
        }
    }
    if (input.records.empty())
        input.records.emplace_back();
    return input;
}

struct result {
    testing::ending ending;
    fuzz::told_facts told;
};

result normalise(const normalise_input& input) {
    const testing::fake_host host;
    std::unique_ptr<stripe::stripe_plugin> plugin;
    must(bool(stripe::stripe_plugin::create(sdk::host(host.get()), "{}", plugin)) && bool(plugin->start()),
         "the plugin starts");
    const testing::detail::connection_view account(input.with, false);
    const testing::detail::records_view given(input.records);
    const testing::detail::error_capture error;
    result made;
    const trb_fact_sink sink = fuzz::checking_sink(made.told);
    error.finish(
        sdk::provider_table<stripe::stripe_plugin>::table.normalise(
            plugin.get(), account.get(), given.first(), given.count(), given.stride(), &sink, error.sink()),
        made.ending);
    return made;
}

/// The key goes to Stripe and nowhere else, and no plugin ever sees it.
void check_requests(const fuzz::told_facts& told) {
    for (const std::string& request : told.wants) {
        must(request.find(" GET https://api.stripe.com/v1/") != std::string::npos, "only Stripe is asked",
             request);
        must(request.find("|Authorization: Bearer {secret:api_key}") != std::string::npos,
             "the key is a place-holder", request);
    }
    std::vector<std::string> purposes;
    for (const std::string& request : told.wants)
        purposes.push_back(request.substr(0, request.find(' ')));
    std::sort(purposes.begin(), purposes.end());
    must(std::adjacent_find(purposes.begin(), purposes.end()) == purposes.end(),
         "nothing is asked for twice");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const normalise_input input = read_input({reinterpret_cast<const char*>(bytes), count});
    const result first = normalise(input);
    const std::string seen = first.ending.code + ": " + first.ending.message;
    must(first.ending.status == TRB_OK || first.ending.status == TRB_INVALID, "a body is read or refused",
         seen);
    if (first.ending.status == TRB_INVALID) {
        must(!first.ending.code.empty() && !first.ending.message.empty(), "a refusal says why", seen);
        must(first.told.empty(), "what is refused says nothing: half a sale is no sale", seen);
    }
    if (!input.records.front().authentic)
        must(first.told.facts.empty() && first.told.wants.empty(), "what is not authentic is not read");
    check_requests(first.told);
    const result second = normalise(input);
    must(first.told == second.told && first.ending.code == second.ending.code,
         "the same input says the same");
    return 0;
}

/// Half of the time a part's JSON is changed as JSON; the other half of the time bytes are.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t count, std::size_t count_max,
                                               unsigned seed) {
    return fuzz::mutate_json_parts(bytes, count, count_max, seed);
}

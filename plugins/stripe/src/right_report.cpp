#include "right_report.hpp"

#include <algorithm>

namespace tributary::stripe {
namespace {

std::string unlocks_of(const std::vector<const resource*>& of) {
    std::string text;
    for (const resource* each : of)
        text.append(text.empty() ? "" : "; ").append(each->unlocks);
    return text;
}

std::string collections_of(const std::vector<const resource*>& of) {
    std::string text;
    for (const resource* each : of)
        text.append(text.empty() ? "" : ", ").append(each->collection);
    return text;
}

bool any_needed(const std::vector<const resource*>& of) {
    return std::any_of(of.begin(), of.end(), [](const resource* each) { return each->needed; });
}

} // namespace

void tell_right(const right_report& right, sdk::action_sink into) {
    if (!right.missing.empty()) {
        const std::string advice = "add it to the key in the Dashboard (" +
                                   std::string(right.missing.front()->label) +
                                   ": Read). It unlocks: " + unlocks_of(right.missing);
        const sdk::finding seen{.code = "permission_missing",
                                .message = right.missing_message,
                                .subject = right.name,
                                .advice = advice};
        any_needed(right.missing) ? into.problem(seen) : into.warning(seen);
    }
    if (!right.forbidden.empty())
        into.problem(
            {.code = "forbidden",
             .message = right.forbidden_message,
             .subject = collections_of(right.forbidden),
             .advice = "look in the Dashboard what restricts the key: addresses, or the account itself"});
    if (!right.unknown.empty())
        into.warning({.code = "not_known",
                      .message = "whether " + collections_of(right.unknown) +
                                 " may be read is not known: " + right.unknown_message,
                      .subject = right.name,
                      .advice = right.advice});
    if (!right.readable.empty())
        into.good({.code = "permission",
                   .message = "may read " + collections_of(right.readable),
                   .subject = right.name});
}

} // namespace tributary::stripe

#pragma once

#include <tributary/abi/provider.h>

#include <string>
#include <vector>

/// What a provider said about one record, after the host's own checks.
namespace tributary::fuzz {

/// Facts as the host would store them, and requests and notes, each as one text: two tellings of the same are
/// equal.
struct told_facts {
    std::vector<std::string> facts;
    std::vector<std::string> wants;
    std::vector<std::string> notes;

    bool operator==(const told_facts&) const = default;
    bool empty() const { return facts.empty() && wants.empty() && notes.empty(); }
};

/// A sink that ends the process when the host would refuse what it is given: an invalid fact, a malformed
/// request, a note that is no text.
trb_fact_sink checking_sink(told_facts& into);

} // namespace tributary::fuzz

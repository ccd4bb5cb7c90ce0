#pragma once

#include <string>
#include <string_view>

/// A plugin that does what its configuration, or the body of a delivery, tells it to. Every extension that
/// there is in a process of its own, by C tables: what the SDK would mend is the point here.
namespace faulty {

/// Does what stands under the word; `said` becomes what it has to tell. @return false for an unknown word.
bool run_fault(std::string_view word, std::string& said);

} // namespace faulty

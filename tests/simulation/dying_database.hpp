#pragma once

#include <memory>

#include "support/faulty_database.hpp"

namespace tributary::test {

/// Lets a simulated crash look like a disk that fails for ever: an exception could not pass through plugins, whose
/// functions are noexcept. For what is durable it is the same, and nothing else is left of a process that died.
std::unique_ptr<storage::database> make_dying(faulty_database& inner);

} // namespace tributary::test

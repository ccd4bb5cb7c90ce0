#pragma once

#include <tributary/accounts/errors.hpp>

#include <cstddef>

namespace tributary {
class entropy;
}
namespace tributary::storage {
class session;
}

namespace tributary::accounts {

class secret_box;

/// Seals everything anew that an earlier master key had sealed, so that the earlier key can be thrown away.
///
/// Runs its own transactions, a few hundred rows each; stopping it in the middle loses nothing, and running
/// it again goes on. Not inside another transaction.
/// @return how many were sealed anew.
/// @errors the first secret that does not open, named; what was done before stays done.
result<std::size_t> reseal_all(storage::session& on, const secret_box& box, entropy& random);

} // namespace tributary::accounts

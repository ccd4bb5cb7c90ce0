#include "ledgerly.hpp"

TRIBUTARY_PLUGIN(ledgerly::ledgerly)

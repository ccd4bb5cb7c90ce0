#include "attribution.hpp"

TRIBUTARY_PLUGIN(tributary::attribution::attribution_plugin)

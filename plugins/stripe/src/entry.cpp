#include "stripe_plugin.hpp"

TRIBUTARY_PLUGIN(tributary::stripe::stripe_plugin)

#include "plugins/toy/toy_projection.hpp"

TRIBUTARY_PLUGIN(toy::toy_projection)

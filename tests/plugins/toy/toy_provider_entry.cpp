#include "plugins/toy/toy_provider.hpp"

TRIBUTARY_PLUGIN(toy::toy_provider)

// Boost.JSON compiled into a plugin: it brings its own parser instead of asking the host for a shared
// library.
#include <boost/json/src.hpp>

// Boost.JSON is compiled into the plugin: a plugin brings everything it needs and links no shared library of
// ours.
#include <boost/json/src.hpp>

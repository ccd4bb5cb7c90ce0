#pragma once

// What almost every file of the plugins includes anyway. A file still includes what it uses.
#include <tributary/sdk/plugin.hpp>

#include <boost/json.hpp>

#include <charconv>

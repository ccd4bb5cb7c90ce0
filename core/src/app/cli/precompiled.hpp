#pragma once

// What almost every file of the tool includes anyway. A file still includes what it uses.
#include <tributary/app/assembly.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/storage/storage.hpp>

#include <boost/json.hpp>

#include <filesystem>
#include <ostream>
#include <sstream>

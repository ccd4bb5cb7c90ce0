#pragma once

// What almost every file of the tool includes anyway. A file still includes what it uses.
#include <tributary/app/assembly.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/storage/storage.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#pragma once

// What almost every test includes anyway. A file still includes what it uses.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

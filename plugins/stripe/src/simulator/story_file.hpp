#pragma once

#include <tributary/sdk/base.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json_path.hpp"
#include "simulator/parameters.hpp"

namespace tributary::stripe::simulated {

/// One step: a verb and its options.
struct story_step {
    std::string verb;
    json::value options;
};

/// A story as its file says it; docs/reference/stories.md describes the format.
struct story_file {
    std::string name;
    std::string summary;
    std::string since; ///< The first API version that can tell it, "" for all.
    parameters defaults;
    std::vector<story_step> steps;
    std::vector<std::pair<std::string, std::string>> expect; ///< Name and expression, in the file's order.
};

/// Reads a story. Everything that is wrong with the form of it is said here, with the number of the step;
/// what a step's options say is read when it is taken.
///
/// @errors TRB_INVALID "bad_story".
sdk::outcome parse_story(std::string_view text, story_file& into);

/// Reads a list of steps, of a file or of a step that holds others.
/// @param where  what a message begins with: "story refund-full".
sdk::outcome parse_steps(const json::value* given, const std::string& where, std::vector<story_step>& into);

} // namespace tributary::stripe::simulated

#pragma once

#include "simulator/stage.hpp"
#include "simulator/story_file.hpp"

namespace tributary::stripe::simulated {

/// Takes the steps of a story one after another, then says what must have come of it.
///
/// What was delivered before a step that fails stays delivered: the caller drops it with the error.
/// @errors TRB_INVALID "bad_story", with the story's name and the number of the step.
sdk::outcome tell_story(const story_file& story, stage& on, const sdk::story_sink& into);

} // namespace tributary::stripe::simulated

#pragma once

#include <tributary/sdk/base.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "json_path.hpp"

namespace tributary::stripe {

/// Parses a body that came from outside: depth is limited, UTF-8 is checked, of repeated members the last
/// counts.
///
/// @errors TRB_INVALID "malformed_json" or "not_an_object".
sdk::outcome parse_document(std::string_view body, json::value& into);

} // namespace tributary::stripe

#pragma once

#include "facts.hpp"

/// What this plugin expects of Stripe's objects, so that it can say when they are otherwise.
///
/// Reading never depends on it: what is read takes the first path that is there. Without it a member that
/// moved, a word that is new or a text where a number was would silently become "not stated".
namespace tributary::stripe {

/// The last API version whose shapes this plugin knows.
inline constexpr std::string_view newest_known_version = "2026-10-28.endive";

/// Says it when the object was written by a later version than we know.
void check_version(const telling& told, findings& into);

/// Compares an object with what is expected of its kind: members that must be there, types, words of
/// enumerations. What differs is drift; the paths are named after the object ("invoice.lines.amount").
void check_shape(const telling& told, findings& into);

} // namespace tributary::stripe

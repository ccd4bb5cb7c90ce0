#pragma once

#include "fake_stripe/answer.hpp"
#include "fake_stripe/store.hpp"

/// How an object looks to whoever asks: the API version's shape, and what was asked to be expanded.
namespace tributary::fake_stripe {

/// Is it a version: a date, with or without a name behind it?
bool is_version(std::string_view text) noexcept;

/// An object of the store as an answer: lists in it hold ten elements at most, what only expand[] brings is
/// left out, and before 2025-03-31 invoices, subscriptions, charges and payment intents have their older
/// members too. Deleted customers become their stub.
json::value shaped(const json::value& stored, std::string_view version, const store& objects);

/// Replaces ids by the objects that they name, along the paths of expand[]; "data.x" in a list. Unknown paths
/// are left alone.
void expand(json::value& answer, const std::vector<std::string>& paths, std::string_view version,
            const store& objects);

} // namespace tributary::fake_stripe

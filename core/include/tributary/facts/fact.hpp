#pragma once

#include <tributary/abi/fact.h>
#include <tributary/base/clock.hpp>
#include <tributary/base/crypto.hpp>
#include <tributary/base/result.hpp>

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Facts as the core keeps them: a few columns that it searches and sorts by, and one canonical text for the
/// rest.
namespace tributary::facts {

enum class facts_errc {
    unknown_kind = 1,  ///< The kind is not one of abi/fact.h.
    missing_id,        ///< document_id is empty, or an id is too long.
    bad_text,          ///< A text is not UTF-8, or holds a NUL.
    unknown_currency,  ///< Not an ISO 4217 code.
    bad_exponent,      ///< An exponent above 4.
    too_many,          ///< More ids, claims, lines or entries than the limits allow.
    bad_claim,         ///< Unknown class, empty name or value, or two different exclusive ids.
    bad_body,          ///< The body's struct_size is too small, or a body is missing.
    malformed_content, ///< Stored content cannot be read (damage).
};
const boost::system::error_category& facts_category() noexcept;
inline error_code make_error_code(facts_errc e) noexcept {
    return {static_cast<int>(e), facts_category()};
}

inline constexpr std::size_t ids_max =
    32; ///< Per fact, same_as and parents each; the largest real one has 6.
inline constexpr std::size_t id_bytes_max = 512;   ///< the longest seen is under 260.
inline constexpr std::size_t entries_max = 10'000; ///< Lines, items, metadata entries of one body.

/// One fact on its way to, or from, storage. Owns its text.
struct stored_fact {
    std::int32_t kind = 0;
    std::string realm;
    std::string document_id;
    std::int64_t source_time = 0;
    std::int32_t lifecycle_rank = 0;
    std::int32_t source_rank = 0;
    time_ms occurred_at = 0;
    digest256 digest{};  ///< SHA-256 of content and of the numbers above that are part of what was said.
    std::string content; ///< Canonical JSON: {"ids":[],"parents":[],"claims":[[class,name,value]],"body":{}}.
};

/// Checks a fact that a plugin emitted and puts it into canonical form: ids and claims sorted, no repetition.
///
/// @param default_realm  used when fact.realm is empty.
/// @errors facts_errc; the detail names the member.
result<stored_fact> encode_fact(const trb_fact& fact, std::string_view default_realm);

/// The whole fact as one JSON text, and back: what an API call said, kept as the body of its inbox record.
std::string serialise_fact(const stored_fact& fact);
result<stored_fact> parse_fact(std::string_view text);

/// A fact read back. Everything it points to lies in the arena it was decoded into.
struct decoded_fact {
    std::int32_t kind = 0;
    std::string_view realm;
    std::string_view document_id;
    std::int64_t source_time = 0;
    std::int32_t lifecycle_rank = 0;
    std::int32_t source_rank = 0;
    time_ms occurred_at = 0;
    std::string_view digest;
    std::int64_t inbox_id = 0;
    bool historic = false;
    std::span<const trb_str> ids; ///< document id and same_as, sorted
    std::span<const trb_str> parents;
    std::span<const trb_claim> claims;
    const void* body = nullptr;
};

/// Reads `content` into `into` (ids, parents, claims, body). The texts are copied into the arena.
/// @errors malformed_content.
result<void> decode_content(std::int32_t kind, std::string_view content, std::pmr::memory_resource& arena,
                            decoded_fact& into);

/// Merges bodies of one kind member by member: the first in `by_precedence` that states a member wins.
/// @return a body in the arena; nullptr when the kind has none.
const void* merge_bodies(std::int32_t kind, std::span<const void* const> by_precedence,
                         std::pmr::memory_resource& arena);

/// A body as canonical JSON (explain, tests). Same text for the same body.
std::string body_json(std::int32_t kind, const void* body);

/// "payment"; "unknown" for a kind this version does not know.
std::string_view kind_name(std::int32_t kind) noexcept;

/// Is it UTF-8 without NUL? (Text columns of every backend can hold it.)
bool is_plain_text(std::string_view text) noexcept;

} // namespace tributary::facts

template <> struct boost::system::is_error_code_enum<tributary::facts::facts_errc> : std::true_type {};

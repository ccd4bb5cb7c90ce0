#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::bench {

/// Where a template takes the number that makes each copy distinct: twelve tildes, replaced by twelve digits,
/// so that no length changes.
inline constexpr std::string_view number_mark = "~~~~~~~~~~~~";

/// A text that is copied with another number each time. Immutable, so safe to share.
class numbered_text {
  public:
    explicit numbered_text(std::string pattern);

    bool has_number() const noexcept { return !marks_.empty(); }
    std::size_t size() const noexcept { return pattern_.size(); }
    /// Appends a copy. @param number 0 to 999,999,999,999; higher digits are cut off.
    void append(std::string& to, std::uint64_t number) const;

  private:
    std::string pattern_;
    std::vector<std::size_t> marks_;
};

/// Templates in one file, separated by the record separator, 0x1e. Throws std::runtime_error when there is
/// none.
std::vector<numbered_text> read_templates(const std::string& path);

/// HMAC-SHA256 in lower-case hexadecimal digits.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// What the requests of one run have in common.
struct request_shape {
    std::string target; ///< Path and query.
    std::string host;
    std::vector<std::string> headers; ///< "Name: value"; the number mark may occur in them.
    std::string signing_secret;       ///< Empty: not signed. Else a Stripe-Signature over each body.
    std::int64_t signed_at = 0;       ///< Unix time in seconds, of the signatures.
};

/// Requests in the form they are sent in, one after the other in one buffer, so that sending costs a system
/// call and nothing else.
class prepared_requests {
  public:
    /// `count` numbers from `first` on; each gives one request per body, or one GET when there are no bodies.
    prepared_requests(const request_shape& shape, const std::vector<numbered_text>& bodies,
                      std::uint64_t first, std::uint64_t count);

    std::size_t size() const noexcept { return ends_.size(); }
    /// Valid as long as this object. Requires index < size().
    std::string_view at(std::size_t index) const noexcept;

  private:
    std::string bytes_;
    std::vector<std::size_t> ends_;
};

} // namespace tributary::bench

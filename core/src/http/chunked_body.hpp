#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::http {

/// Decodes a chunked body (RFC 9112, section 7.1) from bytes that come in pieces of any size.
///
/// Sizes are plain hexadecimal digits; extensions and trailers are checked, bounded and dropped. Not
/// thread-safe.
class chunked_decoder {
  public:
    enum class state { incomplete, complete, malformed, too_large };

    explicit chunked_decoder(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

    /// Takes bytes off the front of `bytes` and appends the decoded ones to `body`. When complete, what is
    /// left in `bytes` belongs to the next request. `body` never outgrows the limit.
    state feed(std::string_view& bytes, std::string& body);

  private:
    enum class part { size_line, data, data_cr, data_lf, trailer };

    bool take_line(std::string_view& bytes);
    state on_line(std::size_t body_bytes);
    state on_size_line(std::string_view line, std::size_t body_bytes);

    std::size_t body_bytes_max_;
    std::size_t overhead_ = 0; ///< Bytes of extensions and trailers so far.
    std::uint64_t remaining_ = 0;
    part part_ = part::size_line;
    bool line_complete_ = false;
    std::string line_;
};

} // namespace tributary::http

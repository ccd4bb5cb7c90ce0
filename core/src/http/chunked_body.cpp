#include "http/chunked_body.hpp"

#include <algorithm>
#include <utility>

#include "http/grammar.hpp"

namespace tributary::http {
namespace {

constexpr std::size_t line_bytes_max = 4096;      // Of a size with its extension, or of one trailer field.
constexpr std::size_t overhead_bytes_max = 16384; // Of all extensions and trailers of a body together.
constexpr std::size_t size_digits_max = 15;       // Any such number fits 64 bits.

} // namespace

/// Collects a line into line_, without its CRLF. False when it is too long or ends with a bare LF.
bool chunked_decoder::take_line(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    const auto piece = bytes.substr(0, end);
    if (line_.size() + piece.size() > line_bytes_max)
        return false;
    line_ += piece;
    bytes.remove_prefix(piece.size());
    if (end == std::string_view::npos)
        return true;
    bytes.remove_prefix(1);
    if (!line_.ends_with('\r'))
        return false;
    line_.pop_back();
    line_complete_ = true;
    return true;
}

chunked_decoder::state chunked_decoder::on_size_line(std::string_view line, std::size_t body_bytes) {
    std::size_t digits = 0;
    remaining_ = 0;
    while (digits < line.size() && grammar::hex_value(line[digits]) >= 0) {
        if (digits == size_digits_max)
            return state::malformed;
        remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(grammar::hex_value(line[digits]));
        ++digits;
    }
    const auto extension = line.substr(digits);
    overhead_ += extension.size();
    if (digits == 0 || overhead_ > overhead_bytes_max || !grammar::is_field_value(extension) ||
        (!extension.empty() && extension.front() != ';'))
        return state::malformed;
    if (remaining_ > body_bytes_max_ - body_bytes)
        return state::too_large;
    part_ = remaining_ == 0 ? part::trailer : part::data;
    return state::incomplete;
}

chunked_decoder::state chunked_decoder::on_line(std::size_t body_bytes) {
    const std::string line = std::exchange(line_, {});
    line_complete_ = false;
    switch (part_) {
    case part::size_line: return on_size_line(line, body_bytes);
    case part::trailer: {
        if (line.empty())
            return state::complete;
        std::string_view name;
        std::string_view value;
        overhead_ += line.size();
        const bool valid = grammar::parse_field_line(line, name, value) && overhead_ <= overhead_bytes_max;
        return valid ? state::incomplete : state::malformed;
    }
    case part::data:
    case part::data_cr:
    case part::data_lf: break; // Not read as lines.
    }
    return state::malformed;
}

chunked_decoder::state chunked_decoder::feed(std::string_view& bytes, std::string& body) {
    while (!bytes.empty()) {
        if (part_ == part::data) {
            const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
            body += bytes.substr(0, count);
            bytes.remove_prefix(count);
            remaining_ -= count;
            if (remaining_ == 0)
                part_ = part::data_cr;
            continue;
        }
        if (part_ == part::data_cr || part_ == part::data_lf) {
            const bool carriage_return = part_ == part::data_cr;
            if (bytes.front() != (carriage_return ? '\r' : '\n'))
                return state::malformed;
            bytes.remove_prefix(1);
            part_ = carriage_return ? part::data_lf : part::size_line;
            continue;
        }
        if (!take_line(bytes))
            return state::malformed;
        if (!line_complete_)
            return state::incomplete;
        if (const state now = on_line(body.size()); now != state::incomplete)
            return now;
    }
    return state::incomplete;
}

} // namespace tributary::http

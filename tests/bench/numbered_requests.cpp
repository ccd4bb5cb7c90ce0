#include "numbered_requests.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "arguments.hpp"

namespace tributary::bench {

numbered_text::numbered_text(std::string pattern) : pattern_(std::move(pattern)) {
    std::size_t at = pattern_.find(number_mark);
    while (at != std::string::npos) {
        marks_.push_back(at);
        at = pattern_.find(number_mark, at + number_mark.size());
    }
}

void numbered_text::append(std::string& to, std::uint64_t number) const {
    std::array<char, number_mark.size()> digits{};
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, number /= 10)
        *digit = static_cast<char>('0' + number % 10);
    const std::size_t start = to.size();
    to += pattern_;
    for (const std::size_t mark : marks_)
        to.replace(start + mark, digits.size(), digits.data(), digits.size());
}

std::vector<numbered_text> read_templates(const std::string& path) {
    constexpr char separator = '\x1e';
    const std::string all = read_file(path);
    std::vector<numbered_text> templates;
    for (std::size_t from = 0; from < all.size();) {
        const std::size_t end = std::min(all.find(separator, from), all.size());
        if (end > from)
            templates.emplace_back(all.substr(from, end - from));
        from = end + 1;
    }
    if (templates.empty())
        throw std::runtime_error(path + " holds no template");
    return templates;
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
             &length) == nullptr)
        throw std::runtime_error("HMAC-SHA256 failed");
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    std::string digits;
    for (unsigned index = 0; index < length; ++index) {
        digits += hexadecimal[digest[index] >> 4];
        digits += hexadecimal[digest[index] & 15];
    }
    return digits;
}

prepared_requests::prepared_requests(const request_shape& shape, const std::vector<numbered_text>& bodies,
                                     std::uint64_t first, std::uint64_t count) {
    std::string start =
        (bodies.empty() ? "GET " : "POST ") + shape.target + " HTTP/1.1\r\nHost: " + shape.host + "\r\n";
    for (const std::string& header : shape.headers)
        start += header + "\r\n";
    const numbered_text head(std::move(start));
    const std::string signed_at = std::to_string(shape.signed_at);
    std::string body;
    for (std::uint64_t number = first; number < first + count; ++number) {
        if (bodies.empty()) {
            head.append(bytes_, number);
            bytes_ += "\r\n";
            ends_.push_back(bytes_.size());
        }
        for (const numbered_text& each : bodies) {
            body.clear();
            each.append(body, number);
            head.append(bytes_, number);
            if (!shape.signing_secret.empty())
                bytes_ += "Stripe-Signature: t=" + signed_at +
                          ",v1=" + hmac_sha256_hex(shape.signing_secret, signed_at + "." + body) + "\r\n";
            bytes_ += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
            bytes_ += body;
            ends_.push_back(bytes_.size());
        }
    }
}

std::string_view prepared_requests::at(std::size_t index) const noexcept {
    const std::size_t start = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(start, ends_[index] - start);
}

} // namespace tributary::bench

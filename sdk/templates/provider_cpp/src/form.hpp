#pragma once

#include <tributary/sdk/base.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What Acmepay sends: name=value&name=value, percent-encoded. A provider that sends JSON is a reason for a
/// library; see the example provider_cpp.
namespace acmepay {

/// A delivery is not what it has to be. what() is a sentence for people.
class malformed : public std::runtime_error {
  public:
    explicit malformed(const std::string& member)
        : std::runtime_error("the member '" + member + "' is missing or not what it has to be") {}
};

class form {
  public:
    static constexpr std::size_t body_bytes_max = 65'536; // a hundred times the longest delivery

    /// Throws malformed, also when a name comes twice.
    explicit form(std::string_view body) {
        if (body.empty() || body.size() > body_bytes_max)
            throw malformed("(the body)");
        for (std::size_t start = 0; start <= body.size();) {
            const std::size_t end = std::min(body.find('&', start), body.size());
            const std::string_view part = body.substr(start, end - start);
            const std::size_t equals = part.find('=');
            if (equals == 0 || equals == std::string_view::npos)
                throw malformed("(the body)");
            std::string name = decoded(part.substr(0, equals));
            if (find(name) != nullptr)
                throw malformed(name);
            std::string value = decoded(part.substr(equals + 1));
            members_.emplace_back(std::move(name), std::move(value));
            start = end + 1;
        }
    }

    /// Never empty. Throws malformed.
    const std::string& text(std::string_view name) const {
        const std::string* const value = find(name);
        if (value == nullptr || value->empty())
            throw malformed(std::string(name));
        return *value;
    }
    /// Empty when it is not there.
    std::string text_or_empty(std::string_view name) const {
        const std::string* const value = find(name);
        return value == nullptr ? std::string() : *value;
    }
    /// Digits only, at most 15: no sum of two overflows. Throws malformed.
    std::int64_t integer(std::string_view name) const {
        const std::string& digits = text(name);
        if (digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos)
            throw malformed(std::string(name));
        return std::stoll(digits);
    }
    /// The currency says how many decimals it has; one that is not known is refused, never guessed.
    trb_money money(std::string_view name) const {
        const std::string& currency = text("currency");
        if (currency == "EUR" || currency == "GBP" || currency == "USD")
            return tributary::sdk::make_money(integer(name), currency, 2);
        if (currency == "JPY")
            return tributary::sdk::make_money(integer(name), currency, 0);
        throw malformed("currency");
    }

  private:
    const std::string* find(std::string_view name) const {
        for (const auto& [known, value] : members_)
            if (known == name)
                return &value;
        return nullptr;
    }
    static int digit(char letter) {
        return letter >= '0' && letter <= '9'   ? letter - '0'
               : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
               : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                                : throw malformed("(the body)");
    }
    static std::string decoded(std::string_view text) {
        std::string made;
        for (std::size_t at = 0; at < text.size(); ++at)
            if (text[at] != '%') {
                made.push_back(text[at] == '+' ? ' ' : text[at]);
            } else {
                if (at + 2 >= text.size())
                    throw malformed("(the body)");
                made.push_back(static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2])));
                at += 2;
            }
        return made;
    }

    std::vector<std::pair<std::string, std::string>> members_;
};

} // namespace acmepay

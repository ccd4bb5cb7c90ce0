#include "facts/json_text.hpp"

namespace tributary::facts {

void json_text::text(std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    out_ += '"';
    std::size_t clean = 0;
    for (std::size_t at = 0; at < value.size(); ++at) {
        const auto byte = static_cast<unsigned char>(value[at]);
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        out_ += value.substr(clean, at - clean);
        clean = at + 1;
        if (byte >= 0x20) {
            out_ += '\\';
            out_ += value[at];
        } else {
            out_ += "\\u00";
            out_ += digits[byte >> 4];
            out_ += digits[byte & 15];
        }
    }
    out_ += value.substr(clean);
    out_ += '"';
}

} // namespace tributary::facts

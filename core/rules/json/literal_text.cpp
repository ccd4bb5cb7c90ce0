#include <tributary/cel/json.hpp>
#include <tributary/cel/map.hpp>
#include <tributary/cel/money.hpp>

#include <cmath>

#include "ast.hpp"
#include "text.hpp"
#include "time.hpp"

namespace tributary::cel {
namespace {

/// Writes a value until there is enough of it. For one text.
class writer {
  public:
    explicit writer(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    void write(const value& given) {
        switch (given.kind()) {
        case value_kind::absent: text_ += "nothing"; break;
        case value_kind::error: write_error(given); break;
        case value_kind::type: text_ += given.as_text(); break;
        case value_kind::timestamp: text_ += "timestamp(\"" + timestamp_text(given) + "\")"; break;
        case value_kind::duration: text_ += "duration(\"" + duration_text(given) + "\")"; break;
        case value_kind::rate:
            text_ += "rate \"" + text_of(decimal_rate{given.rate_digits(), given.rate_scale()}) + "\"";
            break;
        case value_kind::opaque: text_ += type_name(value_kind::opaque); break;
        case value_kind::list: write_list(given.as_list()); break;
        case value_kind::map: write_map(given.as_map()); break;
        case value_kind::optional: write_optional(given.as_optional()); break;
        case value_kind::string:
        case value_kind::bytes: write_text(given); break;
        case value_kind::float64: write_double(given); break;
        default: print_literal(text_, given);
        }
    }

    std::string finish() && {
        if (text_.size() <= bytes_max_)
            return std::move(text_);
        std::size_t end = bytes_max_;
        while (end > 0 && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80)
            --end; // Not in the middle of a character.
        text_.resize(end);
        return std::move(text_) + "...";
    }

  private:
    bool is_full() const noexcept { return text_.size() > bytes_max_; }

    /// A text of megabytes is not escaped to show its first line; what is left of it still fills the room.
    void write_text(const value& given) {
        const std::string_view all = given.as_text().substr(0, bytes_max_ + 4);
        print_literal(text_, given.is(value_kind::bytes) ? value::bytes(all) : value::string(all));
    }

    /// NaN and infinities have no literal.
    void write_double(const value& given) {
        if (std::isfinite(given.as_float64()))
            print_literal(text_, given);
        else
            text_ += "double(\"" + double_text(given.as_float64()) + "\")";
    }

    void write_error(const value& failed) {
        text_ += "error: " + std::string(text_of(failed.error_code()));
        if (!failed.error_detail().empty())
            text_ += ": " + std::string(failed.error_detail());
    }

    void write_list(list_view elements) {
        text_ += '[';
        for (std::size_t i = 0; i < elements.size() && !is_full(); ++i) {
            text_ += i > 0 ? ", " : "";
            write(elements[i]);
        }
        text_ += ']';
    }

    void write_map(const map_data& entries) {
        text_ += '{';
        for (std::size_t i = 0; i < entries.size && !is_full(); ++i) {
            text_ += i > 0 ? ", " : "";
            write(entries.entries[i].key);
            text_ += ": ";
            write(entries.entries[i].held);
        }
        text_ += '}';
    }

    void write_optional(const value* inner) {
        if (inner == nullptr) {
            text_ += "optional.none()";
            return;
        }
        text_ += "optional.of(";
        write(*inner);
        text_ += ')';
    }

    std::size_t bytes_max_;
    std::string text_;
};

} // namespace

std::string text_of(const value& given, std::size_t bytes_max) {
    writer made(bytes_max);
    made.write(given);
    return std::move(made).finish();
}

} // namespace tributary::cel

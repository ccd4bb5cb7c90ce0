#include <tributary/cel/json.hpp>
#include <tributary/cel/map.hpp>
#include <tributary/cel/money.hpp>

#include <boost/json.hpp>

#include <cmath>

#include "base64.hpp"
#include "text.hpp"
#include "time.hpp"

namespace tributary::cel {
namespace {

namespace json = boost::json;

/// JSON's readers keep integers in doubles, which count to here one by one.
constexpr std::int64_t exact_integer_max = std::int64_t{1} << 53;

json::value json_of(std::int64_t number) {
    if (number >= -exact_integer_max && number <= exact_integer_max)
        return number;
    return json::string(std::to_string(number));
}

json::value json_of(std::uint64_t number) {
    if (number <= static_cast<std::uint64_t>(exact_integer_max))
        return static_cast<std::int64_t>(number);
    return json::string(std::to_string(number));
}

std::string key_text(const value& key) {
    switch (key.kind()) {
    case value_kind::boolean: return key.as_boolean() ? "true" : "false";
    case value_kind::int64: return std::to_string(key.as_int64());
    case value_kind::uint64: return std::to_string(key.as_uint64());
    default: return std::string(key.as_text());
    }
}

json::value json_of_error(const value& failed) {
    json::object error;
    error["code"] = static_cast<std::int64_t>(failed.error_code());
    error["message"] = text_of(failed.error_code());
    if (!failed.error_detail().empty())
        error["detail"] = failed.error_detail();
    return json::object({{"error", std::move(error)}});
}

/// Of all kinds but those that hold others.
json::value json_of_single(const value& given) {
    switch (given.kind()) {
    case value_kind::absent:
    case value_kind::null: return nullptr;
    case value_kind::error: return json_of_error(given);
    case value_kind::boolean: return given.as_boolean();
    case value_kind::int64: return json_of(given.as_int64());
    case value_kind::uint64: return json_of(given.as_uint64());
    case value_kind::float64:
        if (std::isfinite(given.as_float64()))
            return given.as_float64();
        return json::string(double_text(given.as_float64()));
    case value_kind::string:
    case value_kind::type: return json::string(given.as_text());
    case value_kind::bytes: return json::string(encode_base64(given.as_text()));
    case value_kind::timestamp: return json::string(timestamp_text(given));
    case value_kind::duration: return json::string(duration_text(given));
    case value_kind::rate:
        return json::string(text_of(decimal_rate{given.rate_digits(), given.rate_scale()}));
    default: return json::string(type_name(given.kind()));
    }
}

/// Writes values until there are too many: lists may share their parts, so that a short expression makes one
/// of more than any memory holds.
class writer {
  public:
    explicit writer(std::size_t values_max) : left_(values_max) {}

    bool too_many() const { return too_many_; }

    json::value write(const value& given) {
        if (too_many_ || left_ == 0) {
            too_many_ = true;
            return nullptr;
        }
        --left_;
        switch (given.kind()) {
        case value_kind::list: return write_list(given.as_list());
        case value_kind::map: return write_map(given.as_map());
        case value_kind::optional:
            return given.as_optional() == nullptr ? json::value(nullptr) : write(*given.as_optional());
        default: return json_of_single(given);
        }
    }

  private:
    json::value write_list(list_view elements) {
        json::array made;
        for (const value& each : elements)
            if (!too_many_)
                made.push_back(write(each));
        return made;
    }
    json::value write_map(const map_data& entries) {
        json::object made;
        for (const map_entry& each : entries.all())
            if (!too_many_)
                made[key_text(each.key)] = write(each.held);
        return made;
    }

    std::size_t left_;
    bool too_many_ = false;
};

} // namespace

std::optional<boost::json::value> to_json(const value& given, std::size_t values_max) {
    writer work(values_max);
    json::value made = work.write(given);
    if (work.too_many())
        return {};
    return made;
}

} // namespace tributary::cel

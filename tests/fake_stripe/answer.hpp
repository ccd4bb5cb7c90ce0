#pragma once

#include <tributary/http/message.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Answers in Stripe's shape.
namespace tributary::fake_stripe {

/// The pairs of a query or of a form body, names decoded: "created[gte]", "types[]".
using parameters = std::vector<http::header>;

/// The first value of that name; nullptr when absent.
inline const std::string* find_parameter(const parameters& all, std::string_view name) {
    for (const http::header& each : all)
        if (each.name == name)
            return &each.value;
    return nullptr;
}

/// The values of "name[]" and "name[0]", "name[1]" ..., in order: clients write either.
std::vector<std::string> values_named(const parameters& all, std::string_view name);

http::response json_answer(int status, const boost::json::value& body);

/// {"error":{"type","message","code","param"}}; code and param are left out when empty.
http::response error_answer(int status, std::string_view type, std::string_view message,
                            std::string_view code = {}, std::string_view param = {});

/// What most refusals are: invalid_request_error.
inline http::response invalid_request(int status, std::string_view message, std::string_view code = {},
                                      std::string_view param = {}) {
    return error_answer(status, "invalid_request_error", message, code, param);
}

/// 404 with the code resource_missing.
http::response missing(std::string_view kind, std::string_view id);

} // namespace tributary::fake_stripe

#include "fake_stripe/answer.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace tributary::fake_stripe {

std::vector<std::string> values_named(const parameters& all, std::string_view name) {
    std::vector<std::string> found;
    for (const http::header& each : all) {
        std::string_view rest = each.name;
        if (!rest.starts_with(name))
            continue;
        rest.remove_prefix(name.size());
        if (rest.size() >= 2 && rest.front() == '[' &&
            rest.find_first_not_of("0123456789", 1) == rest.size() - 1 && rest.back() == ']')
            found.push_back(each.value);
    }
    return found;
}

http::response json_answer(int status, const boost::json::value& body) {
    return {status, {{"Content-Type", "application/json"}}, boost::json::serialize(body)};
}

http::response error_answer(int status, std::string_view type, std::string_view message,
                            std::string_view code, std::string_view param) {
    const auto text = [](std::string_view of) { return boost::json::string(of.data(), of.size()); };
    boost::json::object error{{"type", text(type)}, {"message", text(message)}};
    if (!code.empty())
        error["code"] = text(code);
    if (!param.empty())
        error["param"] = text(param);
    return json_answer(status, boost::json::object{{"error", std::move(error)}});
}

http::response missing(std::string_view kind, std::string_view id) {
    return invalid_request(404, "No such " + std::string(kind) + ": '" + std::string(id) + "'",
                           "resource_missing", "id");
}

} // namespace tributary::fake_stripe

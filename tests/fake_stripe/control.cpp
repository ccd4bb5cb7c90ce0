// The fake's own routes, for tests that cannot call it in C++:
//   POST   /_fake/objects      an object or an array of them
//   POST   /_fake/permissions  {"deny":["rak_customer_read"],"allow":[]}
//   POST   /_fake/faults       {"kind":"429","path":"/v1/customers","times":1,"retry_after":"2",...}; DELETE
//   forgets GET    /_fake/requests     what was asked, oldest first; DELETE forgets
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>

#include "fake_stripe/fake_stripe.hpp"

namespace tributary::fake_stripe {
namespace {

fault fault_from(const json::value& given) {
    fault made;
    const std::optional<fault_kind> kind = fault_kind_of(text_at(given, "kind"));
    if (!kind)
        throw std::invalid_argument("no such kind of fault: " + text_at(given, "kind"));
    made.kind = *kind;
    made.path = text_at(given, "path");
    made.method = text_at(given, "method");
    if (find_at(given, "times") != nullptr)
        made.times = static_cast<int>(number_at(given, "times"));
    made.delay_ms = static_cast<int>(number_at(given, "delay_ms"));
    made.retry_after = text_at(given, "retry_after");
    made.should_retry = text_at(given, "should_retry");
    return made;
}

json::array log_of(const std::vector<logged_request>& requests) {
    json::array all;
    for (const logged_request& each : requests)
        all.push_back(json::object{{"method", text_value(each.method)},
                                   {"path", text_value(each.path)},
                                   {"query", text_value(each.query)},
                                   {"body", text_value(each.body)},
                                   {"key", text_value(each.key)},
                                   {"api_version", text_value(each.api_version)},
                                   {"idempotency_key", text_value(each.idempotency_key)},
                                   {"status", each.status}});
    return all;
}

} // namespace

/// The lock is held.
http::response fake::control(const http::request& asked) {
    const std::string what = asked.method + " " + asked.path;
    try {
        if (what == "GET /_fake/requests")
            return json_answer(200, log_of(log_));
        if (what == "DELETE /_fake/requests")
            log_.clear();
        else if (what == "DELETE /_fake/faults")
            faults_.clear();
        else if (what == "POST /_fake/faults")
            faults_.add(fault_from(json::parse(asked.body)));
        else if (what == "POST /_fake/objects") {
            const json::value given = json::parse(asked.body);
            const json::array all = given.is_array() ? given.get_array() : json::array{given};
            for (const json::value& each : all)
                objects_.put(each.as_object());
        } else if (what == "POST /_fake/permissions") {
            const json::value given = json::parse(asked.body);
            if (const json::value* denied = find_at(given, "deny"))
                for (const json::value& each : denied->as_array())
                    permissions_.deny(std::string(each.as_string()));
            if (const json::value* allowed = find_at(given, "allow"))
                for (const json::value& each : allowed->as_array())
                    permissions_.allow(std::string(each.as_string()));
        } else {
            return json_answer(404, json::object{{"error", "no such control"}});
        }
        return json_answer(200, json::object{{"done", true}});
    } catch (const std::exception& wrong) {
        return json_answer(400, json::object{{"error", text_value(wrong.what())}});
    }
}

} // namespace tributary::fake_stripe

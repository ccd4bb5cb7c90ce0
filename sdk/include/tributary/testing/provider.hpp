#pragma once

#include <tributary/abi/simulator.h>
#include <tributary/testing/facts.hpp>

/// The calls of a provider and of a simulator, through their C tables as a host makes them.
namespace tributary::testing {

namespace detail {

struct verify_capture {
    static void item(void* self, const trb_item* item) noexcept {
        static_cast<verified*>(self)->items.push_back({item->verdict, copy(item->dedupe_key),
                                                       copy(item->content), copy(item->event_type),
                                                       copy(item->reason), copy(item->detail)});
    }
    static void need(void* self, const trb_http_request* wanted) noexcept {
        static_cast<verified*>(self)->needs.push_back(copy_of(*wanted));
    }
    static void answer(void* self, std::int32_t status, trb_str, trb_str body) noexcept {
        static_cast<verified*>(self)->answer.emplace(status, copy(body));
    }
};

struct fact_capture {
    static trb_status emit(void* self, const trb_fact* fact) noexcept {
        static_cast<normalised*>(self)->facts.push_back(copy_of(*fact));
        return TRB_OK;
    }
    static void want(void* self, const trb_http_request* wanted) noexcept {
        static_cast<normalised*>(self)->wants.push_back(copy_of(*wanted));
    }
    static void note(void* self, trb_str code, trb_str text) noexcept {
        static_cast<normalised*>(self)->notes.emplace_back(copy(code), copy(text));
    }
    static trb_fact_sink sink(normalised& into) noexcept {
        return {sizeof(trb_fact_sink), 0, &into, &emit, &want, &note};
    }
};

struct story_capture {
    static void delivery(void* self, const trb_told_delivery* told_one) noexcept {
        record made;
        made.body = copy(told_one->body);
        made.headers = copies_of(told_one->headers, told_one->header_count);
        made.received_at_ms = told_one->at_ms;
        static_cast<told*>(self)->deliveries.push_back({copy(told_one->name), std::move(made)});
    }
    static void expect(void* self, trb_str name, std::int64_t value) noexcept {
        static_cast<told*>(self)->expected[copy(name)] = value;
    }
};

} // namespace detail

/// records: the delivery, then the answers to what verify needed.
inline verified verify(const trb_provider_v1& table, void* self, const connection& with,
                       const std::vector<record>& records) {
    verified result;
    const detail::connection_view account(with);
    const detail::records_view given(records);
    const detail::error_capture error;
    const trb_verify_sink sink{sizeof(trb_verify_sink),
                               0,
                               &result,
                               &detail::verify_capture::item,
                               &detail::verify_capture::need,
                               &detail::verify_capture::answer};
    error.finish(
        table.verify(self, account.get(), given.first(), given.count(), given.stride(), &sink, error.sink()),
        result);
    return result;
}

/// records: the record itself, then what it was fetched for. The connection's secrets are left out.
inline normalised normalise(const trb_provider_v1& table, void* self, const connection& with,
                            const std::vector<record>& records) {
    normalised result;
    const detail::connection_view account(with, false);
    const detail::records_view given(records);
    const detail::error_capture error;
    const trb_fact_sink sink = detail::fact_capture::sink(result);
    error.finish(table.normalise(self, account.get(), given.first(), given.count(), given.stride(), &sink,
                                 error.sink()),
                 result);
    return result;
}

/// TRB_UNSUPPORTED, too, when the table has no reread.
inline normalised reread(const trb_provider_v1& table, void* self, const connection& with, std::int32_t kind,
                         std::string_view document_id) {
    normalised result;
    result.status = TRB_UNSUPPORTED;
    if (!TRB_HAS(trb_provider_v1, &table, reread) || table.reread == nullptr)
        return result;
    const detail::connection_view account(with, false);
    const detail::error_capture error;
    const trb_fact_sink sink = detail::fact_capture::sink(result);
    error.finish(table.reread(self, account.get(), kind, detail::view(document_id), &sink, error.sink()),
                 result);
    return result;
}

/// What a story is told with.
struct story {
    std::string name;
    std::string signing_secret = "secret_of_the_simulator";
    pairs parameters = {};
    std::uint64_t seed = 1;
    std::int64_t at_ms = 1'700'000'000'000;
    std::string api_version = {};
    std::int32_t environment = TRB_SANDBOX;
    std::string definition = {}; ///< The story itself, in the plugin's own format, instead of a name.
};

inline told tell(const trb_simulator_v1& table, void* self, const story& wanted) {
    told result;
    const std::vector<trb_pair> parameters = detail::views_of(wanted.parameters);
    const trb_story_request request{sizeof(trb_story_request),
                                    wanted.environment,
                                    detail::view(wanted.name),
                                    detail::view(wanted.signing_secret),
                                    detail::view(wanted.api_version),
                                    wanted.seed,
                                    wanted.at_ms,
                                    parameters.data(),
                                    parameters.size(),
                                    detail::view(wanted.definition)};
    const detail::error_capture error;
    const trb_story_sink sink{sizeof(trb_story_sink), 0, &result, &detail::story_capture::delivery,
                              &detail::story_capture::expect};
    error.finish(table.tell(self, &request, &sink, error.sink()), result);
    return result;
}

} // namespace tributary::testing

#pragma once

#include <tributary/abi/http_routes.h>
#include <tributary/sdk/base.hpp>
#include <tributary/sdk/projection.hpp>

namespace tributary::sdk {

/// An answer: status, headers, body.
struct reply {
    std::int32_t status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    void send(const trb_reply_sink* sink) const {
        std::vector<trb_pair> pairs;
        pairs.reserve(headers.size());
        for (const auto& [name, value] : headers)
            pairs.push_back({view(name), view(value)});
        sink->reply(sink->ctx, status, pairs.data(), pairs.size(), view(body));
    }
};

/// The tables of the plugin inside one call. Lives as long as the call.
class store {
  public:
    store(const trb_host_store_v1* table, trb_scope* scope) noexcept : table_(table), scope_(scope) {}

    trb_cell workspace() const noexcept { return cell(table_->workspace(scope_)); }
    trb_cell environment() const noexcept { return cell(table_->environment(scope_)); }

    outcome query(std::string_view sql, cells parameters, const row_callback& each) const {
        error_collector error;
        detail::row_bridge bridge{each, nullptr};
        const trb_status status = table_->query(scope_, view(sql), parameters.data(), parameters.size(),
                                                &detail::row_bridge::call, &bridge, error.sink());
        bridge.rethrow();
        return error.finish(status);
    }
    outcome execute(std::string_view sql, cells parameters, std::uint64_t* changed = nullptr) const {
        error_collector error;
        return error.finish(
            table_->execute(scope_, view(sql), parameters.data(), parameters.size(), changed, error.sink()));
    }
    void changed(std::string_view kind, std::string_view key,
                 std::int64_t effective_from_ms = INT64_MIN) const {
        table_->changed(scope_, view(kind), view(key), effective_from_ms);
    }
    std::string make_id(std::string_view prefix) const {
        std::string id(prefix.size() + 26, '\0');
        id.resize(static_cast<std::size_t>(table_->make_id(scope_, view(prefix), id.data())));
        return id;
    }

  private:
    const trb_host_store_v1* table_;
    trb_scope* scope_;
};

/// Routes. A derived class also has: static std::span<const trb_route> routes().
class http_routes {
  public:
    virtual ~http_routes() = default;
    virtual outcome handle(std::uint64_t route, const trb_call& call, reply& answer) = 0;
    /// The host's own errors in the shape of this API; false: the host's shape.
    virtual bool render_error(std::int32_t, std::string_view, std::string_view, reply&) const {
        return false;
    }
};

template <class Plugin> struct http_routes_table {
    static trb_status handle(void* self, std::uint64_t route, const trb_call* call,
                             const trb_reply_sink* sink, const trb_error_sink* error) noexcept {
        return guarded(error, [&] {
            reply answer;
            outcome done = static_cast<Plugin*>(self)->handle(route, *call, answer);
            if (done)
                answer.send(sink);
            return done;
        });
    }
    static trb_status render_error(void* self, std::int32_t status, trb_str code, trb_str message,
                                   const trb_reply_sink* sink) noexcept {
        return guarded(nullptr, [&]() -> outcome {
            reply answer;
            if (!static_cast<const Plugin*>(self)->render_error(status, view(code), view(message), answer))
                return {TRB_UNSUPPORTED, "unsupported", ""};
            answer.send(sink);
            return {};
        });
    }
    static const trb_http_routes_v1* get() noexcept {
        static const trb_http_routes_v1 table{sizeof(trb_http_routes_v1),
                                              0,
                                              Plugin::routes().data(),
                                              Plugin::routes().size(),
                                              sizeof(trb_route),
                                              &handle,
                                              &render_error};
        return &table;
    }
};

} // namespace tributary::sdk

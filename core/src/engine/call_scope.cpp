#include "engine/call_scope.hpp"

#include <tributary/base/entropy.hpp>
#include <tributary/base/ids.hpp>
#include <tributary/facts/fact.hpp>
#include <tributary/storage/storage.hpp>

#include <cstring>

namespace tributary {

using plugins::view;
using storage::value;

namespace {

value bind_cell(const trb_cell& cell) {
    switch (cell.type) {
    case TRB_CELL_INTEGER: return cell.integer;
    case TRB_CELL_TEXT: return view(cell.text);
    default: return std::monostate{};
    }
}

std::vector<value> bind_cells(const trb_cell* cells, std::uint64_t count) {
    std::vector<value> values;
    values.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t index = 0; index < count; ++index)
        values.push_back(bind_cell(cells[index]));
    return values;
}

/// Runs a service's work behind the C boundary.
template <class Function> trb_status guarded(const trb_error_sink* error, Function&& function) noexcept {
    try {
        const result<void> done = function();
        return done ? TRB_OK : report(done.error(), error);
    } catch (const std::exception& thrown) {
        if (error != nullptr && error->report != nullptr)
            error->report(error->ctx, view(std::string_view("exception")),
                          view(std::string_view(thrown.what())), 0);
        return TRB_INTERNAL;
    }
}

trb_status unsupported(const trb_error_sink* error, std::string_view what) noexcept {
    if (error != nullptr && error->report != nullptr)
        error->report(error->ctx, view(std::string_view("read_only")), view(what), 0);
    return TRB_UNSUPPORTED;
}

} // namespace

trb_status report(const failure& why, const trb_error_sink* error) noexcept {
    trb_status status = TRB_INTERNAL;
    std::string_view code = "storage";
    if (why.code == storage::storage_errc::conflict) {
        status = TRB_CONFLICT;
        code = "conflict";
    } else if (why.code == storage::storage_errc::forbidden || why.code == storage::storage_errc::invalid) {
        status = TRB_INVALID;
        code = "statement";
    } else if (why.code == storage::storage_errc::busy || why.code == storage::storage_errc::full) {
        status = TRB_RETRY;
    } else if (why.code.category() == facts::facts_category()) {
        status = TRB_INVALID;
        code = "fact";
    } else if (why.code == engine_errc::not_found) {
        status = TRB_NOT_FOUND;
        code = "not_found";
    }
    try {
        const std::string text = why.text();
        if (error != nullptr && error->report != nullptr)
            error->report(error->ctx, view(code), view(std::string_view(text)), 0);
    } catch (...) { // The status alone must do.
    }
    return status;
}

trb_status read_scope::query(trb_str sql, const trb_cell* parameters, std::uint64_t count,
                             trb_lookup_row_fn row, void* row_ctx, const trb_error_sink* error) noexcept {
    return guarded(error, [&]() -> result<void> {
        const storage::authority_guard authority(session_, plugin_.short_name());
        std::vector<trb_cell> cells;
        return session_.query(
            {"plugin.query", view(sql)}, bind_cells(parameters, count), [&](const storage::row& from) {
                cells.clear();
                for (int column = 0; column < from.columns(); ++column) {
                    if (from.is_null(column))
                        cells.push_back({TRB_CELL_NULL, 0, 0, {nullptr, 0}});
                    else if (from.is_integer(column))
                        cells.push_back({TRB_CELL_INTEGER, 0, from.integer(column), {nullptr, 0}});
                    else
                        cells.push_back({TRB_CELL_TEXT, 0, 0, view(from.text(column))});
                }
                row(row_ctx, cells.data(), cells.size());
            });
    });
}

trb_status read_scope::execute(trb_str, const trb_cell*, std::uint64_t, std::uint64_t*,
                               const trb_error_sink* error) noexcept {
    return unsupported(error, "a READ route cannot write");
}

trb_status read_scope::changed(trb_str, trb_str, std::int64_t) noexcept {
    return TRB_UNSUPPORTED;
}

std::uint64_t read_scope::make_id(trb_str prefix, char* out) noexcept {
    try {
        const std::string id = tributary::make_id(view(prefix), now_ms_, random_);
        std::memcpy(out, id.data(), id.size());
        return id.size();
    } catch (...) {
        return 0;
    }
}

trb_status read_scope::emit(const trb_fact*, trb_str, const trb_error_sink* error) noexcept {
    return unsupported(error, "a READ route cannot emit facts");
}

trb_status read_scope::settle(const trb_error_sink* error) noexcept {
    return unsupported(error, "a READ route cannot settle");
}

void read_scope::click_id(trb_str link_id, trb_str visitor, char out[16]) noexcept {
    std::memset(out, '0', 16);
    guarded(nullptr, [&]() -> result<void> {
        TRIBUTARY_TRY_ASSIGN(workspace, where_.workspace(session_, in_.workspace, true));
        const std::string id =
            clicks::make_click_id(workspace.click_key.reveal(), view(link_id), view(visitor), now_ms_);
        std::memcpy(out, id.data(), 16);
        return {};
    });
}

trb_status read_scope::append_click(trb_str click_id, const trb_click* click) noexcept {
    return guarded(nullptr, [&]() -> result<void> {
        clicks::click made;
        made.in = in_;
        made.id = view(click_id);
        made.at = now_ms_;
        made.link_id = view(click->link_id);
        TRIBUTARY_TRY_ASSIGN(body, clicks::click_body(*click));
        made.body = std::move(body);
        clicks_.push_back(std::move(made));
        return {};
    });
}

trb_status read_scope::find_click(trb_str click_id,
                                  void (*found)(void*, std::int64_t, const trb_click*) noexcept,
                                  void* ctx) noexcept {
    return guarded(nullptr, [&]() -> result<void> {
        TRIBUTARY_TRY_ASSIGN(click, clicks::find(session_, in_, view(click_id)));
        if (!click)
            return failure(engine_errc::not_found, "click");
        return clicks::with_click(*click, [&](const trb_click& body) { found(ctx, click->at, &body); });
    });
}

void reply_collector::receive(void* ctx, std::int32_t status, const trb_pair* headers, std::uint64_t count,
                              trb_str body) noexcept {
    auto& me = *static_cast<reply_collector*>(ctx);
    try {
        me.response_ = {};
        me.response_.status = status;
        for (std::uint64_t index = 0; index < count; ++index)
            me.response_.headers.push_back(
                {std::string(view(headers[index].name)), std::string(view(headers[index].value))});
        me.response_.body = view(body);
        me.replied_ = true;
    } catch (...) { // Not replied: answered as a failure of the plugin.
        me.replied_ = false;
    }
}

http::response status_response(const plugins::plugin& plugin, trb_status status,
                               const plugins::error_report& error) {
    int http_status = 500;
    std::string_view code = "internal_error";
    switch (status) {
    case TRB_INVALID: http_status = 400, code = "bad_request"; break;
    case TRB_NOT_FOUND: http_status = 404, code = "not_found"; break;
    case TRB_CONFLICT: http_status = 409, code = "conflict"; break;
    case TRB_RETRY: http_status = 503, code = "unavailable"; break;
    default: break;
    }
    // What went wrong inside is for the log; the caller gets the text only where it is about the request.
    const std::string text = http_status < 500 ? error.text(status) : "the request could not be served";
    reply_collector rendered;
    if (plugin.routes->render_error != nullptr &&
        plugin.routes->render_error(plugin.self(), http_status, view(code), view(std::string_view(text)),
                                    rendered.sink()) == TRB_OK &&
        rendered.replied())
        return rendered.take();
    return http::error_response(http_status, code, text);
}

result<http::response> run_read_route(storage::session& reader, directory& where,
                                      const plugins::plugin& plugin, std::uint64_t route, trb_call call,
                                      space in, entropy& random, std::vector<clicks::click>& clicks) {
    read_scope scope(reader, where, plugin, in, call.now_ms, random);
    call.scope = &scope;
    reply_collector reply;
    plugins::error_report error;
    const plugins::timed_call timed(plugin, "handle");
    const trb_status status = plugin.routes->handle(plugin.self(), route, &call, reply.sink(), error.sink());
    if (status != TRB_OK || !reply.replied()) {
        if (status_response(plugin, status, error).status >= 500)
            return failure(engine_errc::plugin_failed, error.text(status));
        return status_response(plugin, status, error);
    }
    clicks = std::move(scope.appended_clicks());
    return reply.take();
}

} // namespace tributary

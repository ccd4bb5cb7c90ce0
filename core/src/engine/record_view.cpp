#include "engine/record_view.hpp"

#include <tributary/facts/fact.hpp>

#include "engine/engine_impl.hpp"

namespace tributary {

using plugins::view;

namespace {

constexpr std::size_t items_max = 1000;    ///< In one delivery; the largest batches seen hold 100.
constexpr std::size_t key_bytes_max = 512; ///< Of a dedupe key or a purpose.

bool is_key(trb_str text) {
    return text.size > 0 && text.size <= key_bytes_max && facts::is_plain_text(view(text));
}

} // namespace

record_view::record_view(const delivery& raw) {
    record_.struct_size = sizeof record_;
    record_.source = TRB_RECORD_DELIVERY;
    record_.received_at_ms = raw.received_at;
    record_.method = view(std::string_view(raw.method));
    record_.path = view(std::string_view(raw.path));
    record_.query = view(std::string_view(raw.query));
    record_.body = view(std::string_view(raw.body));
    add_headers(raw.headers);
}

record_view::record_view(const inbox::record& stored, std::string_view body, bool authentic) {
    record_.struct_size = sizeof record_;
    record_.source = stored.from == inbox::source::answer ? TRB_RECORD_ANSWER : TRB_RECORD_DELIVERY;
    record_.received_at_ms = stored.received_at;
    record_.method = view(std::string_view(stored.method));
    record_.path = view(std::string_view(stored.path));
    record_.query = view(std::string_view(stored.query));
    record_.body = view(body);
    record_.http_status = stored.http_status;
    record_.purpose = view(plain_purpose(stored.purpose));
    record_.item = stored.item;
    record_.authentic = authentic ? 1u : 0u;
    add_headers(stored.headers);
}

void record_view::add_headers(const std::vector<http::header>& headers) {
    headers_.reserve(headers.size());
    for (const http::header& one : headers)
        headers_.push_back({view(std::string_view(one.name)), view(std::string_view(one.value))});
    record_.headers = headers_.data();
    record_.header_count = headers_.size();
}

connection_view::connection_view(const connection_info& connection, bool with_secrets) {
    connection_.struct_size = sizeof connection_;
    connection_.environment = static_cast<std::int32_t>(connection.in.environment);
    connection_.id = view(std::string_view(connection.id));
    connection_.realm = view(std::string_view(connection.realm));
    connection_.settings = view(std::string_view(connection.settings));
    if (with_secrets)
        for (const auto& [name, secret] : connection.secrets)
            secrets_.push_back({view(std::string_view(name)), view(secret.reveal())});
    connection_.secrets = secrets_.data();
    connection_.secret_count = secrets_.size();
}

bool copy_want(const trb_http_request& request, inbox::want& into) {
    if (!is_key(request.purpose) || view(request.purpose).find(purpose_mark) != std::string_view::npos ||
        request.url.size == 0 || !facts::is_plain_text(view(request.url)) ||
        !facts::is_plain_text(view(request.body)))
        return false;
    into.purpose = view(request.purpose);
    into.method = request.method.size == 0 ? "GET" : view(request.method);
    into.url = view(request.url);
    into.body = view(request.body);
    for (std::uint32_t index = 0; index < request.header_count; ++index) {
        if (!facts::is_plain_text(view(request.headers[index].name)) ||
            !facts::is_plain_text(view(request.headers[index].value)))
            return false;
        into.headers.push_back({std::string(view(request.headers[index].name)),
                                std::string(view(request.headers[index].value))});
    }
    return true;
}

verdict_collector::verdict_collector(std::string_view body)
    : body_(body), sink_{sizeof(trb_verify_sink), 0, this, &item, &need, &answer} {
    answer_.status = 200;
}

template <class Function> void verdict_collector::keep(Function&& function) noexcept {
    try {
        function();
    } catch (const std::exception& thrown) {
        fault_ = "the verdict could not be kept"; // Fits the small buffer of no string: but then memory is
                                                  // the least worry.
    }
}

void verdict_collector::item(void* ctx, const trb_item* said) noexcept {
    auto& me = *static_cast<verdict_collector*>(ctx);
    me.keep([&] {
        const std::uint32_t number = me.seen_++;
        if (number >= items_max) {
            me.fault_ = "more than 1000 items in one delivery";
            return;
        }
        if (said->verdict == TRB_ITEM_REJECTED) {
            if (me.rejected_++ == 0) {
                me.reason_ = said->reason.size == 0 ? "rejected" : view(said->reason);
                me.detail_ = view(said->detail);
            }
            return;
        }
        if ((said->verdict != TRB_ITEM_ACCEPTED && said->verdict != TRB_ITEM_HINT) ||
            !is_key(said->dedupe_key)) {
            me.fault_ = "an item with an unknown verdict or without a dedupe key";
            return;
        }
        verified_delivery::item kept;
        kept.verdict = said->verdict;
        kept.dedupe_key = view(said->dedupe_key);
        kept.event_type = facts::is_plain_text(view(said->event_type)) ? view(said->event_type) : "";
        kept.digest = sha256(said->content.size == 0 ? me.body_ : view(said->content));
        me.items_.push_back(std::move(kept));
        me.numbers_.push_back(number);
    });
}

void verdict_collector::need(void* ctx, const trb_http_request* request) noexcept {
    auto& me = *static_cast<verdict_collector*>(ctx);
    me.keep([&] {
        inbox::want wanted;
        if (copy_want(*request, wanted))
            me.need_ = std::move(wanted);
        else
            me.fault_ = "a malformed request was needed";
    });
}

void verdict_collector::answer(void* ctx, std::int32_t status, trb_str content_type, trb_str body) noexcept {
    auto& me = *static_cast<verdict_collector*>(ctx);
    me.keep([&] {
        me.answer_.status = status;
        me.answer_.headers = {{"Content-Type", std::string(view(content_type))}};
        me.answer_.body = view(body);
    });
}

void verdict_collector::move_into(verified_delivery& into, const connection_info& connection) {
    into.items = std::move(items_);
    into.item_numbers = std::move(numbers_);
    into.answer = std::move(answer_);
    if (into.items.empty() && need_) {
        need_->in = connection.in;
        need_->connection_id = connection.id;
        into.need = std::move(need_);
    }
}

} // namespace tributary

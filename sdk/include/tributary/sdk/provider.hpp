#pragma once

#include <tributary/abi/provider.h>
#include <tributary/sdk/base.hpp>
#include <tributary/sdk/request.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace tributary::sdk {

/// The records of one call: front() is the delivery or answer itself.
using records = strided<trb_record>;

/// The values of all headers of that name, in order; letter case does not matter. More than one signature is
/// a reason for refusal, so the plugin has to see them all.
inline std::vector<std::string_view> headers_named(const trb_record& record, std::string_view name) {
    const auto lower = [](char letter) {
        return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    };
    std::vector<std::string_view> values;
    for (std::uint64_t index = 0; index < record.header_count; ++index)
        if (std::ranges::equal(view(record.headers[index].name), name, {}, lower, lower))
            values.push_back(view(record.headers[index].value));
    return values;
}

/// The active secrets of that name, oldest first as the host gives them. Empty ones are left out: anybody can
/// sign with an empty secret.
inline std::vector<std::string_view> secrets_named(const trb_connection& connection, std::string_view name) {
    std::vector<std::string_view> values;
    for (std::uint64_t index = 0; index < connection.secret_count; ++index)
        if (view(connection.secrets[index].name) == name && connection.secrets[index].value.size != 0)
            values.push_back(view(connection.secrets[index].value));
    return values;
}

/// Where verify() puts its verdicts.
class verdicts {
  public:
    explicit verdicts(const trb_verify_sink* sink) noexcept : sink_(sink) {}

    void accept(std::string_view dedupe_key, std::string_view event_type,
                std::string_view content = {}) const {
        put(TRB_ITEM_ACCEPTED, dedupe_key, event_type, content, {}, {});
    }
    void hint(std::string_view dedupe_key, std::string_view event_type, std::string_view content = {}) const {
        put(TRB_ITEM_HINT, dedupe_key, event_type, content, {}, {});
    }
    void reject(std::string_view reason, std::string_view detail, std::string_view content = {}) const {
        put(TRB_ITEM_REJECTED, {}, {}, content, reason, detail);
    }
    void need(const trb_http_request& wanted) const { sink_->need(sink_->ctx, &wanted); }
    void need(const request& wanted) const {
        wanted.show_to([this](const trb_http_request& shown) { need(shown); });
    }
    void answer(std::int32_t status, std::string_view content_type, std::string_view body) const {
        sink_->answer(sink_->ctx, status, view(content_type), view(body));
    }

  private:
    void put(std::int32_t verdict, std::string_view key, std::string_view type, std::string_view content,
             std::string_view reason, std::string_view detail) const {
        const trb_item item{sizeof(trb_item), verdict,      view(key),   view(content),
                            view(type),       view(reason), view(detail)};
        sink_->item(sink_->ctx, &item);
    }

    const trb_verify_sink* sink_;
};

/// Where normalise() puts facts.
class fact_sink {
  public:
    explicit fact_sink(const trb_fact_sink* sink) noexcept : sink_(sink) {}

    /// False when the host refused it; normalise() should then return invalid().
    bool emit(const trb_fact& fact) const { return sink_->emit(sink_->ctx, &fact) == TRB_OK; }
    void want(const trb_http_request& wanted) const { sink_->want(sink_->ctx, &wanted); }
    void want(const request& wanted) const {
        wanted.show_to([this](const trb_http_request& shown) { want(shown); });
    }
    void note(std::string_view code, std::string_view text) const {
        sink_->note(sink_->ctx, view(code), view(text));
    }
    /// The source speaks in a way that this plugin does not know; see TRB_NOTE_DRIFT.
    /// @param path     where, "invoice.status"; no blank.
    /// @param version  of the source's API; "" when it is not told; no blank.
    /// @param seen     the word that was found, or what is wrong; nothing secret, no person's data.
    void drift(std::string_view path, std::string_view version, std::string_view seen) const {
        std::string text(path);
        text.append(" ").append(version.empty() ? "-" : version).append(" ").append(seen);
        note(TRB_NOTE_DRIFT, text);
    }

  private:
    const trb_fact_sink* sink_;
};

/// A payment provider. Derive, implement, and name the class in TRIBUTARY_PLUGIN. See abi/provider.h for the
/// contracts. A derived class also has: static constexpr std::uint32_t normaliser_version.
class provider {
  public:
    virtual ~provider() = default;
    virtual outcome verify(const trb_connection& connection, records with, verdicts into) const = 0;
    virtual outcome normalise(const trb_connection& connection, records with, fact_sink into) const = 0;
    virtual outcome reread(const trb_connection&, std::int32_t, std::string_view, fact_sink) const {
        return {TRB_UNSUPPORTED, "unsupported", "documents cannot be read anew"};
    }
};

template <class Plugin> struct provider_table {
    static trb_status verify(void* self, const trb_connection* connection, const trb_record* first,
                             std::uint64_t count, std::uint64_t stride, const trb_verify_sink* sink,
                             const trb_error_sink* error) noexcept {
        return guarded(error, [&] {
            return static_cast<const Plugin*>(self)->verify(*connection, {first, count, stride},
                                                            verdicts(sink));
        });
    }
    static trb_status normalise(void* self, const trb_connection* connection, const trb_record* first,
                                std::uint64_t count, std::uint64_t stride, const trb_fact_sink* sink,
                                const trb_error_sink* error) noexcept {
        return guarded(error, [&] {
            return static_cast<const Plugin*>(self)->normalise(*connection, {first, count, stride},
                                                               fact_sink(sink));
        });
    }
    static trb_status reread(void* self, const trb_connection* connection, std::int32_t kind,
                             trb_str document_id, const trb_fact_sink* sink,
                             const trb_error_sink* error) noexcept {
        return guarded(error, [&] {
            return static_cast<const Plugin*>(self)->reread(*connection, kind, view(document_id),
                                                            fact_sink(sink));
        });
    }
    static constexpr trb_provider_v1 table{sizeof(trb_provider_v1), Plugin::normaliser_version, &verify,
                                           &normalise, &reread};
};

} // namespace tributary::sdk

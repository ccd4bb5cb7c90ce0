#pragma once

#include <tributary/abi/provider.h>
#include <tributary/testing/fake_host.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What goes into a plugin and what comes out of it, as values that own their texts.
namespace tributary::testing {

using pairs = std::vector<std::pair<std::string, std::string>>;

/// The account that a delivery came in for.
struct connection {
    std::int32_t environment = TRB_SANDBOX;
    std::string id = "con_test";
    std::string realm = "test:acct_1";
    std::string settings = "{}";
    pairs secrets = {}; ///< Name and value; of one name the newest last, as a host has them.
};

/// One inbox record. The default is a delivery.
struct record {
    std::string body = {};
    pairs headers = {};
    std::int64_t received_at_ms = 1'700'000'100'000;
    std::int32_t source = TRB_RECORD_DELIVERY;
    std::string method = "POST";
    std::string path = {};
    std::string query = {};
    std::int64_t http_status = 0; ///< Answers only; 0: no answer came, body is the reason.
    std::string purpose = {};     ///< Answers only.
    std::uint32_t item = 0;
    bool authentic = true;
};

inline record answer(std::string purpose, std::int64_t http_status, std::string body) {
    record made;
    made.source = TRB_RECORD_ANSWER;
    made.method = "GET";
    made.purpose = std::move(purpose);
    made.http_status = http_status;
    made.body = std::move(body);
    return made;
}

/// How a call ended, and what the plugin said about it.
struct ending {
    trb_status status = TRB_OK;
    std::string code = {};
    std::string message = {};
    std::int64_t retry_after_ms = 0;

    explicit operator bool() const noexcept { return status == TRB_OK; }
};

/// A request that the plugin wants to be made. {secret:NAME} stands in it as it was written.
struct captured_request {
    std::string method;
    std::string url;
    pairs headers;
    std::string body;
    std::string purpose;

    /// Of the first header of that name as it is spelled; empty when there is none.
    std::string header(std::string_view name) const {
        for (const auto& [each, value] : headers)
            if (each == name)
                return value;
        return {};
    }
};

struct captured_item {
    std::int32_t verdict = 0; ///< TRB_ITEM_...
    std::string dedupe_key;
    std::string content;
    std::string event_type;
    std::string reason;
    std::string detail;
};

struct verified : ending {
    std::vector<captured_item> items;
    std::vector<captured_request> needs;
    std::optional<std::pair<std::int32_t, std::string>> answer; ///< Status and body.

    bool accepted() const {
        return status == TRB_OK && items.size() == 1 && items.front().verdict == TRB_ITEM_ACCEPTED;
    }
};

/// A delivery of a simulator's story, as a record that can be given to verify.
struct told_delivery {
    std::string name;
    record delivery;
};

struct told : ending {
    std::vector<told_delivery> deliveries;
    std::map<std::string, std::int64_t> expected;
};

namespace detail {

/// Collects what a plugin reports.
class error_capture {
  public:
    error_capture() noexcept : sink_{sizeof(trb_error_sink), 0, this, &error_capture::report} {}
    error_capture(const error_capture&) = delete;
    error_capture& operator=(const error_capture&) = delete;

    const trb_error_sink* sink() const noexcept { return &sink_; }
    void finish(trb_status status, ending& into) const {
        into.status = status;
        into.code = said_.code;
        into.message = said_.message;
        into.retry_after_ms = said_.retry_after_ms;
    }

  private:
    static void report(void* self, trb_str code, trb_str message, std::int64_t retry_after_ms) noexcept {
        static_cast<error_capture*>(self)->said_ = {TRB_OK, copy(code), copy(message), retry_after_ms};
    }

    trb_error_sink sink_;
    ending said_;
};

inline std::vector<trb_pair> views_of(const pairs& owned) {
    std::vector<trb_pair> made;
    for (const auto& [name, value] : owned)
        made.push_back({view(name), view(value)});
    return made;
}

inline pairs copies_of(const trb_pair* first, std::uint64_t count) {
    pairs made;
    for (std::uint64_t index = 0; index < count; ++index)
        made.emplace_back(copy(first[index].name), copy(first[index].value));
    return made;
}

inline captured_request copy_of(const trb_http_request& wanted) {
    return {copy(wanted.method), copy(wanted.url), copies_of(wanted.headers, wanted.header_count),
            copy(wanted.body), copy(wanted.purpose)};
}

/// Views of a connection, valid while both live.
class connection_view {
  public:
    explicit connection_view(const connection& from, bool with_secrets = true) {
        if (with_secrets)
            for (const auto& [name, value] : from.secrets)
                secrets_.push_back({view(name), view(value)});
        table_ = {sizeof(trb_connection), from.environment, view(from.id),  view(from.realm),
                  view(from.settings),    secrets_.data(),  secrets_.size()};
    }
    explicit connection_view(const connection&&, bool = true) = delete; // views of what is gone at once
    connection_view(const connection_view&) = delete;
    connection_view& operator=(const connection_view&) = delete;
    const trb_connection* get() const noexcept { return &table_; }

  private:
    std::vector<trb_secret> secrets_;
    trb_connection table_{};
};

/// Views of records, valid while both live. The stride is larger than the struct, as that of a newer host is.
class records_view {
  public:
    explicit records_view(const std::vector<record>& from) {
        for (const record& each : from) {
            headers_.push_back(views_of(each.headers));
            elements_.push_back({table_of(each, headers_.back()), 0});
        }
    }
    explicit records_view(const std::vector<record>&&) = delete; // views of what is gone at once
    records_view(const records_view&) = delete;
    records_view& operator=(const records_view&) = delete;

    const trb_record* first() const noexcept { return elements_.empty() ? nullptr : &elements_[0].table; }
    std::uint64_t count() const noexcept { return elements_.size(); }
    static constexpr std::uint64_t stride() noexcept { return sizeof(element); }

  private:
    struct element {
        trb_record table;
        std::uint64_t of_a_newer_host;
    };
    static trb_record table_of(const record& from, const std::vector<trb_pair>& headers) {
        return {sizeof(trb_record),      from.source,      from.received_at_ms, view(from.method),
                view(from.path),         view(from.query), headers.data(),      headers.size(),
                view(from.body),         from.http_status, view(from.purpose),  from.item,
                from.authentic ? 1u : 0u};
    }

    std::deque<std::vector<trb_pair>> headers_;
    std::vector<element> elements_;
};

} // namespace detail

} // namespace tributary::testing

#pragma once

#include <tributary/engine/engine.hpp>

#include <string>
#include <vector>

namespace tributary {

/// A delivery or a stored record as a plugin sees it. Must outlive the call; what it views must too.
class record_view {
  public:
    explicit record_view(const delivery& raw);
    record_view(const inbox::record& stored, std::string_view body, bool authentic);
    record_view(const record_view&) = delete;
    record_view& operator=(const record_view&) = delete;

    const trb_record& get() const noexcept { return record_; }

  private:
    void add_headers(const std::vector<http::header>& headers);

    std::vector<trb_pair> headers_;
    trb_record record_{};
};

/// A connection as a plugin sees it.
class connection_view {
  public:
    connection_view(const connection_info& connection, bool with_secrets);
    connection_view(const connection_view&) = delete;
    connection_view& operator=(const connection_view&) = delete;

    const trb_connection& get() const noexcept { return connection_; }

  private:
    std::vector<trb_secret> secrets_;
    trb_connection connection_{};
};

/// A request of a plugin, copied. @return false when it is malformed (no purpose, not text, too long).
bool copy_want(const trb_http_request& request, inbox::want& into);

/// The host's side of a trb_verify_sink.
class verdict_collector {
  public:
    explicit verdict_collector(std::string_view body);
    verdict_collector(const verdict_collector&) = delete;
    verdict_collector& operator=(const verdict_collector&) = delete;

    const trb_verify_sink* sink() const noexcept { return &sink_; }
    const std::string& fault() const noexcept { return fault_; }
    /// Were there items, and was none of them accepted or a hint?
    bool all_rejected() const noexcept { return rejected_ > 0 && items_.empty() && !need_; }
    const std::string& reason() const noexcept { return reason_; }
    const std::string& detail() const noexcept { return detail_; }
    const std::vector<verified_delivery::item>& items() const noexcept { return items_; }
    void move_into(verified_delivery& into, const connection_info& connection);

  private:
    template <class Function> void keep(Function&& function) noexcept;
    static void item(void* ctx, const trb_item* said) noexcept;
    static void need(void* ctx, const trb_http_request* request) noexcept;
    static void answer(void* ctx, std::int32_t status, trb_str content_type, trb_str body) noexcept;

    std::string_view body_;
    trb_verify_sink sink_;
    std::vector<verified_delivery::item> items_;
    std::vector<std::uint32_t> numbers_;
    std::uint32_t seen_ = 0;
    std::uint32_t rejected_ = 0;
    std::string reason_;
    std::string detail_;
    std::optional<inbox::want> need_;
    http::response answer_;
    std::string fault_;
};

} // namespace tributary

#pragma once

#include <tributary/abi/base.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/services.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// C++20 over the C headers: views, results, and tables made from classes. Header-only, no dependencies.
namespace tributary::sdk {

inline trb_str view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
inline std::string_view view(trb_str text) noexcept {
    return {text.data, static_cast<std::size_t>(text.size)};
}

/// What a call came to: success, or a status with a word for programs and a sentence for people.
///
/// Returned by everything that a plugin implements. The default is success.
class [[nodiscard]] outcome {
  public:
    outcome() = default;
    outcome(trb_status status, std::string code, std::string message, std::int64_t retry_after_ms = 0)
        : status_(status), code_(std::move(code)), message_(std::move(message)),
          retry_after_ms_(retry_after_ms) {}

    explicit operator bool() const noexcept { return status_ == TRB_OK; }
    trb_status status() const noexcept { return status_; }
    const std::string& code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }

    /// Tells the sink and returns the status: the last line of every thunk.
    trb_status report(const trb_error_sink* sink) const noexcept {
        if (status_ != TRB_OK && sink != nullptr && sink->report != nullptr)
            sink->report(sink->ctx, view(code_), view(message_), retry_after_ms_);
        return status_;
    }

  private:
    trb_status status_ = TRB_OK;
    std::string code_;
    std::string message_;
    std::int64_t retry_after_ms_ = 0;
};

inline outcome invalid(std::string code, std::string message) {
    return {TRB_INVALID, std::move(code), std::move(message)};
}
inline outcome rejected(std::string code, std::string message) {
    return {TRB_REJECTED, std::move(code), std::move(message)};
}
inline outcome not_found(std::string message) {
    return {TRB_NOT_FOUND, "not_found", std::move(message)};
}
inline outcome internal(std::string message) {
    return {TRB_INTERNAL, "internal", std::move(message)};
}
inline outcome unsupported(std::string message) {
    return {TRB_UNSUPPORTED, "unsupported", std::move(message)};
}
/// Not now. retry_after_ms: how long to wait at least, 0 when nobody knows.
inline outcome retry(std::string code, std::string message, std::int64_t retry_after_ms = 0) {
    return {TRB_RETRY, std::move(code), std::move(message), retry_after_ms};
}

/// Collects what a host service reports: pass sink() and turn the status into an outcome.
class error_collector {
  public:
    error_collector() noexcept : sink_{sizeof(trb_error_sink), 0, this, &error_collector::report} {}
    error_collector(const error_collector&) = delete;
    error_collector& operator=(const error_collector&) = delete;

    const trb_error_sink* sink() const noexcept { return &sink_; }
    outcome finish(trb_status status) const {
        return status == TRB_OK ? outcome() : outcome(status, code_, message_);
    }

  private:
    static void report(void* self, trb_str code, trb_str message, std::int64_t) noexcept {
        try {
            static_cast<error_collector*>(self)->code_ = view(code);
            static_cast<error_collector*>(self)->message_ = view(message);
        } catch (...) { // Out of memory while explaining: the status alone must do.
        }
    }

    trb_error_sink sink_;
    std::string code_;
    std::string message_;
};

/// Runs a plugin's code behind the C boundary: nothing thrown gets out.
template <class Function> trb_status guarded(const trb_error_sink* error, Function&& function) noexcept {
    try {
        const outcome done = function();
        return done.report(error);
    } catch (const std::exception& thrown) {
        if (error != nullptr && error->report != nullptr)
            error->report(error->ctx, view("exception"), view(thrown.what()), 0);
    } catch (...) {
        if (error != nullptr && error->report != nullptr)
            error->report(error->ctx, view("exception"), view("an unknown exception"), 0);
    }
    return TRB_INTERNAL;
}

/// Walks an array of structs whose element size is that of whoever filled it in.
template <class T> class strided {
  public:
    strided(const T* first, std::uint64_t count, std::uint64_t stride) noexcept
        : first_(reinterpret_cast<const char*>(first)), count_(count), stride_(stride) {}

    class iterator {
      public:
        iterator(const char* at, std::uint64_t stride) noexcept : at_(at), stride_(stride) {}
        const T& operator*() const noexcept { return *reinterpret_cast<const T*>(at_); }
        iterator& operator++() noexcept {
            at_ += stride_;
            return *this;
        }
        bool operator==(const iterator& other) const noexcept { return at_ == other.at_; }

      private:
        const char* at_;
        std::uint64_t stride_;
    };

    iterator begin() const noexcept { return {first_, stride_}; }
    iterator end() const noexcept { return {first_ + count_ * stride_, stride_}; }
    std::uint64_t size() const noexcept { return count_; }
    const T& operator[](std::uint64_t index) const noexcept {
        return *reinterpret_cast<const T*>(first_ + index * stride_);
    }

  private:
    const char* first_;
    std::uint64_t count_;
    std::uint64_t stride_;
};

/// Is member `bit` of this body stated?
template <class Body> bool states(const Body& body, unsigned bit) noexcept {
    return (body.present & TRB_BIT(bit)) != 0;
}

/// The body of a fact as its struct. The caller has looked at the kind.
template <class Body> const Body& body_as(const void* body) noexcept {
    return *static_cast<const Body*>(body);
}

/// Currency code of an amount.
inline std::string_view currency_of(const trb_money& money) noexcept {
    return {money.currency, money.currency[0] == '\0' ? 0u : 3u};
}

inline trb_money make_money(std::int64_t amount_minor, std::string_view currency,
                            std::uint32_t exponent) noexcept {
    trb_money money{amount_minor, {0, 0, 0, 0}, exponent};
    for (std::size_t index = 0; index < 3 && index < currency.size(); ++index) {
        const char letter = currency[index];
        money.currency[index] =
            static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
    }
    return money;
}

/// The host's services, typed.
class host {
  public:
    explicit host(const trb_host* table) noexcept : host_(table) {}

    const trb_host* get() const noexcept { return host_; }
    template <class Service> const Service* service(std::string_view id) const noexcept {
        return static_cast<const Service*>(host_->get_service(host_, view(id)));
    }
    const trb_host_log_v1* log() const noexcept { return service<trb_host_log_v1>(TRB_SERVICE_LOG); }
    const trb_host_clock_v1* clock() const noexcept { return service<trb_host_clock_v1>(TRB_SERVICE_CLOCK); }
    const trb_host_crypto_v1* crypto() const noexcept {
        return service<trb_host_crypto_v1>(TRB_SERVICE_CRYPTO);
    }
    const trb_host_metrics_v1* metrics() const noexcept {
        return service<trb_host_metrics_v1>(TRB_SERVICE_METRICS);
    }
    const trb_host_store_v1* store() const noexcept { return service<trb_host_store_v1>(TRB_SERVICE_STORE); }
    const trb_host_facts_v1* facts() const noexcept { return service<trb_host_facts_v1>(TRB_SERVICE_FACTS); }
    const trb_host_clicks_v1* clicks() const noexcept {
        return service<trb_host_clicks_v1>(TRB_SERVICE_CLICKS);
    }

    /// A line in the host's log: an event name and text fields.
    void write_log(std::int32_t level, std::string_view event,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {}) const {
        const trb_host_log_v1* sink = log();
        if (sink == nullptr)
            return;
        std::vector<trb_pair> pairs;
        pairs.reserve(fields.size());
        for (const auto& [name, value] : fields)
            pairs.push_back({view(name), view(value)});
        sink->write(host_, level, view(event), pairs.data(), pairs.size());
    }

  private:
    const trb_host* host_;
};

} // namespace tributary::sdk

#pragma once

#include <tributary/abi/actions.h>
#include <tributary/sdk/base.hpp>
#include <tributary/sdk/provider.hpp>
#include <tributary/sdk/request.hpp>

namespace tributary::sdk {

/// One line of the report that a person reads. Views; no secret in it. See trb_finding.
struct finding {
    std::string_view code;
    std::string_view message;
    std::string_view subject = {};
    std::string_view advice = {};
};

/// Where an action puts what it needs, what it saw, and what is to be kept.
class action_sink {
  public:
    explicit action_sink(const trb_action_sink* sink) noexcept : sink_(sink) {}

    void need(const trb_http_request& wanted) const { sink_->need(sink_->ctx, &wanted); }
    void need(const request& wanted) const {
        wanted.show_to([this](const trb_http_request& shown) { need(shown); });
    }

    void good(const finding& seen) const { put(TRB_FINDING_GOOD, seen); }
    void note(const finding& seen) const { put(TRB_FINDING_NOTE, seen); }
    void warning(const finding& seen) const { put(TRB_FINDING_WARNING, seen); }
    void problem(const finding& seen) const { put(TRB_FINDING_PROBLEM, seen); }

    /// Sealed with the connection; older ones of that name stay valid.
    void keep_secret(std::string_view name, std::string_view value) const {
        sink_->keep(sink_->ctx, TRB_KEEP_SECRET, view(name), view(value));
    }
    /// A member of the connection's settings.
    /// @param json  the value as JSON: a text comes with its quotes.
    void keep_setting(std::string_view name, std::string_view json) const {
        sink_->keep(sink_->ctx, TRB_KEEP_SETTING, view(name), view(json));
    }

  private:
    void put(std::int32_t level, const finding& seen) const {
        const trb_finding made{sizeof(trb_finding), level,
                               view(seen.code),     view(seen.subject),
                               view(seen.message),  view(seen.advice)};
        sink_->finding(sink_->ctx, &made);
    }

    const trb_action_sink* sink_;
};

/// The answer to the request of that purpose, or nullptr while there is none.
inline const trb_record* answer_to(records answers, std::string_view purpose) noexcept {
    for (const trb_record& answer : answers)
        if (view(answer.purpose) == purpose)
            return &answer;
    return nullptr;
}

/// What a person asks for once. Derive and override what the provider can do; the rest is TRB_UNSUPPORTED.
///
/// Each is called again with all answers so far until it needs nothing more; see abi/actions.h. All must be
/// pure and thread-safe. A connection's secrets are there.
class actions {
  public:
    virtual ~actions() = default;
    /// Do the credentials work, and what do they allow? Changes nothing at the provider.
    /// @param url  where deliveries are to go, so that it can be said whether they will; "" when nobody
    /// knows.
    virtual outcome check(const trb_connection&, [[maybe_unused]] std::string_view url, records,
                          action_sink) const {
        return unsupported("this provider's credentials cannot be checked");
    }
    /// Makes the provider deliver to an absolute URL.
    virtual outcome register_webhook(const trb_connection&, std::string_view, records, action_sink) const {
        return unsupported("webhooks of this provider are registered by hand");
    }
    /// Makes it deliver there no longer. Nothing registered is success.
    virtual outcome remove_webhook(const trb_connection&, std::string_view, records, action_sink) const {
        return unsupported("webhooks of this provider are removed by hand");
    }
    /// Needs the request that reads one object. kind is 0 when the person did not say.
    virtual outcome fetch(const trb_connection&, std::int32_t, std::string_view, action_sink) const {
        return unsupported("single objects cannot be fetched from this provider");
    }
};

template <class Plugin> struct actions_table {
    static outcome dispatch(const actions& offered, const trb_connection& connection,
                            const trb_action& action, records answers, action_sink into) {
        switch (action.action) {
        case TRB_ACTION_CHECK: return offered.check(connection, view(action.target_url), answers, into);
        case TRB_ACTION_REGISTER:
            return offered.register_webhook(connection, view(action.target_url), answers, into);
        case TRB_ACTION_REMOVE:
            return offered.remove_webhook(connection, view(action.target_url), answers, into);
        case TRB_ACTION_FETCH: return offered.fetch(connection, action.kind, view(action.document_id), into);
        default: return unsupported("an action that this plugin does not know");
        }
    }
    static trb_status run(void* self, const trb_connection* connection, const trb_action* action,
                          const trb_record* answers, std::uint64_t count, std::uint64_t stride,
                          const trb_action_sink* sink, const trb_error_sink* error) noexcept {
        return guarded(error, [&] {
            return dispatch(*static_cast<const Plugin*>(self), *connection, *action, {answers, count, stride},
                            action_sink(sink));
        });
    }
    static constexpr trb_actions_v1 table{sizeof(trb_actions_v1), 0, &run};
};

} // namespace tributary::sdk

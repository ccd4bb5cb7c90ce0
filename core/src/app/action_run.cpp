#include "app/action_run.hpp"

#include <tributary/facts/fact.hpp>
#include <tributary/plugins/error_report.hpp>

#include <deque>
#include <set>

#include "app/fetcher.hpp"
#include "engine/record_view.hpp"

namespace tributary::app {
namespace {

using plugins::view;

constexpr std::size_t requests_max = 64;
constexpr std::size_t findings_max = 1000;

/// The host's side of a trb_action_sink, for one step.
class step {
  public:
    step() : sink_{sizeof(trb_action_sink), 0, this, &need, &finding, &keep} {}
    step(const step&) = delete;
    step& operator=(const step&) = delete;

    const trb_action_sink* sink() const noexcept { return &sink_; }
    std::vector<inbox::want> needs;
    action_report report;
    std::string fault; ///< a rule that the plugin broke

  private:
    template <class Function> void guard(Function&& function) noexcept {
        try {
            function();
        } catch (const std::exception&) {
            fault = "its words could not be kept";
        }
    }
    static step& self(void* ctx) noexcept { return *static_cast<step*>(ctx); }

    static void need(void* ctx, const trb_http_request* request) noexcept {
        self(ctx).guard([&] {
            inbox::want wanted;
            if (copy_want(*request, wanted))
                self(ctx).needs.push_back(std::move(wanted));
            else
                self(ctx).fault = "a malformed request was needed";
        });
    }
    static void finding(void* ctx, const trb_finding* said) noexcept {
        self(ctx).guard([&] {
            if (self(ctx).report.findings.size() < findings_max)
                self(ctx).report.findings.push_back(
                    {said->level, std::string(view(said->code)), std::string(view(said->subject)),
                     std::string(view(said->message)), std::string(view(said->advice))});
        });
    }
    static void keep(void* ctx, std::int32_t what, trb_str name, trb_str value) noexcept {
        self(ctx).guard([&] {
            self(ctx).report.keeps.push_back(
                {what, std::string(view(name)), secret_text(std::string(view(value)))});
        });
    }

    trb_action_sink sink_;
};

failure broken(const plugins::plugin& plugin, const std::string& why) {
    return {engine_errc::plugin_failed, std::string(plugin.name()) + ": " + why};
}

/// Asks the plugin once, with all answers so far.
result<void> ask(const plugins::plugin& plugin, const connection_info& connection, const wanted_action& what,
                 const std::vector<trb_record>& answers, step& into) {
    const connection_view connected(connection, true);
    trb_action action{};
    action.struct_size = sizeof action;
    action.action = what.action;
    action.target_url = view(std::string_view(what.target_url));
    action.document_id = view(std::string_view(what.document_id));
    action.kind = what.kind;
    plugins::error_report error;
    const plugins::timed_call timed(plugin, "run");
    into.report.status = plugin.actions->run(plugin.self(), &connected.get(), &action, answers.data(),
                                             answers.size(), sizeof(trb_record), into.sink(), error.sink());
    if (into.report.status != TRB_OK)
        into.report.message = error.text(into.report.status);
    if (!into.fault.empty())
        return broken(plugin, into.fault);
    return {};
}

/// The answer as a record; a request that got none is one too, with the reason as its body.
inbox::record answer_record(const inbox::want& wanted, result<http::response> answer) {
    inbox::record record;
    record.from = inbox::source::answer;
    record.method = wanted.method;
    record.purpose = wanted.purpose;
    if (answer) {
        record.http_status = answer->status;
        record.headers = std::move(answer->headers);
        record.body = std::move(answer->body);
    } else {
        record.body = answer.error().text();
    }
    return record;
}

} // namespace

result<action_report> run_action(const plugins::plugin& plugin, const connection_info& connection,
                                 const wanted_action& what, const fetch_function& fetch) {
    std::deque<inbox::record> records;
    std::deque<record_view> views;
    std::vector<trb_record> answers;
    std::set<std::string> asked;
    while (true) {
        step now;
        TRIBUTARY_TRY(ask(plugin, connection, what, answers, now));
        bool waits = false;
        for (const inbox::want& wanted : now.needs) {
            if (!asked.insert(wanted.purpose).second)
                continue; // It has its answer.
            if (asked.size() > requests_max)
                return broken(plugin, "needs more than 64 requests for one action");
            waits = true;
            auto request = with_secrets(wanted, connection);
            records.push_back(answer_record(wanted, request ? fetch(std::move(*request))
                                                            : result<http::response>(request.error())));
            views.emplace_back(records.back(), records.back().body, true);
            answers.push_back(views.back().get());
        }
        if (now.report.status != TRB_OK || !waits) {
            now.report.requests = asked.size();
            return std::move(now.report);
        }
    }
}

result<std::vector<inbox::want>> requests_of_fetch(const plugins::plugin& plugin,
                                                   const connection_info& connection,
                                                   const wanted_action& what) {
    step now;
    TRIBUTARY_TRY(ask(plugin, connection, what, {}, now));
    if (now.report.status != TRB_OK)
        return failure(engine_errc::not_found, now.report.message);
    if (now.needs.empty())
        return broken(plugin, "asks nothing to fetch the object");
    for (inbox::want& wanted : now.needs) {
        wanted.in = connection.in;
        wanted.connection_id = connection.id;
    }
    return std::move(now.needs);
}

} // namespace tributary::app

// actions.* and backfill.*: both say which requests they need, and are called again with the answers.
#include <boost/json.hpp>

#include <array>
#include <set>

#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

/// How the provider's API behaves in one run.
struct scripted_answer {
    std::int64_t status;
    const char* body;
};
constexpr std::array<scripted_answer, 10> scripts{{{200, "{}"},
                                                   {200, R"({"data":[],"has_more":false})"},
                                                   {200, "{\"data\":"},
                                                   {200, ""},
                                                   {401, R"({"error":{"message":"no"}})"},
                                                   {403, "{}"},
                                                   {404, "{}"},
                                                   {429, "slow down"},
                                                   {500, "<html>"},
                                                   {0, "the connection timed out"}}};

connection_sample account_of(const instance& of) {
    connection_sample made;
    made.realm = sample_realm(view(of.descriptor().short_name));
    made.secrets = {{"signing", std::string(sample_secret())}, {"api_key", "key_live_9f2c7a41e5"}};
    return made;
}

/// The answer to a request, lent.
trb_record lend_answer(vault& in, const std::string& purpose, const scripted_answer& with) {
    trb_record record{};
    record.source = TRB_RECORD_ANSWER;
    record.received_at_ms = sample_time;
    record.body = in.text(with.body, "trb_record.body");
    record.http_status = with.status;
    record.purpose = in.text(purpose, "trb_record.purpose");
    record.authentic = 1;
    return record;
}

/// No secret may be written out: the host puts it in.
std::string request_fault(const said_request& request, const connection_sample& account) {
    if (std::string fault = request.fault(); !fault.empty())
        return fault;
    std::string all = request.url + request.body;
    for (const auto& [name, value] : request.headers)
        all += value;
    for (const auto& [name, value] : account.secrets)
        if (all.find(value) != std::string::npos)
            return "the request '" + request.purpose + "' holds the secret " + name +
                   " itself; write {secret:" + name + "}";
    return {};
}

struct step {
    trb_status status = TRB_OK;
    std::vector<said_request> needs;
    std::string text; ///< Everything said, to compare.
    std::string for_people;
    std::string fault;
};

void take_need(void* ctx, const trb_http_request* request) noexcept {
    auto& into = *static_cast<step*>(ctx);
    into.needs.push_back(copy(*request));
    into.text += "need " + into.needs.back().purpose + " " + into.needs.back().url + "\n";
}

void take_finding(void* ctx, const trb_finding* finding) noexcept {
    auto& into = *static_cast<step*>(ctx);
    if (finding->struct_size < sizeof(trb_finding) || finding->level < TRB_FINDING_GOOD ||
        finding->level > TRB_FINDING_PROBLEM || finding->code.size == 0) {
        into.fault = "a finding without code, of an unknown level, or with too small a struct_size";
        return;
    }
    for (const trb_str each : {finding->code, finding->subject, finding->message, finding->advice})
        into.for_people += std::string(view(each)) + "\n";
    into.text += "finding " + std::to_string(finding->level) + " " + std::string(view(finding->code)) + " " +
                 std::string(view(finding->message)) + "\n";
}

void take_kept(void* ctx, std::int32_t what, trb_str name, trb_str value) noexcept {
    auto& into = *static_cast<step*>(ctx);
    into.text += "keep " + std::string(view(name)) + "\n";
    boost::json::error_code malformed;
    if (what == TRB_KEEP_SETTING)
        static_cast<void>(boost::json::parse(view(value), malformed));
    if ((what != TRB_KEEP_SECRET && what != TRB_KEEP_SETTING) || name.size == 0 || malformed)
        into.fault = "keep of an unknown sort, without a name, or of a setting that is no JSON";
}

step run(const extension<trb_actions_v1>& with, const connection_sample& account, std::int32_t action,
         const std::vector<std::string>& purposes, const scripted_answer& script) {
    step made;
    const instance& of = *with.of;
    vault lent(of.at(), "run", of.future());
    error_collector error(lent);
    const trb_connection connection = lend_connection(lent, account, true);
    trb_action wanted{};
    wanted.action = action;
    wanted.target_url = lent.text("https://hooks.example.com/webhooks/con_check", "trb_action.target_url");
    wanted.document_id = lent.text("doc_check", "trb_action.document_id");
    std::vector<trb_record> answers;
    for (const std::string& purpose : purposes)
        answers.push_back(lend_answer(lent, purpose, script));
    const trb_action_sink sink{sizeof(trb_action_sink), 0, &made, &take_need, &take_finding, &take_kept};
    const watching_host::watch watch(phase::pure);
    made.status =
        cross(with.table->run, of.self(), lent.put(connection, "the trb_connection"),
              lent.put(wanted, "the trb_action"),
              lent.list(std::span<const trb_record>(answers), "the answers"), std::uint64_t{answers.size()},
              std::uint64_t{lent.stride<trb_record>()}, lent.put(sink, "the trb_action_sink"), error.sink());
    made.text += std::to_string(made.status);
    made.for_people += error.said().message();
    if (made.fault.empty() && !watch.breach().empty())
        made.fault = "run uses " + watch.breach() + " of the host";
    if (!is_status(made.status))
        made.fault = "run returned " + std::to_string(made.status) + ", which is no status";
    for (const said_request& each : made.needs)
        if (made.fault.empty())
            made.fault = request_fault(each, account);
    for (const auto& [name, value] : account.secrets)
        if (made.for_people.find(value) != std::string::npos)
            made.fault = "a text for people holds the secret " + name;
    return made;
}

/// Runs one action to its end. @return what is wrong, if anything.
std::string play(const extension<trb_actions_v1>& with, std::int32_t action, const scripted_answer& script) {
    constexpr std::size_t requests_max = 64; // The host ends an action there.
    const connection_sample account = account_of(*with.of);
    std::vector<std::string> purposes;
    for (;;) {
        const step done = run(with, account, action, purposes, script);
        if (!done.fault.empty())
            return done.fault;
        if (run(with, account, action, purposes, script).text != done.text)
            return "the same answers give something else the second time";
        if (done.needs.empty() || done.status != TRB_OK || action == TRB_ACTION_FETCH)
            return {};
        for (const said_request& each : done.needs)
            purposes.push_back(each.purpose);
        if (purposes.size() > requests_max)
            return "it needs more than 64 requests while every answer is " + std::to_string(script.status) +
                   " " + script.body;
    }
}

verdict actions_end(test_context& in) {
    const auto with = need_extension<trb_actions_v1>(in, TRB_EXT_ACTIONS);
    if (with.of == nullptr)
        return with.otherwise;
    for (const std::int32_t action :
         {TRB_ACTION_CHECK, TRB_ACTION_REGISTER, TRB_ACTION_REMOVE, TRB_ACTION_FETCH})
        for (const scripted_answer& script : scripts)
            if (const std::string fault = play(with, action, script); !fault.empty())
                return failed("action " + std::to_string(action) + ", answers " +
                              std::to_string(script.status) + ": " + fault);
    return passed();
}

verdict unknown_action(test_context& in) {
    const auto with = need_extension<trb_actions_v1>(in, TRB_EXT_ACTIONS);
    if (with.of == nullptr)
        return with.otherwise;
    const step done = run(with, account_of(*with.of), 9999, {}, scripts[0]);
    return done.status == TRB_UNSUPPORTED
               ? passed()
               : failed("an action of the future is answered " +
                        std::string(plugins::status_name(done.status)) + " instead of unsupported");
}

verdict actions_retained(test_context& in) {
    const auto with = need_extension<trb_actions_v1>(in, TRB_EXT_ACTIONS);
    if (with.of == nullptr)
        return with.otherwise;
    for (const std::int32_t action : {TRB_ACTION_CHECK, TRB_ACTION_REGISTER, TRB_ACTION_CHECK})
        static_cast<void>(play(with, action, scripts[0]));
    with.of->end();
    return passed();
}

struct page {
    std::string cursor;
    said_request request;
};
struct pages {
    trb_status status = TRB_OK;
    std::vector<page> all;
    std::string fault;
    std::string text;
};

void take_page(void* ctx, trb_str cursor, const trb_http_request* request) noexcept {
    auto& into = *static_cast<pages*>(ctx);
    constexpr std::uint64_t cursor_max = 4096;
    if (cursor.size > cursor_max)
        into.fault = "a cursor of " + std::to_string(cursor.size) + " bytes; 4096 are allowed";
    into.all.push_back({std::string(view(cursor)), copy(*request)});
    into.text += into.all.back().cursor + " " + into.all.back().request.purpose + " " +
                 into.all.back().request.url + "\n";
}
void take_progress(void*, trb_str, std::int64_t) noexcept {}

pages next(const extension<trb_backfill_v1>& with, const page* answered, const scripted_answer& script) {
    pages made;
    const instance& of = *with.of;
    const connection_sample account = account_of(of);
    vault lent(of.at(), "next", of.future());
    error_collector error(lent);
    const trb_connection connection = lend_connection(lent, account, true);
    const trb_backfill_range range{sizeof(trb_backfill_range), 0, sample_time - 86'400'000, sample_time};
    const trb_backfill_sink sink{sizeof(trb_backfill_sink), 0, &made, &take_page, &take_progress};
    const trb_record* record = nullptr;
    if (answered != nullptr)
        record = lent.put(lend_answer(lent, answered->request.purpose, script), "the answer");
    const watching_host::watch watch(phase::pure);
    made.status = cross(with.table->next, of.self(), lent.put(connection, "the trb_connection"),
                        lent.put(range, "the trb_backfill_range"),
                        lent.text(answered == nullptr ? "" : answered->cursor, "the cursor"), record,
                        lent.put(sink, "the trb_backfill_sink"), error.sink());
    made.text += std::to_string(made.status);
    if (!watch.breach().empty())
        made.fault = "next uses " + watch.breach() + " of the host";
    if (!is_status(made.status))
        made.fault = "next returned " + std::to_string(made.status) + ", which is no status";
    for (const page& each : made.all)
        if (made.fault.empty())
            made.fault = request_fault(each.request, account);
    return made;
}

verdict backfill_pages(test_context& in) {
    const auto with = need_extension<trb_backfill_v1>(in, TRB_EXT_BACKFILL);
    if (with.of == nullptr)
        return with.otherwise;
    for (const scripted_answer& script : scripts) {
        if (script.status != 200)
            continue; // Others never come here.
        std::set<std::string> purposes;
        pages known = next(with, nullptr, script);
        if (known.fault.empty() && next(with, nullptr, script).text != known.text)
            return failed("the first pages are others the second time");
        std::vector<page> outstanding = known.all;
        for (int left = 200; left > 0 && known.fault.empty() && !outstanding.empty(); --left) {
            const page each = outstanding.back();
            outstanding.pop_back();
            if (!purposes.insert(each.request.purpose).second)
                return failed("two pages have the purpose '" + each.request.purpose +
                              "': the second would never be asked for");
            known = next(with, &each, script);
            if (known.fault.empty() && next(with, &each, script).text != known.text)
                return failed("the same page and answer give something else the second time");
            outstanding.insert(outstanding.end(), known.all.begin(), known.all.end());
        }
        if (!known.fault.empty())
            return failed(known.fault);
        if (!outstanding.empty())
            return failed(std::string("it asks for page after page while every answer is 200 ") +
                          script.body);
    }
    return passed();
}

verdict backfill_retained(test_context& in) {
    const auto with = need_extension<trb_backfill_v1>(in, TRB_EXT_BACKFILL);
    if (with.of == nullptr)
        return with.otherwise;
    for (int round = 0; round < 3; ++round)
        for (const page& each : next(with, nullptr, scripts[0]).all)
            static_cast<void>(next(with, &each, scripts[1]));
    with.of->end();
    return passed();
}

constexpr test_case tests[] = {
    {"actions.end", "Every action ends, says the same twice, and shows no secret", actions_end},
    {"actions.unknown", "An unknown action is unsupported", unknown_action},
    {"actions.retained_views", "run keeps no view of its inputs", actions_retained},
    {"backfill.pages", "Pages have purposes of their own, end, and are the same twice", backfill_pages},
    {"backfill.retained_views", "next keeps no view of its inputs", backfill_retained},
};

} // namespace

std::span<const test_case> action_tests() {
    return tests;
}

} // namespace tributary::validator

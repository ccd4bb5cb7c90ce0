#pragma once

#include <tributary/testing/plugin_under_test.hpp>

#include <set>

namespace tributary::testing {

/// An action that was driven to its end.
struct finished_action : ending {
    std::vector<captured_finding> findings;
    std::vector<captured_keep> kept;
    std::vector<record> fetched; ///< TRB_ACTION_FETCH: what goes to normalise.
    std::size_t steps = 0;

    const captured_finding* finding(std::string_view wanted) const {
        for (const captured_finding& each : findings)
            if (each.code == wanted)
                return &each;
        return nullptr;
    }
};

/// A backfill that was driven to its end. The first failure ends it.
struct finished_backfill : ending {
    std::vector<record> records; ///< Each goes to normalise.
    std::map<std::string, std::int64_t> progress;
};

/// A provider's API that is not there: answers by method and URL, remembers what it was asked, and drives
/// what asks it. {secret:NAME} is replaced with the newest secret of the connection, as a host does. Not
/// thread-safe.
class scripted_http {
  public:
    static constexpr std::size_t action_requests_max = 64; ///< As abi/actions.h says.
    static constexpr std::size_t cursor_bytes_max = 4096;  ///< As abi/backfill.h says.
    static constexpr std::size_t pages_max = 1000;         ///< A backfill that turns in circles ends here.

    /// The next answer to such a request. The last one that was given is repeated.
    scripted_http& answer(std::string method, std::string url, std::int64_t status, std::string body) {
        script_[{std::move(method), std::move(url)}].push_back({status, std::move(body)});
        return *this;
    }

    /// As they went out, secrets included.
    const std::vector<captured_request>& requests() const noexcept { return requests_; }

    /// Makes one request. What nobody answers, and what lacks a secret, comes back with http_status 0.
    record send(const captured_request& asked, const connection& with) {
        captured_request sent = asked;
        record reply = testing::answer(asked.purpose, 0, {});
        reply.method = asked.method;
        bool complete = replace_secrets(sent.body, with);
        for (auto& [name, value] : sent.headers)
            complete = replace_secrets(value, with) && complete;
        if (!complete) {
            reply.body = "the connection lacks a secret";
            return reply;
        }
        const auto found = script_.find({sent.method, sent.url});
        requests_.push_back(std::move(sent));
        if (found == script_.end()) {
            reply.body = "nobody answers " + asked.method + " " + asked.url;
            return reply;
        }
        std::deque<scripted>& answers = found->second;
        reply.http_status = answers.front().status;
        reply.body = answers.front().body;
        if (answers.size() > 1)
            answers.pop_front();
        return reply;
    }

    finished_action run_action(const plugin_under_test& plugin, const connection& with, const action& asked) {
        finished_action result;
        std::vector<record> answers;
        std::set<std::string> purposes;
        for (;;) {
            const acted step = plugin.run(with, asked, answers);
            static_cast<ending&>(result) = step;
            ++result.steps;
            if (!step) { // Its findings are shown all the same; nothing is kept.
                result.findings = step.findings;
                return result;
            }
            std::size_t new_needs = 0;
            for (const captured_request& needed : step.needs)
                if (purposes.insert(needed.purpose).second) { // The same purpose twice makes one request.
                    ++new_needs;
                    if (answers.size() == action_requests_max)
                        return ended(result, "too_many_requests", "an action makes 64 requests at most");
                    answers.push_back(send(needed, with));
                }
            if (asked.what == TRB_ACTION_FETCH) { // One step; the answers go through the inbox.
                result.fetched = std::move(answers);
                result.findings = step.findings;
                return result;
            }
            if (step.needs.empty()) {
                result.findings = step.findings;
                result.kept = step.kept;
                return result;
            }
            if (new_needs == 0)
                return ended(result, "turns_in_circles", "it needs again what has been answered");
        }
    }

    /// Pages are asked for one after the other, in the order in which the plugin asked.
    finished_backfill run_backfill(const plugin_under_test& plugin, const connection& with,
                                   const range& wanted) {
        finished_backfill result;
        std::deque<captured_page> waiting;
        std::set<std::string> purposes;
        const auto take = [&](const paged& step) {
            static_cast<ending&>(result) = step;
            for (const auto& [stream, at_ms] : step.progress)
                result.progress[stream] = at_ms;
            for (const captured_page& page : step.pages)
                if (page.cursor.size() > cursor_bytes_max)
                    ended(result, "cursor_too_long", "a cursor has 4096 bytes at most");
                else if (!purposes.insert(page.request.purpose).second)
                    ended(result, "repeated_purpose", page.request.purpose + " was asked for before");
                else
                    waiting.push_back(page);
        };
        take(plugin.next(with, wanted));
        while (result && !waiting.empty()) {
            const captured_page page = std::move(waiting.front());
            waiting.pop_front();
            if (result.records.size() == pages_max)
                return ended(result, "too_many_pages", "is there an end?");
            const record reply = send(page.request, with);
            if (reply.http_status < 200 || reply.http_status > 299)
                return ended(result, "http_status", page.request.url + ": " + reply.body);
            result.records.push_back(reply);
            take(plugin.next(with, wanted, page.cursor, &reply));
        }
        return result;
    }

  private:
    struct scripted {
        std::int64_t status = 0;
        std::string body;
    };

    template <class Result> static Result& ended(Result& result, std::string why, std::string text) {
        static_cast<ending&>(result) = {TRB_INTERNAL, std::move(why), std::move(text), 0};
        return result;
    }

    /// False when the connection does not have one of them.
    static bool replace_secrets(std::string& text, const connection& with) {
        static constexpr std::string_view start = "{secret:";
        for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
            const std::size_t end = text.find('}', at);
            if (end == std::string::npos)
                return true;
            const std::string name = text.substr(at + start.size(), end - at - start.size());
            const auto secret = std::find_if(with.secrets.rbegin(), with.secrets.rend(),
                                             [&](const auto& each) { return each.first == name; });
            if (secret == with.secrets.rend())
                return false;
            text.replace(at, end + 1 - at, secret->second);
            at += secret->second.size();
        }
        return true;
    }

    std::map<std::pair<std::string, std::string>, std::deque<scripted>> script_;
    std::vector<captured_request> requests_;
};

} // namespace tributary::testing

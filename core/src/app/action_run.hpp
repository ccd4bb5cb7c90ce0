#pragma once

#include <tributary/base/secret_text.hpp>
#include <tributary/directory/directory.hpp>
#include <tributary/http/client.hpp>
#include <tributary/inbox/inbox.hpp>
#include <tributary/plugins/plugin.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tributary::app {

/// What a person asks of a provider's plugin once: see abi/actions.h.
struct wanted_action {
    std::int32_t action = 0; ///< TRB_ACTION_*
    std::string target_url;
    std::string document_id;
    std::int32_t kind = 0;
};

/// One line of the report.
struct action_finding {
    std::int32_t level = 0; ///< TRB_FINDING_*
    std::string code;
    std::string subject;
    std::string message;
    std::string advice;
};

/// What the provider handed out and is to be kept with the connection.
struct action_keep {
    std::int32_t what = 0; ///< TRB_KEEP_*
    std::string name;
    secret_text value;
};

/// What an action came to. Findings are shown whatever the status; what is kept counts only when it is
/// TRB_OK.
struct action_report {
    trb_status status = TRB_OK;
    std::string message; ///< why not, when it is not TRB_OK
    std::vector<action_finding> findings;
    std::vector<action_keep> keeps;
    std::size_t requests = 0; ///< that were made
};

using fetch_function = std::function<result<http::response>(http::client_request)>;

/// Runs an action to its end: asks the plugin, makes the requests that it needs, asks again with the answers.
/// @param connection  with its secrets, which are put into the requests.
/// @errors engine_errc::plugin_failed: the plugin broke a rule (a malformed request, over 64 of them).
result<action_report> run_action(const plugins::plugin& plugin, const connection_info& connection,
                                 const wanted_action& what, const fetch_function& fetch);

/// What FETCH needs: requests whose answers are to become records. @errors plugin_failed; not_found with the
/// plugin's words when it cannot.
result<std::vector<inbox::want>> requests_of_fetch(const plugins::plugin& plugin,
                                                   const connection_info& connection,
                                                   const wanted_action& what);

} // namespace tributary::app

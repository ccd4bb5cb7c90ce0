#pragma once

#include <tributary/facts/fact.hpp>

#include <boost/json/value.hpp>

#include "validator/delivery.hpp"

namespace tributary::validator {

/// A request of the plugin, copied.
struct said_request {
    std::string method;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string purpose;

    /// What base.h asks of it; empty when it is all right.
    std::string fault() const;
};
said_request copy(const trb_http_request& request);

struct said_item {
    std::int32_t verdict = 0;
    std::string dedupe_key;
    std::string content;
    std::string event_type;
    std::string reason;
    std::string detail;
};

struct said_answer {
    std::int32_t status = 0;
    std::string content_type;
    std::string body;
    bool operator==(const said_answer&) const = default;
};

/// What came of verify.
struct verdict_said {
    trb_status status = TRB_OK;
    std::vector<said_item> items;
    std::vector<said_request> needs;
    std::vector<said_answer> answers;
    std::string error;
    std::string fault;  ///< The first broken rule of provider.h about the sink.
    std::string breach; ///< A service that a pure function must not use.

    bool accepted() const noexcept;
    /// Everything, to compare; as in *.expected.json.
    boost::json::object json() const;
    /// All texts for people: no secret may be in them.
    std::string for_people() const;
};

/// What came of normalise.
struct facts_said {
    trb_status status = TRB_OK;
    std::vector<facts::stored_fact> facts;
    std::vector<std::string> refused; ///< Facts that the host would not take, and why.
    std::vector<said_request> wants;
    std::vector<std::pair<std::string, std::string>> notes;
    std::string error;
    std::string fault;
    std::string breach;

    boost::json::object json() const;
    std::string for_people() const;
};

/// Calls of a provider with guarded inputs. Thread-safe: each call has its own.
class provider_calls {
  public:
    provider_calls(const instance& of, const trb_provider_v1& table) : of_(of), table_(table) {}

    verdict_said verify(const delivery_sample& of) const;
    /// @param item  which one of the delivery, as verify counted them.
    facts_said normalise(const delivery_sample& of, std::uint32_t item, bool authentic = true) const;
    facts_said reread(const delivery_sample& of, std::int32_t kind, const std::string& document_id) const;

  private:
    const instance& of_;
    const trb_provider_v1& table_;
};

/// The connection as the plugin sees it.
trb_connection lend_connection(vault& in, const connection_sample& of, bool with_secrets);
/// As one line.
std::string text_of(const boost::json::object& of);

} // namespace tributary::validator

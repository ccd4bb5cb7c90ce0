#pragma once

#include <tributary/testing/provider.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stripe_plugin.hpp"

/// Calls the plugin as the host does, through its C tables, and keeps copies of all it says.
namespace tributary::stripe::testing {

struct captured_line {
    std::string id;
    std::string product;
    std::string price;
    std::int64_t quantity = 0;
    std::int64_t net = 0;
    std::int64_t tax = 0;
    std::int64_t discount = 0;
    bool proration = false;
};

struct captured_item {
    std::string product;
    std::string price;
    std::int64_t quantity = 0;
    std::string unit_amount;
    std::string interval;
    bool metered = false;
};

/// One fact. Stated members are texts: numbers as such, money as "1234 USD/2".
struct captured_fact {
    std::int32_t kind = 0;
    std::string document;
    std::string realm;
    std::int64_t source_time_ms = 0;
    std::int32_t lifecycle_rank = 0;
    std::int32_t source_rank = 0;
    std::int64_t occurred_at_ms = 0;
    std::vector<std::string> same_as;
    std::vector<std::string> parents;
    std::map<std::string, std::string> claims; ///< "user" (exclusive), "click?" (a hint has a question mark).
    std::map<std::string, std::string> members;
    std::map<std::string, std::string> metadata;
    /// Everything that the body states, by the names of abi/fact.h: "items.0.unpriced".
    std::map<std::string, std::string> all;
    std::vector<captured_line> lines;
    std::vector<captured_item> items;

    std::string member(const std::string& name) const;
    bool states(const std::string& name) const { return members.contains(name); }
    /// The document's id and all others of the same thing.
    std::vector<std::string> ids() const;
};

struct captured_want {
    std::string url;
    std::string purpose;
    std::map<std::string, std::string> headers;
};

struct normalised {
    trb_status status = TRB_OK;
    std::string code;
    std::vector<captured_fact> facts;
    std::vector<captured_want> wants;
    std::vector<std::string> notes;      ///< Their codes.
    std::vector<std::string> note_texts; ///< In the same order.
    std::vector<std::string> drifts;     ///< "PATH VERSION SEEN"

    /// The only fact of this kind; the test fails when there is none or there are several.
    const captured_fact& only(std::int32_t kind) const;
    const captured_fact* document(std::string_view id) const;
};

struct verified {
    trb_status status = TRB_OK;
    std::string code; ///< Of the error.
    std::int32_t verdict = 0;
    std::string key;
    std::string type;
    std::string reason;
    std::string detail;
};

struct input {
    std::string body;
    std::int64_t received_at_ms = 1'700'000'100'000;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string purpose; ///< Not empty: it is an answer.
    std::int64_t http_status = 200;
    bool authentic = true;
};

struct told_delivery {
    std::string type;
    std::int64_t at_ms = 0;
    std::string signature;
    std::string body;
};
struct told_story {
    trb_status status = TRB_OK;
    std::string code;
    std::string message; ///< Of the error.
    std::vector<told_delivery> deliveries;
    std::map<std::string, std::int64_t> expected;
};

class plugin_under_test {
  public:
    plugin_under_test();

    verified verify(const input& delivery, const std::vector<std::string>& secrets,
                    const std::string& settings = "{}", std::int32_t environment = TRB_SANDBOX) const;
    /// records: the record itself, then what it was fetched for.
    normalised normalise(const std::vector<input>& records, const std::string& settings = "{}") const;
    normalised normalise(const std::string& body) const {
        return normalise(std::vector<input>{{.body = body, .headers = {}, .purpose = {}}});
    }
    /// A body with all members of what it says, as the author's kit copies them.
    tributary::testing::normalised read(const std::string& body) const;
    normalised reread(const std::string& document_id) const;
    told_story tell(const std::string& story, const std::map<std::string, std::string>& parameters = {},
                    const std::string& api_version = {}, std::uint64_t seed = 7,
                    const std::string& definition = {}) const;
    /// A story that is handed over as a whole.
    told_story tell_file(const std::string& definition,
                         const std::map<std::string, std::string>& parameters = {},
                         const std::string& api_version = {}) const {
        return tell({}, parameters, api_version, 7, definition);
    }

  private:
    tributary::testing::fake_host host_;
    std::unique_ptr<stripe_plugin> plugin_;
};

/// An event envelope around an object given as JSON text.
std::string event(std::string_view type, std::string_view object, std::int64_t created_s = 1'700'000'000,
                  std::string_view more = {});

/// The folder of the shared fixtures, when it is there.
std::optional<std::filesystem::path> shared_fixtures();
/// A file as it is.
std::string read_file(const std::filesystem::path& path);
/// A body that this project carries itself.
std::string testdata(const std::string& name);

} // namespace tributary::stripe::testing

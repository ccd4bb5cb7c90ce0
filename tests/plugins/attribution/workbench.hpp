#pragma once

#include <tributary/base/entropy.hpp>
#include <tributary/storage/storage.hpp>
#include <tributary/testing/fake_host.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "attribution.hpp"
#include "history_builder.hpp"

namespace tributary::attribution::testing {

struct answered {
    std::int32_t status = 0;
    std::string body;
    std::map<std::string, std::string> headers;
    sdk::outcome outcome;
};

/// A small host around the plugin: its tables in a SQLite database in memory, its routes, and just enough of
/// a core to join facts into histories and fold them. Facts and rows of a refused call are undone, as the
/// real host does.
///
/// One workspace (1, live), one domain (go.example.com). Not thread-safe.
class workbench {
  public:
    workbench();
    ~workbench();
    workbench(const workbench&) = delete;
    workbench& operator=(const workbench&) = delete;

    answered call(std::string_view method, std::string_view target, std::string_view body = {},
                  std::vector<std::pair<std::string, std::string>> headers = {});
    /// A visit of a short link by an ordinary browser.
    answered visit(std::string_view target, std::vector<std::pair<std::string, std::string>> headers = {});

    /// Adds a fact as a provider would tell it, and folds.
    void tell(std::string key, std::vector<std::string> tokens, std::function<void(history_builder&)> replay);

    /// The first cell of a query, as text.
    std::string one(std::string_view sql);
    /// Everything that the plugin asked of the database.
    std::set<std::string> statements() const;
    storage::session& session() { return *session_; }

    std::int64_t now_ms = 1'769'850'000'000;
    std::size_t clicks_recorded() const { return clicks_.size(); }
    bool clicks_fail = false;

    // Called by the services.
    struct known_fact {
        std::vector<std::string> tokens; ///< What it shares with others of its history.
        std::set<std::string> clicks;
        std::string user;
        std::function<void(history_builder&)> replay;
    };
    struct known_click {
        std::int64_t at_ms;
        std::string link_id;
    };
    std::map<std::string, known_fact> facts_;
    std::set<std::string> used_keys_;
    std::map<std::string, known_click> clicks_;
    std::int64_t sequence_ = 0;
    bool in_write_ = false;
    bool stale_ = false;
    seeded_entropy entropy_{1};
    void fold_all();

  private:
    static const void* get_service(const trb_host* host, trb_str id) noexcept;
    void fold_subject(std::string_view subject, const std::vector<const known_fact*>& facts);

    std::unique_ptr<storage::database> database_;
    std::unique_ptr<storage::session> session_;
    mutable std::mutex mutex_;
    std::set<std::string> statements_;
    bool watching_ = false;
    trb_host host_{};
    std::unique_ptr<attribution_plugin> plugin_;
};

} // namespace tributary::attribution::testing

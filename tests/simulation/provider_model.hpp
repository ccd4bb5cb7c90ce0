#pragma once

#include <tributary/base/crypto.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/toy/toy_message.hpp"
#include "simulation/dice.hpp"
#include "support/engine_fixture.hpp"

/// What stands at the other end: provider accounts in which things happen, and endpoints that tell of them
/// until they are heard.
namespace tributary::test {

/// Under which key and with which bytes an item must lie in the inbox once it was acknowledged.
struct told_item {
    std::string key;
    digest256 digest{};
};

/// One delivery as its provider composed it. Each endpoint of the account gets it.
struct telling {
    std::string body;
    std::vector<told_item> items;
};

/// How hard the network is; drawn for each run, so that no kind of trouble hides another.
struct weather {
    std::size_t lost_percent = 0;      ///< of the requests: they never arrive
    std::size_t unheard_percent = 0;   ///< of the answers: what was said is done, and the caller repeats it
    std::size_t repeated_percent = 0;  ///< sent twice, or again although it was acknowledged
    std::size_t mutilated_percent = 0; ///< one byte differs when it arrives
    bool reordered = false;            ///< what is due is sent in any order
};

/// What happens in one account of a provider. Few customers, many documents: histories that meet.
class account {
  public:
    /// @param prefix  of all its ids: rows of the toy have ids without realm.
    account(std::string realm, std::string prefix) : realm_(std::move(realm)), prefix_(std::move(prefix)) {}

    const std::string& realm() const noexcept { return realm_; }

    /// Something has happened.
    std::shared_ptr<const telling> tell(dice& random, time_ms now_ms);

    /// What the provider's API says, always the same, so that it does not matter when it is asked.
    static http::response answer(const inbox::want& asked);

  private:
    std::string item(dice& random, time_ms now_ms, telling& into);
    std::string numbered(const char* of, std::size_t number) const;
    void add_claims(toy::item_text& to, dice& random) const;

    std::string realm_;
    std::string prefix_;
    std::size_t events_ = 0;
};

/// A webhook endpoint: sends each telling until a 2xx is heard, with pauses that grow.
class endpoint {
  public:
    struct letter {
        std::shared_ptr<const telling> what;
        time_ms next_at = 0;
        int attempts = 0;
        bool heard = false; ///< The provider heard a 2xx.
    };

    endpoint(std::string connection, space in, std::size_t account_index)
        : connection_(std::move(connection)), in_(in), account_(account_index) {}

    const std::string& connection() const noexcept { return connection_; }
    space in() const noexcept { return in_; }
    std::size_t account_index() const noexcept { return account_; }
    const std::vector<letter>& letters() const noexcept { return letters_; }

    void post(std::shared_ptr<const telling> what, time_ms now_ms) {
        letters_.push_back({std::move(what), now_ms, 0, false});
    }
    /// The letters sent now, which are at most `limit` and the repeated ones. Each is an attempt, whatever
    /// becomes of it.
    std::vector<std::size_t> send(dice& random, const weather& in, time_ms now_ms, std::size_t limit);
    void heard(std::size_t index) { letters_[index].heard = true; }
    /// When something is to be sent next; nothing when everything was heard.
    std::optional<time_ms> next_attempt() const;

  private:
    std::string connection_;
    space in_;
    std::size_t account_;
    std::vector<letter> letters_;
};

} // namespace tributary::test

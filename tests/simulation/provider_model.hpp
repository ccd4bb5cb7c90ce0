#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/engine_fixture.hpp"

namespace tributary::test {

/// Random numbers that are the same on every platform.
class dice {
  public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(engine_() % limit); }
    bool one_in(std::size_t chances) { return below(chances) == 0; }
    template <class T> const T& of(const std::vector<T>& list) { return list[below(list.size())]; }

  private:
    std::mt19937_64 engine_;
};

/// One delivery of a provider: sent until it is acknowledged, and sometimes afterwards.
struct provider_delivery {
    /// Under which key an item must be found in the inbox once it is acknowledged.
    struct key {
        std::string event;
        digest256 digest{};
        bool hint = false;
        bool needs_answer = false;
    };
    std::string connection;
    std::string body;
    bool is_signed = true;
    std::vector<key> keys;
    bool acknowledged = false;
};

/// What happens at the providers of one connection. Few customers, many documents: histories that meet.
class provider_model {
  public:
    provider_model(std::string connection, std::string prefix) : connection_(std::move(connection)), prefix_(std::move(prefix)) {}

    provider_delivery tell(dice& random, time_ms now_ms);

    /// What the provider's API says, always the same: so that it does not matter when it is asked.
    static http::response answer(const inbox::want& asked);

  private:
    std::string item(dice& random, time_ms now_ms, provider_delivery& into);

    std::string connection_;
    std::string prefix_; ///< of all its ids: rows of the toy have ids without realm
    std::size_t events_ = 0;
};

} // namespace tributary::test

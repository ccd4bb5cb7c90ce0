#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace tributary::test {

/// Everything random of a simulation: the same numbers from the same seed on every platform (the standard's
/// distributions and shuffle are not).
class dice {
  public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(engine_() % limit); }
    bool one_in(std::size_t chances) { return below(chances) == 0; }
    bool percent(std::size_t chance) { return below(100) < chance; }
    template <class T> const T& of(const std::vector<T>& list) { return list[below(list.size())]; }
    template <class T> void shuffle(std::vector<T>& list) {
        for (std::size_t index = list.size(); index > 1; --index)
            std::swap(list[index - 1], list[below(index)]);
    }

  private:
    std::mt19937_64 engine_;
};

} // namespace tributary::test

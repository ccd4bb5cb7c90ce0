#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace tributary::validator {

/// What was lent to the plugin, kept where a signal handler can read it: when an access ends the process,
/// this is how the finding can name the input.
///
/// Thread-safe. One in a process, because a signal handler has no argument of ours: install() makes it known.
class scene {
  public:
    scene();
    ~scene();
    scene(const scene&) = delete;
    scene& operator=(const scene&) = delete;

    /// From now on a deadly signal or an exception without a catcher writes a finding to `result_fd` and ends
    /// the process.
    void install(int result_fd, const char* test);

    /// Remembers a buffer. @param guard_end  end of the page behind it. The texts must be literals.
    /// @return its number for returned().
    std::uint64_t lend(const char* begin, const char* end, const char* guard_end, const char* what,
                       const char* call);
    /// The call that it was lent to is over.
    void returned(std::uint64_t number) noexcept;
    /// From now on small inputs share pages: still gone after the call, but without a guard behind each. For
    /// fuzzing, where the calls of the system would take most of the time.
    void pack_small_inputs() noexcept { packs_ = true; }
    bool packs_small_inputs() const noexcept { return packs_; }
    /// Takes over address space that nobody may touch any more; the oldest is given back at some point.
    void bury(void* begin, std::size_t size);

  private:
    struct lent {
        std::atomic<const char*> begin{nullptr};
        std::atomic<const char*> end{nullptr};
        std::atomic<const char*> guard_end{nullptr};
        std::atomic<const char*> what{nullptr};
        std::atomic<const char*> call{nullptr};
        std::atomic<bool> over{false};
    };
    struct grave {
        void* begin;
        std::size_t size;
    };
    static constexpr std::uint64_t lent_max = 1 << 15;
    static constexpr std::size_t graves_max = 2048;
    static constexpr std::size_t buried_bytes_max = std::size_t{1} << 30;

    static void on_signal(int number, void* info, void* context) noexcept;
    [[noreturn]] static void on_terminate() noexcept;
    void open_oldest_grave() noexcept;
    const lent* find(const char* address) const noexcept;
    void report(const char* status, const char* const* parts, std::size_t count) const noexcept;

    std::mutex mutex_;
    std::unique_ptr<lent[]> lent_;
    std::uint64_t next_ = 0;
    // A ring that never grows: what this keeps must not look like memory that the plugin leaks.
    std::unique_ptr<grave[]> graves_;
    std::size_t first_grave_ = 0;
    std::size_t grave_count_ = 0;
    std::size_t buried_bytes_ = 0;
    bool packs_ = false;
    int result_fd_ = -1;
    const char* test_ = "";
    std::unique_ptr<char[]> signal_stack_;
};

} // namespace tributary::validator

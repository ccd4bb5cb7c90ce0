#include "validator/scene.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "validator/process.hpp"

namespace tributary::validator {
namespace {

// The one variable that outlives a function here: a signal handler and a terminate handler have no argument.
std::atomic<scene*> installed{nullptr};

constexpr std::size_t signal_stack_bytes = 64 * 1024;

const char* signal_name(int number) noexcept {
    switch (number) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGABRT: return "SIGABRT";
    default: return "a signal";
    }
}

/// Was it the stack that ended? Then the address lies just around the stack's pointer.
bool near_stack_pointer(const char* address, const void* context) noexcept {
#if defined(__x86_64__)
    const auto pointer =
        static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
    const auto pointer = static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.sp);
#else
    const std::uintptr_t pointer = 0;
    static_cast<void>(context);
#endif
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    constexpr std::uintptr_t reach = 256 * 1024;
    return pointer != 0 && at < pointer + 4096 && at + reach > pointer;
}

/// Composes JSON without memory from the heap, which may be what is broken.
class small_text {
  public:
    void raw(const char* text) noexcept {
        while (*text != '\0')
            put(*text++);
    }
    void quoted(const char* text) noexcept {
        for (; *text != '\0'; ++text) {
            const auto byte = static_cast<unsigned char>(*text);
            if (byte == '"' || byte == '\\')
                put('\\');
            put(byte < 0x20 || byte > 0x7e ? ' ' : *text);
        }
    }
    std::string_view text() const noexcept { return {text_, size_}; }

  private:
    void put(char character) noexcept {
        if (size_ < sizeof text_)
            text_[size_++] = character;
    }
    char text_[2048];
    std::size_t size_ = 0;
};

} // namespace

scene::scene()
    : lent_(new lent[lent_max]), graves_(new grave[graves_max]), signal_stack_(new char[signal_stack_bytes]) {
}

scene::~scene() {
    scene* me = this;
    installed.compare_exchange_strong(me, nullptr);
    while (grave_count_ > 0)
        open_oldest_grave();
}

void scene::install(int result_fd, const char* test) {
    result_fd_ = result_fd;
    test_ = test;
    installed.store(this);
    // A stack of its own for the handler: the plugin may have used up the other.
    stack_t stack{};
    stack.ss_sp = signal_stack_.get();
    stack.ss_size = signal_stack_bytes;
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | static_cast<int>(SA_RESETHAND);
    action.sa_sigaction = [](int number, siginfo_t* info, void* context) {
        on_signal(number, info->si_addr, context);
    };
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
        ::sigaction(number, &action, nullptr);
    std::set_terminate(&scene::on_terminate);
}

std::uint64_t scene::lend(const char* begin, const char* end, const char* guard_end, const char* what,
                          const char* call) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::uint64_t number = next_++;
    lent& entry = lent_[number % lent_max];
    entry.begin = begin;
    entry.end = end;
    entry.guard_end = guard_end;
    entry.what = what;
    entry.call = call;
    entry.over = false;
    return number;
}

void scene::returned(std::uint64_t number) noexcept {
    lent_[number % lent_max].over = true;
}

void scene::bury(void* begin, std::size_t size) {
    const std::lock_guard<std::mutex> lock(mutex_);
    while (grave_count_ == graves_max || (grave_count_ > 0 && buried_bytes_ > buried_bytes_max))
        open_oldest_grave();
    graves_[(first_grave_ + grave_count_++) % graves_max] = {begin, size};
    buried_bytes_ += size;
}

void scene::open_oldest_grave() noexcept {
    const grave& oldest = graves_[first_grave_];
    ::munmap(oldest.begin, oldest.size);
    buried_bytes_ -= oldest.size;
    first_grave_ = (first_grave_ + 1) % graves_max;
    --grave_count_;
}

const scene::lent* scene::find(const char* address) const noexcept {
    // The newest first: address space is used again after a while.
    for (std::uint64_t back = 0; back < lent_max; ++back) {
        const lent& entry = lent_[(next_ + lent_max - 1 - back) % lent_max];
        const char* begin = entry.begin;
        if (begin != nullptr && address >= begin && address < entry.guard_end)
            return &entry;
    }
    return nullptr;
}

void scene::report(const char* status, const char* const* parts, std::size_t count) const noexcept {
    small_text out;
    out.raw("{\"test\":\"");
    out.quoted(test_);
    out.raw("\",\"status\":\"");
    out.raw(status);
    out.raw("\",\"message\":\"");
    for (std::size_t index = 0; index < count; ++index)
        out.quoted(parts[index]);
    out.raw("\"}");
    write_all(result_fd_, out.text());
}

void scene::on_signal(int number, void* address, void* context) noexcept {
    const scene* me = installed.load();
    if (me == nullptr)
        ::_exit(70);
    const auto* at = static_cast<const char*>(address);
    const bool access = number == SIGSEGV || number == SIGBUS;
    const lent* input = access ? me->find(at) : nullptr;
    if (input != nullptr && input->over) {
        const char* const parts[] = {signal_name(number), ": reads ",  input->what,
                                     " after ",           input->call, " returned: it kept a view"};
        me->report("crashed", parts, std::size(parts));
    } else if (input != nullptr && at >= input->end) {
        const char* const parts[] = {signal_name(number), ": reads past the end of ",
                                     input->what,         " in ",
                                     input->call,         " (a view has no NUL at its end)"};
        me->report("crashed", parts, std::size(parts));
    } else if (access && near_stack_pointer(at, context)) {
        const char* const parts[] = {signal_name(number),
                                     ": the stack is used up (recursion without limit?)"};
        me->report("crashed", parts, std::size(parts));
    } else if (access && reinterpret_cast<std::uintptr_t>(at) < 4096) {
        const char* const parts[] = {signal_name(number), ": follows a null pointer"};
        me->report("crashed", parts, std::size(parts));
    } else {
        const char* const parts[] = {signal_name(number), " in the plugin"};
        me->report("crashed", parts, std::size(parts));
    }
    ::_exit(70);
}

void scene::on_terminate() noexcept {
    const scene* me = installed.load();
    const char* what = "";
    try {
        if (const std::exception_ptr thrown = std::current_exception())
            std::rethrow_exception(thrown);
    } catch (const std::exception& thrown) {
        what = thrown.what();
    } catch (...) {
        what = "of a type that is no std::exception";
    }
    if (me != nullptr) {
        const char* const parts[] = {"an exception reached the boundary: ", what};
        me->report("crashed", parts, std::size(parts));
    }
    ::_exit(70);
}

} // namespace tributary::validator

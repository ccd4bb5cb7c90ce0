#pragma once

#include "isolation/child_link.hpp"
#include "isolation/child_module.hpp"

namespace tributary::isolation {

/// Takes calls from the host and makes them, until the host says stop or is gone. From several threads at
/// once.
class child_calls {
  public:
    child_calls(child_link& link, const child_module& module, void* self) noexcept
        : link_(link), module_(module), self_(self) {}

    [[noreturn]] void serve();

  private:
    void make(const owned_frame& call);
    [[noreturn]] void stop(const owned_frame& call);
    void verify(const owned_frame& call, reader& in);
    void normalise(const owned_frame& call, reader& in);
    void reread(const owned_frame& call, reader& in);
    void run_action(const owned_frame& call, reader& in);
    void next_page(const owned_frame& call, reader& in);
    void fold(const owned_frame& call, reader& in);
    void tell(const owned_frame& call, reader& in);
    void evaluate(const owned_frame& call, reader& in);
    void deliver(const owned_frame& call, reader& in);

    child_link& link_;
    const child_module& module_;
    void* self_;
};

} // namespace tributary::isolation

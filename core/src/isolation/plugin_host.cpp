// tributary-plugin-host: one plugin in a process of its own. Started by the host with a socket as its
// descriptor 3 and the host's process id as its argument; see docs/reference/isolation.md.
#include <tributary/base/crypto.hpp>
#include <tributary/isolation/remote_plugin.hpp>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <malloc.h>
#include <new>
#include <thread>
#include <unistd.h>

#include "isolation/child_calls.hpp"
#include "isolation/child_link.hpp"
#include "isolation/child_module.hpp"
#include "isolation/child_services.hpp"
#include "isolation/child_sinks.hpp"
#include "isolation/sandbox.hpp"
#include "isolation/supervisor.hpp"

namespace {

using namespace tributary;
using namespace tributary::isolation;

/// Threads that make calls: a slow one does not hold up the next.
constexpr int callers = 2;
/// sysexits.h: called in a wrong way.
constexpr int exit_usage = 64;

/// What the first call asks for.
struct load_request {
    std::string file;
    std::int64_t heartbeat_ms = 1000;
    sandbox_options sandbox;
    bool understood = false;

    explicit load_request(const owned_frame& call) {
        std::pmr::monotonic_buffer_resource arena;
        reader in(call.payload, arena);
        const auto which = static_cast<method>(in.number<std::uint8_t>());
        const auto version = in.number<std::uint32_t>();
        file = in.text();
        in.number(sandbox.memory_bytes);
        in.number(heartbeat_ms);
        sandbox.files = in.number<std::uint8_t>() != 0;
        sandbox.threads = callers + 1;
        understood = in.done() && which == method::load && version == protocol_version;
    }
};

void answer_load(child_link& link, const owned_frame& call, const std::string& file,
                 const result<child_module>& loaded) {
    output said;
    writer result;
    if (!loaded) {
        output::report(&said, TRB_STR("not_loaded"),
                       {loaded.error().detail.data(), loaded.error().detail.size()}, 0);
        said.finish(TRB_INVALID, result);
        result.number(static_cast<std::int32_t>(loaded.error().code.value()));
        return link.send(frame_kind::result, call.id, {result.bytes()});
    }
    said.finish(TRB_OK, result);
    result.number(protocol_magic);
    result.number(protocol_version);
    result.number(TRB_ABI_MAJOR);
    result.number(TRB_ABI_MINOR);
    const auto digest = digest_of_file(file);
    const digest256 bytes = digest ? *digest : digest256{};
    result.append(bytes.data(), bytes.size());
    transfer(result, loaded->describe());
    link.send(frame_kind::result, call.id, {result.bytes()});
}

/// Makes the instance, restricts the process, starts the instance. @return the instance, or nullptr.
void* create(child_link& link, const child_host& host, const child_module& module, const load_request& with) {
    const owned_frame call = link.next_call();
    std::pmr::monotonic_buffer_resource arena;
    reader in(call.payload, arena);
    const auto which = static_cast<method>(in.number<std::uint8_t>());
    trb_str config{};
    in.text(config);
    if (!in.done() || which != method::create)
        return nullptr;
    output said;
    void* self = nullptr;
    trb_status status = module.plugin->create(host.get(), config, said.error(), &self);
    if (status == TRB_OK && self == nullptr)
        status = TRB_INTERNAL;
    std::string missing;
    if (status == TRB_OK) {
        missing = restrict_running(with.sandbox);
        status = module.plugin->start(self, said.error());
    }
    writer result;
    said.finish(status, result);
    result.text(std::string_view(missing));
    link.send(frame_kind::result, call.id, {result.bytes()});
    return status == TRB_OK ? self : nullptr;
}

void beat(child_link& link, std::int64_t every_ms) {
    for (;;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(every_ms));
        link.send(frame_kind::heartbeat, 0, {});
    }
}

} // namespace

int main(int count, char** arguments) {
    const std::string_view host_pid = count == 2 ? arguments[1] : "";
    int pid = 0;
    std::from_chars(host_pid.data(), host_pid.data() + host_pid.size(), pid);
    if (pid <= 0) {
        std::fputs(
            "tributary-plugin-host is started by tributaryd for a plugin with isolation = \"process\"\n",
            stderr);
        return exit_usage;
    }
    if (!detach(pid))
        return 0;
    // One arena: each further one takes 64 MiB of addresses, which are limited.
    ::mallopt(M_ARENA_MAX, 1);
    // What has run out of memory cannot be trusted to give any back: a new process can.
    std::set_new_handler([] { ::_exit(exit_out_of_memory); });

    child_link link(child_socket);
    const owned_frame first = link.next_call();
    const load_request with(first);
    if (!with.understood)
        return exit_usage;
    restrict_loading(with.sandbox);
    const result<child_module> module = load_module(with.file);
    answer_load(link, first, with.file, module);
    if (!module)
        link.next_call(); // Never comes: the host ends this process.
    const child_host host(link);
    void* self = create(link, host, *module, with);
    if (self == nullptr)
        link.next_call();
    child_calls calls(link, *module, self);
    std::thread([&] { beat(link, with.heartbeat_ms); }).detach();
    for (int index = 1; index < callers; ++index)
        std::thread([&] { calls.serve(); }).detach();
    calls.serve();
}

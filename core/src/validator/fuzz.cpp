#include "validator/fuzz.hpp"

#include <chrono>
#include <cstring>
#include <fstream>
#include <sys/mman.h>
#include <unistd.h>

#include "validator/finding_text.hpp"
#include "validator/mutation.hpp"
#include "validator/process.hpp"

namespace tributary::validator {
namespace {

constexpr std::uint64_t batch_executions = 2000;

/// The request as a fixture has it, so that it can be put into testdata as it is.
std::string as_request(const delivery_sample& of) {
    std::string text = of.method + " " + (of.path.empty() ? "/" : of.path) +
                       (of.query.empty() ? "" : "?" + of.query) + " HTTP/1.1\r\n";
    for (const auto& [name, value] : of.headers)
        text += name + ": " + value + "\r\n";
    return text + "\r\n" + of.body;
}

void show(fuzz_state& state, std::uint64_t iteration, const delivery_sample& of) {
    const std::string text = as_request(of);
    state.iteration = iteration;
    state.size = std::min<std::uint64_t>(text.size(), fuzz_state::input_max);
    std::memcpy(state.input, text.data(), static_cast<std::size_t>(state.size));
}

/// The seed of a batch: far from those of its neighbours.
std::uint64_t seed_of_batch(std::uint64_t seed, std::uint64_t batch) {
    return seed + batch * 0x9e3779b97f4a7c15u;
}

/// The memory that parent and child look at.
class shared_state {
  public:
    explicit shared_state(int fd) : state_(map_state(fd)) {
        if (state_ == nullptr)
            throw std::bad_alloc();
    }
    ~shared_state() { ::munmap(state_, sizeof(fuzz_state)); }
    shared_state(const shared_state&) = delete;
    shared_state& operator=(const shared_state&) = delete;
    fuzz_state& get() const noexcept { return *state_; }

  private:
    fuzz_state* state_;
};

std::filesystem::path save(const fuzz_state& state, const std::string& name) {
    const auto file = std::filesystem::current_path() / name;
    std::ofstream out(file, std::ios::binary);
    out.write(state.input, static_cast<std::streamsize>(state.size));
    return out ? file : std::filesystem::path();
}

} // namespace

fuzz_state* map_state(int fd) noexcept {
    void* made = ::mmap(nullptr, sizeof(fuzz_state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return made == MAP_FAILED ? nullptr : static_cast<fuzz_state*>(made);
}

verdict run_batch(test_context& in, std::uint64_t seed, fuzz_state& state, std::uint64_t& executions) {
    const auto provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (provider.of == nullptr)
        return provider.otherwise;
    in.at().pack_small_inputs();
    const auto samples = in.accepted();
    if (!samples)
        return skipped(samples.error().detail);
    if (samples->empty())
        return skipped("no delivery is accepted that could be mutated: see provider.accepts");
    const provider_calls calls(*provider.of, *provider.table);
    dice random(seed);
    for (std::uint64_t iteration = 0; iteration < batch_executions; ++iteration) {
        const delivery_sample& genuine = (*samples)[random.below(samples->size())];
        delivery_sample odd = genuine;
        odd.body = mutated(genuine.body, random);
        if (random.one_in(4))
            mutate_headers(odd, random);
        show(state, iteration, odd);
        const verdict_said said = calls.verify(odd);
        if (!is_status(said.status) || !said.fault.empty())
            return failed("verify: " +
                          (said.fault.empty() ? std::to_string(said.status) + " is no status" : said.fault));
        if (said.accepted() && odd.body != genuine.body && !genuine.connection.unsigned_body)
            return failed("verify accepts a changed body");
        const facts_said facts = calls.normalise(odd, 0);
        if (!is_status(facts.status) || !facts.fault.empty())
            return failed("normalise: " + (facts.fault.empty()
                                               ? std::to_string(facts.status) + " is no status"
                                               : facts.fault));
        ++executions;
    }
    return passed();
}

result<fuzz_report> fuzz(const options& wanted, const child_command& child, std::chrono::seconds duration,
                         const std::function<void(std::uint64_t)>& progress) {
    const auto begun = std::chrono::steady_clock::now();
    const memory_file shared("tributary-check-input");
    if (::ftruncate(shared.fd(), sizeof(fuzz_state)) != 0)
        return failure(validator_errc::no_child, "no memory to share");
    const shared_state state(shared.fd());
    fuzz_report report;
    auto told = begun;
    const auto elapsed = [&] { return std::chrono::steady_clock::now() - begun; };
    for (std::uint64_t batch = 0; batch == 0 || elapsed() < duration; ++batch) {
        const std::uint64_t seed = seed_of_batch(wanted.seed, batch);
        child_command command = child;
        command.insert(command.end(), {"--run-test", std::string(fuzz_test) + std::to_string(seed),
                                       "--result-fd", std::to_string(child_result_fd)});
        TRIBUTARY_TRY_ASSIGN(ended, run_process(command, wanted.timeout, shared.fd()));
        const auto read = from_json(ended.result);
        report.executions += read ? read->executions : 0;
        report.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed()).count();
        if (read && read->found.status == status::skipped)
            return failure(validator_errc::not_usable, read->found.message);
        if (ended.timed_out || !read || read->found.status != status::passed) {
            report.failed = true;
            report.message = ended.timed_out
                                 ? "no end within " + std::to_string(wanted.timeout.count()) + " ms"
                             : read ? read->found.message
                                    : "the process ended without a word";
            report.message += ", seed " + std::to_string(wanted.seed) + " batch " + std::to_string(batch) +
                              " iteration " + std::to_string(state.get().iteration);
            report.executions += state.get().iteration;
            report.saved = save(state.get(), wanted.file.stem().string() + "-" + std::to_string(wanted.seed) +
                                                 "-" + std::to_string(batch) + "-" +
                                                 std::to_string(state.get().iteration) + ".http");
            return report;
        }
        if (std::chrono::steady_clock::now() - told >= std::chrono::seconds(1)) {
            told = std::chrono::steady_clock::now();
            progress(report.executions);
        }
    }
    return report;
}

} // namespace tributary::validator

// Writes inputs to begin with for the fuzz targets of the Stripe plugin: fuzz_seeds DIRECTORY
// [FOLDER-OF-BODIES...]
//   every story that the plugin's simulator tells, in API versions of each generation, one file per type of
//   event every *.json below the given folders, as a delivery and as an answer
#include <tributary/sdk/simulator.hpp>
#include <tributary/testing/provider.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

#include "parts.hpp"
#include "stripe_plugin.hpp"

namespace {

using namespace tributary;

constexpr const char* versions[] = {"2020-08-27", "2022-11-15", "2025-02-24.acacia", "2025-09-30.clover", ""};
/// A body beyond that would make every mutation of it slow.
constexpr std::uintmax_t body_bytes_max = 60'000;

class seed_writer {
  public:
    explicit seed_writer(std::filesystem::path directory) : directory_(std::move(directory)) {
        std::filesystem::create_directories(directory_ / "stripe_normalise");
        std::filesystem::create_directories(directory_ / "stripe_signature");
    }
    void normalise(const std::string& name, const std::string& head, const std::string& body) {
        write("stripe_normalise/" + name, head + "\n" + body);
    }
    void signature(const std::string& name, const testing::record& delivery, const std::string& secret) {
        std::string header;
        for (const auto& [each, value] : delivery.headers)
            if (each == "Stripe-Signature")
                header = value;
        const std::string at = header.substr(2, header.find(',') - 2);
        write("stripe_signature/" + name,
              std::to_string(delivery.received_at_ms) + " 300 300 " + at + fuzz::part_separator + "t=" + at +
                  ",v1=%0" + fuzz::part_separator + delivery.body + fuzz::part_separator + secret);
    }
    bool complete() const { return complete_; }

  private:
    void write(const std::string& name, const std::string& text) {
        std::ofstream file(directory_ / name, std::ios::binary);
        file << text;
        complete_ = complete_ && file.good();
    }

    std::filesystem::path directory_;
    bool complete_ = true;
};

bool tell_stories(seed_writer& into) {
    const testing::fake_host host;
    std::unique_ptr<stripe::stripe_plugin> plugin;
    if (!stripe::stripe_plugin::create(sdk::host(host.get()), "{}", plugin) || !plugin->start())
        return false;
    std::set<std::string> seen;
    for (const char* version : versions)
        for (const trb_story& story : stripe::stripe_plugin::stories()) {
            testing::story wanted{.name = std::string(sdk::view(story.name)),
                                  .signing_secret = "whsec_simulated"};
            wanted.api_version = version;
            const testing::told told =
                testing::tell(*sdk::simulator_table<stripe::stripe_plugin>::get(), plugin.get(), wanted);
            if (!told) // A story may begin with a later version only.
                continue;
            for (const auto& [name, delivery] : told.deliveries) {
                if (!seen.insert(version + name + wanted.name.substr(0, 3)).second)
                    continue;
                const std::string file = name + "-" + std::to_string(seen.size());
                into.normalise(file, "delivery", delivery.body);
                if (seen.size() % 10 == 1)
                    into.signature(file, delivery, wanted.signing_secret);
            }
        }
    return !seen.empty();
}

void take_folder(seed_writer& into, const std::filesystem::path& folder) {
    std::size_t number = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().extension() != ".json" ||
            entry.file_size() > body_bytes_max)
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string body{std::istreambuf_iterator<char>(file), {}};
        const std::string name = entry.path().stem().string() + "-" + std::to_string(++number);
        into.normalise(name + "-delivery", "delivery", body);
        into.normalise(name + "-answer", "answer 200 reread:in_1", body);
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "usage: fuzz_seeds DIRECTORY [FOLDER-OF-BODIES...]\n");
        return 2;
    }
    seed_writer into(arguments[1]);
    if (!tell_stories(into)) {
        std::fprintf(stderr, "the simulator tells nothing\n");
        return 1;
    }
    for (int index = 2; index < count; ++index)
        take_folder(into, arguments[index]);
    return into.complete() ? 0 : 1;
}

#include <tributary/base/category.hpp>
#include <tributary/base/log.hpp>
#include <tributary/isolation/remote_plugin.hpp>

#include "isolation/supervisor.hpp"

namespace tributary::isolation {
namespace {

std::string_view message(int value) noexcept {
    switch (static_cast<isolation_errc>(value)) {
    case isolation_errc::not_started: return "the plugin's process could not be started";
    case isolation_errc::bad_handshake: return "the plugin's process did not identify itself";
    case isolation_errc::not_loadable: return "plugin cannot be loaded";
    case isolation_errc::wrong_abi: return "plugin was built against another version of the ABI";
    case isolation_errc::not_isolable: return "plugin cannot run in a process of its own";
    case isolation_errc::create_failed: return "plugin refused to start";
    }
    return "unknown error";
}

} // namespace

const boost::system::error_category& isolation_category() noexcept {
    static const message_category instance("tributary.isolation", &message);
    return instance;
}

std::filesystem::path default_executable() {
    std::error_code unknown;
    return std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path() / "tributary-plugin-host";
}

/// The supervisor, and what the plugin said about itself when it was first started.
class remote_plugin::implementation {
  public:
    implementation(launch what, logger& log, const clock& time, entropy& random, metrics& counters)
        : watch(std::move(what), log, time, random, counters) {}

    supervisor watch;
    std::unique_ptr<proxy_tables> tables;
    trb_plugin descriptor{};
};

remote_plugin::remote_plugin(std::unique_ptr<implementation> made) noexcept
    : implementation_(std::move(made)) {}

remote_plugin::~remote_plugin() = default;

result<std::unique_ptr<remote_plugin>> remote_plugin::start(const std::filesystem::path& file,
                                                            std::string_view config_json, const options& with,
                                                            logger& log, const clock& time, entropy& random,
                                                            metrics& counters) {
    launch what{file, std::string(config_json), with};
    if (what.with.sha256.empty()) {
        TRIBUTARY_TRY_ASSIGN(digest, digest_of_file(file));
        what.with.sha256 = hex_encode(as_bytes(digest));
    }
    auto made = std::make_unique<implementation>(std::move(what), log, time, random, counters);
    TRIBUTARY_TRY(made->watch.start());
    const description& said = made->watch.described();
    made->tables = std::make_unique<proxy_tables>(said);
    made->descriptor = said.plugin;
    made->descriptor.create = [](const trb_host*, trb_str, const trb_error_sink* error, void**) noexcept {
        report(error, "isolated", "this plugin runs in a process of its own");
        return static_cast<trb_status>(TRB_UNSUPPORTED);
    };
    made->descriptor.start = [](void*, const trb_error_sink*) noexcept {
        return static_cast<trb_status>(TRB_UNSUPPORTED);
    };
    made->descriptor.stop = [](void*) noexcept {};
    made->descriptor.destroy = [](void*) noexcept {};
    made->descriptor.get_extension = [](trb_str) noexcept -> const void* { return nullptr; };
    return std::unique_ptr<remote_plugin>(new remote_plugin(std::move(made)));
}

const trb_plugin& remote_plugin::descriptor() const noexcept {
    return implementation_->descriptor;
}

const void* remote_plugin::extension(std::string_view id) const noexcept {
    return implementation_->tables->find(id);
}

void* remote_plugin::self() const noexcept {
    return static_cast<remote_caller*>(&implementation_->watch);
}

process_status remote_plugin::status() const {
    return implementation_->watch.status();
}

} // namespace tributary::isolation

#include <tributary/base/log.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <algorithm>
#include <dlfcn.h>
#include <fstream>
#include <sys/stat.h>

#include "plugins/descriptor.hpp"
#include "plugins/services.hpp"

namespace tributary::plugins {
namespace {

namespace fs = std::filesystem;

/// Opens a module for ever: code of it may still be on some stack, and a thread-local object of it may
/// outlive its last call.
result<const trb_plugin*> open_module(const fs::path& path) {
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (module == nullptr) {
        const char* why = ::dlerror(); // NOLINT(concurrency-mt-unsafe): of this thread
        return failure(plugin_errc::not_loadable, why == nullptr ? path.string() : why);
    }
    const auto entry = reinterpret_cast<trb_plugin_entry_fn>(::dlsym(module, TRB_PLUGIN_ENTRY_NAME));
    if (entry == nullptr)
        return failure(plugin_errc::no_entry, path.string());
    return entry();
}

/// For the daemon's user only: what lies there is loaded.
result<void> make_private_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder.parent_path(), failed);
    if (::mkdir(folder.c_str(), S_IRWXU) != 0)
        fs::permissions(folder, fs::perms::owner_all, failed);
    return check_owner(folder, "folder");
}

/// Several instances would share what is named after the plugin.
bool has_things_of_its_own(const manifest& says) {
    return says.has(TRB_EXT_PROJECTION) || says.has(TRB_EXT_HTTP_ROUTES);
}

} // namespace

struct plugin::host_context {
    service_context services{};
    trb_host host{};
};

plugin::~plugin() {
    if (self_ == nullptr)
        return; // It never started.
    if (remote_ != nullptr) {
        remote_.reset();
    } else {
        descriptor_->stop(self_);
        descriptor_->destroy(self_);
    }
    host_->services.log->info("plugin_stopped", {{"plugin", name_}, {"generation", generation_}});
}

plugin_set::plugin_set(logger& log, const clock& time, entropy& random, metrics& counters)
    : log_(log), clock_(time), entropy_(random), metrics_(counters),
      list_(std::make_shared<plugin_list::container>()) {}

plugin_set::~plugin_set() {
    stop();
}

std::shared_ptr<const plugin_list::container> plugin_set::list() const noexcept {
    const std::lock_guard lock(mutex_);
    return list_;
}

void plugin_set::set_list(plugin_list::container next) {
    auto made = std::make_shared<const plugin_list::container>(std::move(next));
    const std::lock_guard lock(mutex_);
    list_.swap(made); // What was there is let go of after the lock.
}

result<void> plugin_set::check_names(const load_request& what, bool replaces) const {
    if (!is_short_name(what.name))
        return failure(plugin_errc::bad_config,
                       "'" + what.name +
                           "' is no name of an instance: expected a-z, then a-z and 0-9, up to 24");
    if (!is_short_name(what.plugin.says.short_name)) // A copy of the module is named after it.
        return failure(plugin_errc::bad_manifest, "'short_name' is '" + what.plugin.says.short_name +
                                                      "': expected a-z, then a-z and 0-9, up to 24");
    for (const plugin_ptr& other : all()) {
        if (other->name() == what.name) {
            if (replaces)
                continue;
            return failure(plugin_errc::duplicate, "there is an instance '" + what.name + "' already");
        }
        const bool same_plugin =
            other->id() == what.plugin.says.id || other->short_name() == what.plugin.says.short_name;
        if (same_plugin && has_things_of_its_own(what.plugin.says))
            return failure(plugin_errc::duplicate, "'" + what.name + "' and '" + std::string(other->name()) +
                                                       "' are instances of '" + what.plugin.says.short_name +
                                                       "', whose tables or routes cannot be there twice");
    }
    return {};
}

result<fs::path> plugin_set::path_of(const load_request& what, std::uint64_t generation,
                                     std::string_view bytes) const {
    std::error_code failed;
    // A process is started again and again, and always from the same file.
    const bool as_it_lies = generation == 1 && what.isolate == isolation::none;
    if (as_it_lies || generations_.empty()) {
        const fs::path path = fs::canonical(what.plugin.module, failed);
        return failed ? result<fs::path>(failure(plugin_errc::not_found, what.plugin.module.string())) : path;
    }
    const manifest& says = what.plugin.says;
    const fs::path copy = generations_ / (says.short_name + "-" + says.sha256.substr(0, 16) + ".so");
    TRIBUTARY_TRY(make_private_folder(generations_));
    // What was checked, not what lies there now; renamed, so that whoever has the old one mapped keeps it.
    const fs::path written = copy.string() + ".new";
    std::ofstream file(written, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file)
        return failure(plugin_errc::not_loadable, written.string() + " cannot be written");
    fs::rename(written, copy, failed);
    if (failed)
        return failure(plugin_errc::not_loadable, copy.string() + ": " + failed.message());
    return copy;
}

result<plugin_ptr> plugin_set::open(const load_request& what, std::uint64_t generation) {
    TRIBUTARY_TRY(check_names(what, generation > 1));
    TRIBUTARY_TRY_ASSIGN(bytes, checked_bytes(what.plugin));
    auto valid = check_config(what.plugin.says.config_schema, what.config_json);
    if (!valid)
        return failure(valid.error().code, "[plugin." + what.name + "]: " + valid.error().detail);
    std::unique_ptr<plugin> made(new plugin);
    made->name_ = what.name;
    made->file_ = what.plugin.module.string();
    made->sha256_ = what.plugin.says.sha256;
    made->generation_ = generation;
    TRIBUTARY_TRY_ASSIGN(path, path_of(what, generation, bytes));
    if (what.isolate == isolation::process) {
        load_request from_there = what;
        from_there.plugin.module = path;
        return make_isolated(from_there, std::move(made));
    }
    TRIBUTARY_TRY_ASSIGN(descriptor, open_module(path));
    TRIBUTARY_TRY(check_descriptor(descriptor));
    TRIBUTARY_TRY(compare(what.plugin.says, *descriptor));
    return make(descriptor, std::move(made), what.config_json);
}

result<plugin_ptr> plugin_set::make(const trb_plugin* descriptor, std::unique_ptr<plugin> into,
                                    std::string_view config_json) {
    describe(*descriptor, *into);
    TRIBUTARY_TRY(find_extensions(
        *descriptor, [&](std::string_view id) { return descriptor->get_extension(view(id)); }, *into));
    into->host_->host = {
        sizeof(trb_host),       TRB_ABI_MAJOR,
        TRB_ABI_MINOR,          0,
        &into->host_->services, [](const trb_host*, trb_str id) noexcept { return find_service(view(id)); }};
    error_report error;
    void* self = nullptr;
    trb_status status = descriptor->create(&into->host_->host, view(config_json), error.sink(), &self);
    if (status != TRB_OK || self == nullptr)
        return failure(plugin_errc::create_failed, into->name_ + ": " + error.text(status));
    status = descriptor->start(self, error.sink());
    if (status != TRB_OK) {
        descriptor->destroy(self);
        return failure(plugin_errc::create_failed, into->name_ + ": " + error.text(status));
    }
    into->self_ = self;
    tell_started(*into);
    return plugin_ptr(std::move(into));
}

void plugin_set::describe(const trb_plugin& says, plugin& into) {
    into.descriptor_ = &says;
    into.id_ = view(says.id);
    into.short_name_ = view(says.short_name);
    into.version_ = view(says.version);
    into.supervisor_ = supervisor_.get();
    if (into.name_.empty())
        into.name_ = into.short_name_;
    into.host_ = std::make_shared<plugin::host_context>();
    into.host_->services = {&log_, &clock_, &entropy_, &metrics_, into.name_};
}

/// The process has loaded the file by itself: that it is the one that was checked, the handshake's digest
/// says.
result<plugin_ptr> plugin_set::make_isolated(const load_request& what, std::unique_ptr<plugin> into) {
    if (!make_remote_)
        return failure(plugin_errc::not_loadable, "isolation = \"process\" cannot be had here");
    TRIBUTARY_TRY_ASSIGN(made, make_remote_(what));
    into->remote_ = std::move(made);
    const trb_plugin& says = into->remote_->descriptor();
    TRIBUTARY_TRY(check_descriptor(&says));
    TRIBUTARY_TRY(compare(what.plugin.says, says));
    describe(says, *into);
    TRIBUTARY_TRY(find_extensions(
        says, [&](std::string_view id) { return into->remote_->extension(id); }, *into));
    into->self_ = into->remote_->self();
    tell_started(*into);
    return plugin_ptr(std::move(into));
}

void plugin_set::tell_started(const plugin& made) {
    log_.info("plugin_started", {{"plugin", made.name_},
                                 {"version", made.version_},
                                 {"generation", made.generation_},
                                 {"isolation", made.remote_ != nullptr ? "process" : "none"}});
}

plugin_ptr plugin_set::append(plugin_ptr made) {
    plugin_list::container next = *list();
    next.push_back(made);
    set_list(std::move(next));
    return made;
}

result<plugin_ptr> plugin_set::load(const load_request& what) {
    TRIBUTARY_TRY_ASSIGN(made, open(what, 1));
    return append(std::move(made));
}

result<plugin_ptr> plugin_set::add(const trb_plugin* descriptor, std::string_view config_json) {
    TRIBUTARY_TRY(check_descriptor(descriptor));
    for (const plugin_ptr& other : all())
        if (other->id() == view(descriptor->id) || other->short_name() == view(descriptor->short_name))
            return failure(plugin_errc::duplicate, std::string(view(descriptor->id)));
    TRIBUTARY_TRY_ASSIGN(made, make(descriptor, std::unique_ptr<plugin>(new plugin), config_json));
    return append(std::move(made));
}

result<plugin_ptr> plugin_set::prepare(const load_request& what) {
    const plugin_ptr loaded = find(what.name);
    if (loaded == nullptr)
        return failure(plugin_errc::not_found, "there is no instance '" + what.name + "'");
    if (loaded->id() != what.plugin.says.id)
        return failure(plugin_errc::duplicate, "'" + what.name + "' is an instance of " +
                                                   std::string(loaded->id()) + ", not of " +
                                                   what.plugin.says.id);
    return open(what, loaded->generation() + 1);
}

void plugin_set::replace(plugin_ptr next) {
    plugin_list::container changed = *list();
    for (plugin_ptr& one : changed)
        if (one->name() == next->name())
            one = next;
    set_list(std::move(changed));
}

plugin_ptr plugin_set::find(std::string_view name) const noexcept {
    const auto plugins = list();
    for (const plugin_ptr& one : *plugins)
        if (one->name() == name)
            return one;
    return nullptr;
}

void plugin_set::stop() noexcept {
    auto held = [&] {
        const std::lock_guard lock(mutex_);
        return std::exchange(list_, std::make_shared<plugin_list::container>());
    }();
    // Nobody else may hold them any more: each ends here, last started first.
    plugin_list::container plugins(*held);
    held.reset();
    while (!plugins.empty())
        plugins.pop_back();
}

} // namespace tributary::plugins

#include "validator/module.hpp"

#include <tributary/validator/validator.hpp>

#include <dlfcn.h>

namespace tributary::validator {

result<loaded_module> loaded_module::load(const std::filesystem::path& file) {
    std::error_code missing;
    const auto absolute = std::filesystem::canonical(file, missing);
    if (missing)
        return failure(validator_errc::not_usable, "there is no such file");
    void* handle = ::dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* why = ::dlerror();
        return failure(validator_errc::not_usable, why == nullptr ? "the loader refused it" : why);
    }
    void* symbol = ::dlsym(handle, TRB_PLUGIN_ENTRY_NAME);
    if (symbol == nullptr)
        return failure(validator_errc::not_usable, "it does not export " TRB_PLUGIN_ENTRY_NAME);
    return loaded_module(reinterpret_cast<trb_plugin_entry_fn>(symbol));
}

result<const trb_plugin*> loaded_module::descriptor() const {
    const trb_plugin* made = entry();
    const auto refuse = [](const char* why) { return failure(validator_errc::not_usable, why); };
    if (made == nullptr)
        return refuse("the entry returned no descriptor: see descriptor.entry");
    if (made->magic != TRB_ABI_MAGIC)
        return refuse("it is no plugin: see descriptor.magic");
    if (!plugins::check_abi(made->abi_major, made->abi_minor))
        return refuse("it was built against another ABI: see descriptor.version");
    if (made->struct_size < sizeof(trb_plugin))
        return refuse("its descriptor is too short: see descriptor.size");
    if (made->create == nullptr || made->start == nullptr || made->stop == nullptr ||
        made->destroy == nullptr || made->get_extension == nullptr)
        return refuse("a function of its life cycle is null: see descriptor.functions");
    return made;
}

instance::instance(const trb_plugin& descriptor, scene& at, bool future)
    : descriptor_(descriptor), scene_(at), future_(future),
      host_(std::string(view(descriptor.short_name)), future) {}

result<std::unique_ptr<instance>> instance::make(const trb_plugin& descriptor, scene& at, settings with) {
    std::unique_ptr<instance> made(new instance(descriptor, at, with.future));
    {
        vault lent(at, "create", with.future);
        error_collector error(lent);
        const watching_host::watch watch(phase::creating);
        const trb_status status =
            cross(descriptor.create, made->host_.get(), lent.text(with.config, "the configuration"),
                  error.sink(), &made->self_);
        made->breach_ = watch.breach();
        if (status != TRB_OK) {
            made->self_ = nullptr;
            return failure(validator_errc::not_usable, "create refused: " + error.text(status));
        }
        if (made->self_ == nullptr)
            return failure(validator_errc::not_usable, "create said OK and made no instance");
    }
    vault lent(at, "start", with.future);
    error_collector error(lent);
    const watching_host::watch watch(phase::free);
    const trb_status status = cross(descriptor.start, made->self_, error.sink());
    if (status != TRB_OK)
        return failure(validator_errc::not_usable, "start refused: " + error.text(status));
    made->started_ = true;
    return made;
}

instance::~instance() {
    end();
}

void instance::end() noexcept {
    if (self_ == nullptr)
        return;
    const watching_host::watch watch(phase::free);
    if (started_)
        cross(descriptor_.stop, self_);
    cross(descriptor_.destroy, self_);
    self_ = nullptr;
}

} // namespace tributary::validator

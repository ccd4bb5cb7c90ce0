#include "isolation/description.hpp"

namespace tributary::isolation {

std::unique_ptr<owned_description> owned_description::read(std::string bytes) {
    std::unique_ptr<owned_description> made(new owned_description(std::move(bytes)));
    reader in(made->bytes_, made->arena_);
    transfer(in, made->value_);
    if (!in.done())
        return nullptr;
    trb_plugin& plugin = made->value_.plugin;
    plugin.struct_size = sizeof plugin;
    plugin.magic = TRB_ABI_MAGIC;
    plugin.abi_major = TRB_ABI_MAJOR;
    plugin.abi_minor = TRB_ABI_MINOR;
    return made;
}

} // namespace tributary::isolation

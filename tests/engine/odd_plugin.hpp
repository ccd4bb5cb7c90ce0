#pragma once

#include <tributary/abi/plugin.h>

namespace tributary::test {

/// A projection that counts facts (table odd_count: row id is the subject's, column facts) and misbehaves
/// when a customer document's metadata asks for it: `odd=row`, `odd=message`, `odd=measure`, `odd=cell` break
/// a rule of the ABI (text that is not UTF-8, a cell of no type), `odd=reserved` takes the core's own
/// measure, `odd=past` asks to be woken in the past.
/// @param down  its next release, which answers each fold as a plugin whose process is down does.
const trb_plugin* odd_plugin(bool down = false) noexcept;

} // namespace tributary::test

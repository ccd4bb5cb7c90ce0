#!/usr/bin/env bash
# The example in Rust, alone in an empty folder: provider_rust.sh <build directory>
# shellcheck source=tests/examples/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh" "$1" provider_rust
# Where rustup puts it, for those whose PATH does not have it.
PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
rustc --version || skip 'rustc is not installed'

export PKG_CONFIG_PATH=$prefix/share/pkgconfig
make
make test
# The standard library is linked in; it wants the C library, and the unwinder of GCC.
check_module ./ferrous.so 'GLIBC_|GCC_'
check_plugin ./ferrous.so
make install
check_module "$prefix/lib/tributary/plugins/ferrous.so" 'GLIBC_|GCC_'

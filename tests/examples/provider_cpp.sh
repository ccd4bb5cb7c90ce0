#!/usr/bin/env bash
# The example in C++, alone in an empty folder: provider_cpp.sh <build directory>
# shellcheck source=tests/examples/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh" "$1" provider_cpp
[[ -e /usr/include/nlohmann/json.hpp ]] || skip 'nlohmann-json3-dev is not installed'

build_and_test
check_module build/ledgerly.so 'GLIBC_|GLIBCXX_|CXXABI_|GCC_'
check_plugin build/ledgerly.so --testdata testdata
expect 'what it offers' "$(jq -c '.extensions | sort' build/ledgerly.trbplugin.json)" \
    '["tributary.actions/1","tributary.backfill/1","tributary.provider/1","tributary.simulator/1"]'
cmake --install build --prefix "$prefix" --strip >/dev/null
check_module "$prefix/lib/tributary/plugins/ledgerly.so" 'GLIBC_|GLIBCXX_|CXXABI_|GCC_'

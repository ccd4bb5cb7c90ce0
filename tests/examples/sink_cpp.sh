#!/usr/bin/env bash
# The example in C++, alone in an empty folder: sink_cpp.sh <build directory>
# shellcheck source=tests/examples/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh" "$1" sink_cpp
[[ -e /usr/include/nlohmann/json.hpp ]] || skip 'nlohmann-json3-dev is not installed'
build_and_test
check_module build/journal.so 'GLIBC_|GLIBCXX_|CXXABI_|GCC_'
check_plugin build/journal.so --testdata testdata
expect 'what the configuration needs' "$(jq -c .config_schema.required build/journal.trbplugin.json)" '["path"]'

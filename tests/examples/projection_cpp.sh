#!/usr/bin/env bash
# The example in C++, alone in an empty folder: projection_cpp.sh <build directory>
# shellcheck source=tests/examples/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh" "$1" projection_cpp

build_and_test
check_module build/loyalty.so 'GLIBC_|GLIBCXX_|CXXABI_|GCC_'
check_plugin build/loyalty.so

#!/usr/bin/env bash
# Walks docs/guide/embed-rules.md: builds core/rules alone, installs it, and compiles and runs the page's program against
# what was installed.
#   embed_rules.sh <build directory>
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(cd -- "$1" && pwd -P)
# shellcheck source=tests/expect.sh
. "$source_dir/tests/expect.sh"

mkdir -p "$build/tests/examples"
place=$(mktemp -d "$build/tests/examples/embed_rules.XXXXXX")
trap 'rm -rf -- "$place"' EXIT

# Its own tree stays between runs: only what changed is compiled.
alone=$build/tests/examples/rules_alone
cmake -S "$source_dir/core/rules" -B "$alone" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
    -DTRIBUTARY_CEL_JSON=OFF >"$place/configure.log" || { cat "$place/configure.log" && wrong "core/rules does not configure alone"; }
cmake --build "$alone" >"$place/build.log" || { cat "$place/build.log" && wrong "core/rules does not build alone"; }
cmake --install "$alone" --prefix "$place/prefix" >/dev/null
echo "ok: core/rules builds and installs alone"

mkdir "$place/shop"
cd "$place/shop"
# shellcheck disable=SC2016 # The quotes of a page are meant.
sed -n '/^```cpp$/,/^```$/p' "$source_dir/docs/guide/embed-rules.md" | sed '1d;/^```$/,$d' >embed.cpp
grep -q 'int main' embed.cpp || wrong "docs/guide/embed-rules.md has no program"
cat >CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES CXX)
find_package(tributary_cel 0.1 REQUIRED)
add_executable(shop embed.cpp)
target_link_libraries(shop PRIVATE tributary::cel)
EOF
cmake -S . -B build -G Ninja -DCMAKE_PREFIX_PATH="$place/prefix" >/dev/null
cmake --build build
mapfile -t said < <(build/shop)
expect "the reward" "${said[0]}" 2500
[[ ${said[1]} =~ ^[0-9a-f]{64}$ ]] || wrong "the hash is '${said[1]}'"
echo "ok: the page's program runs"

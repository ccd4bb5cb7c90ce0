# shellcheck shell=bash
# What the tests of the examples share. Source it with the build directory as first argument: it installs the component
# sdk into a place of its own, and copies the example into an empty folder, which becomes the current one.
#   . lib.sh <build directory> <example>
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(cd -- "$1" && pwd -P)
example=$2

mkdir -p "$build/tests/examples"
place=$(mktemp -d "$build/tests/examples/$example.XXXXXX")
trap 'rm -rf -- "$place"' EXIT
prefix=$place/prefix

# shellcheck source=tests/expect.sh
. "$source_dir/tests/expect.sh"

# No setting of the caller's may reach what is run here.
for name in $(compgen -e | grep -E '^(TRIBUTARY_.*|tributary_.*|CMAKE_.*|PKG_CONFIG_PATH|DESTDIR)$'); do
    unset "$name"
done
cmake --install "$build" --component sdk --prefix "$prefix" >/dev/null
cp -r "$prefix/share/doc/tributary/examples/$example" "$place/example"
cd "$place/example"

# Is it a plugin that a host would take? Manifest and module belong together, one symbol, nothing foreign wanted.
check_module() { # MODULE WANTED-LIBRARIES
    local module=$1 manifest=${1%.so}.trbplugin.json foreign
    "$source_dir/tests/abi/exported_symbols.sh" "$module"
    expect "the digest in ${manifest##*/}" "$(jq -r .sha256 "$manifest")" "$(sha256sum <"$module" | cut -c1-64)"
    expect "the file in ${manifest##*/}" "$(jq -r .file "$manifest")" "$(basename "$module")"
    foreign=$(nm --dynamic --undefined-only "$module" | grep -v -E "^ *w |@($2)" || true)
    expect "what ${module##*/} wants of others" "$foreign" ''
}
# Does the validator of the build find nothing in it? A plugin's author will ask it.
check_plugin() { # MODULE [OPTIONS]
    [[ -x $build/bin/tributary ]] || return 0
    "$build/bin/tributary" plugin check "$@" >check.log || { cat check.log && wrong "tributary plugin check ${1##*/}"; }
    echo "ok: tributary plugin check ${1##*/}: $(grep -E '^[0-9]+ passed' check.log)"
}
# With CMake, as the README says; runs the example's own tests.
build_and_test() {
    cmake -S . -B build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Debug >/dev/null
    cmake --build build
    ctest --test-dir build --output-on-failure
}

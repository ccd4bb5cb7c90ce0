#!/usr/bin/env bash
# Is the manifest what the module says, and does the build fail when the module says nonsense?
#   manifest.sh <build directory> <C compiler> <C++ compiler>
# Everything is built against an installed SDK, as authors do it.
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(cd -- "$1" && pwd -P)
export CC=$2 CXX=$3
mkdir -p "$build/tests/sdk"
place=$(mktemp -d "$build/tests/sdk/manifest.XXXXXX")
trap 'rm -rf -- "$place"' EXIT
# shellcheck source=tests/expect.sh
. "$source_dir/tests/expect.sh"

refused() { # SENTENCE COMMAND...
    local sentence=$1 said
    shift
    if said=$("$@" 2>&1); then
        wrong "not refused: $sentence"
    fi
    [[ $said == *"$sentence"* ]] || wrong "it said '$said', expected '$sentence'"
    echo "ok: $sentence"
}

cmake --install "$build" --component sdk --prefix "$place/prefix" >/dev/null
export PKG_CONFIG_PATH=$place/prefix/share/pkgconfig
cd "$place"
tool_source=$(pkg-config --variable=manifest_source tributary-sdk)
read -ra headers <<<"$(pkg-config --cflags tributary-sdk)"
strict=(-Wall -Wextra -Wpedantic -Wconversion -Werror)

# ---- the program alone ----------------------------------------------------------------------------------------
"$CC" -std=c11 "${strict[@]}" "${headers[@]}" -o in_c "$tool_source" -ldl
"$CXX" -std=c++17 "${strict[@]}" "${headers[@]}" -o in_cpp "$tool_source" -ldl
module() { # NAME FLAGS...
    local name=$1
    shift
    "$CC" -std=c11 -shared -fPIC -fvisibility=hidden "${headers[@]}" -DTRIBUTARY_PLUGIN_ID='"org.example.odd"' "$@" \
        -o "$name.so" "$source_dir/tests/sdk/odd_descriptor.c"
}
module odd
digest=$(sha256sum <odd.so | cut -c1-64)
./in_c odd.so "$digest" >c.json
./in_cpp "$place/odd.so" "$digest" >cpp.json
cmp c.json cpp.json
expect 'what it says' "$(jq -cS . c.json)" "$(jq -cS . <<END
{"manifest":1,"id":"org.example.odd","short_name":"odd","version":"1.2.3","vendor":"Odd \"& Sons\"\n\t\\\\ ö",
 "abi":"$(sed -n 's/.*TRB_ABI_M[A-Z]*OR \([0-9]*\)u.*/\1/p' "$source_dir/sdk/include/tributary/abi/base.h" | paste -sd.)",
 "extensions":["tributary.sink/1"],"requires":[],"file":"odd.so","sha256":"$digest"}
END
)"
printf '%s\n' ' {"type": "object", "properties": {"path": {"pattern": "^/\u00e9\\n"}, "n": {"maximum": -1.5e+3}}, "x": [] } ' >schema.json
expect 'the schema in it' "$(./in_c odd.so "$digest" --schema schema.json | jq -cS .config_schema)" "$(jq -cS . schema.json)"
for text in '[]' '{' '{"a":1,}' '{"a" 1}' '{"a":01}' '{"a":"\x"}' '{} {}' ''; do
    echo "$text" >broken.json
    refused 'the schema is not a JSON object' ./in_c odd.so "$digest" --schema broken.json
done
refused 'is no SHA-256' ./in_c odd.so "${digest^^}"
refused 'has another id' ./in_c odd.so "$digest" --id org.example.even
refused 'usage' ./in_c odd.so
refused 'cannot be loaded' ./in_c nothing.so "$digest"
refuses() { # SENTENCE FLAGS...
    module bad "${@:2}"
    refused "$1" ./in_c bad.so "$digest"
}
refuses 'magic' -DWRONG_MAGIC
refuses 'it states another ABI' -DWRONG_ABI
refuses 'is NULL: stop' -DNO_STOP
refuses 'for which get_extension returns NULL: org.example.more/1' -DLISTS_MORE
refuses 'an id that nobody knows' -DGIVES_ALL
refuses 'struct_size' -DTOO_SHORT
refuses 'not numbered' -DGAP
refuses 'short_name' '-DSHORT_NAME="Odd"'
refuses 'not UTF-8' '-DVENDOR="\xFF"'
refuses 'leaves empty: vendor' '-DVENDOR=""'

# ---- CMake ------------------------------------------------------------------------------------------------------
mkdir project
cp "$source_dir/tests/sdk/odd_descriptor.c" schema.json project
cat >project/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(odd LANGUAGES ${LANGUAGES})
find_package(tributary 0.1 REQUIRED)
tributary_add_plugin(odd ID org.example.odd SOURCES ${SOURCE} CONFIG_SCHEMA schema.json)
tributary_install_plugin(odd)
END
configure() { # FOLDER LANGUAGES SOURCE FLAGS...
    cmake -S project -B "$1" -DLANGUAGES="$2" -DSOURCE="$3" -DCMAKE_PREFIX_PATH="$place/prefix" "${@:4}" >/dev/null
}
sealed() { # FOLDER
    expect "the digest in $1" "$(jq -r .sha256 "$1/odd.trbplugin.json")" "$(sha256sum <"$1/odd.so" | cut -c1-64)"
}
configure c C odd_descriptor.c -DCMAKE_C_FLAGS=-g
cmake --build c >/dev/null
sealed c
expect 'the schema of the build' "$(jq -cS .config_schema c/odd.trbplugin.json)" "$(jq -cS . schema.json)"
for strip in '' --strip; do
    cmake --install c --prefix "$place/installed$strip" ${strip:+"$strip"} >/dev/null
    sealed "$place/installed$strip/lib/tributary/plugins"
done
DESTDIR=$place/stage cmake --install c --prefix /opt/odd --strip >/dev/null
sealed "$place/stage/opt/odd/lib/tributary/plugins"
cmp -s c/odd.so "$place/installed--strip/lib/tributary/plugins/odd.so" && wrong 'nothing was stripped'

echo '{"type": "object"}' >project/schema.json
cmake --build c >/dev/null
expect 'a changed schema' "$(jq -c .config_schema c/odd.trbplugin.json)" '{"type":"object"}'
echo '{' >project/schema.json
refused 'is no manifest for this plugin' cmake --build c
[[ ! -e c/odd.trbplugin.json ]] || wrong 'the manifest of an older module was left behind'
refused 'the schema is not a JSON object' cmake --build c
cp schema.json project
cmake --build c >/dev/null
configure c C odd_descriptor.c -DCMAKE_C_FLAGS=-DLISTS_MORE
refused 'get_extension returns NULL' cmake --build c

# A project of C++ alone, and one whose flags have sanitizers: what loads the module is built as the module is.
cat >project/odd.cpp <<'END'
#include <tributary/sdk/plugin.hpp>
namespace sdk = tributary::sdk;
class odd : public sdk::plugin, public sdk::message_sink {
  public:
    static constexpr std::string_view short_name = "odd", version = "1.2.3", vendor = "example";
    static sdk::outcome create(sdk::host, std::string_view, std::unique_ptr<odd>& made) {
        made = std::make_unique<odd>();
        return {};
    }
    sdk::outcome deliver(const trb_outgoing&, sdk::outgoing_sink) override { return {}; }
};
TRIBUTARY_PLUGIN(odd)
END
configure cpp CXX odd.cpp -DCMAKE_CXX_FLAGS='-fsanitize=address,undefined -O0'
cmake --build cpp >/dev/null
sealed cpp
expect 'what C++ says' "$(jq -r .extensions[0] cpp/odd.trbplugin.json)" tributary.sink/1

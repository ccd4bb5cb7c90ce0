#!/usr/bin/env bash
# Does what new-plugin makes build at once, pass its own test, and hold nothing of the template's name?
#   new_plugin.sh <build directory>
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(cd -- "$1" && pwd -P)
mkdir -p "$build/tests/sdk"
place=$(mktemp -d "$build/tests/sdk/new_plugin.XXXXXX")
trap 'rm -rf -- "$place"' EXIT
# shellcheck source=tests/expect.sh
. "$source_dir/tests/expect.sh"

refused() { # SENTENCE ARGUMENTS...
    local sentence=$1 said
    shift
    if said=$(tributary-new-plugin "$@" 2>&1); then
        wrong "not refused: $*"
    fi
    [[ $said == *"$sentence"* ]] || wrong "it said '$said', expected '$sentence'"
    echo "ok: $sentence"
}

cmake --install "$build" --component sdk --prefix "$place/prefix" >/dev/null
PATH=$place/prefix/bin:$PATH
cd "$place"

# The same from the installed SDK and from the clone.
tributary-new-plugin brooklet --id org.brook.pay >/dev/null
"$source_dir/scripts/new-plugin" brooklet --id org.brook.pay from_clone >/dev/null
diff -r brooklet from_clone
if grep -ril acmepay brooklet || find brooklet | grep -i acmepay; then
    wrong "the template's name was left behind"
fi
cmake -S brooklet -B made -DCMAKE_PREFIX_PATH="$place/prefix" -DCMAKE_BUILD_TYPE=Debug >/dev/null
cmake --build made
ctest --test-dir made --output-on-failure
"$source_dir/tests/abi/exported_symbols.sh" made/brooklet.so
[[ $(jq -r '.id + " " + .short_name' made/brooklet.trbplugin.json) == 'org.brook.pay brooklet' ]] ||
    wrong "the manifest says $(cat made/brooklet.trbplugin.json)"

# It books a sale at once, in a daemon, where one was built.
if [[ -x $build/bin/tributaryd ]]; then
    cmake --install "$build" --component runtime --prefix "$place/prefix" >/dev/null
    cmake --install made --prefix "$place/prefix" >/dev/null
    tributary plugin check "$place/prefix/lib/tributary/plugins/brooklet.so" --testdata brooklet/testdata >check.log ||
        { cat check.log >&2 && wrong 'tributary plugin check does not pass'; }
    tributary init --dir shop >/dev/null
    cd shop
    printf brook_secret | tributary connection create --provider brooklet --realm brooklet:a --sandbox --secret signing=- >/dev/null
    TRIBUTARY_SERVER_LISTEN=127.0.0.1:0 TRIBUTARY_ADMIN_LISTEN=127.0.0.1:0 tributaryd 2>daemon.log &
    daemon=$!
    trap 'kill "$daemon" 2>/dev/null || true; rm -rf -- "$place"' EXIT
    for ((attempt = 0; attempt < 200; attempt++)); do
        if grep -q event=listening daemon.log; then break; fi
        sleep 0.05
    done
    address=$(sed -n 's/.*event=listening public=\([^ ]*\).*/\1/p' daemon.log)
    tributary trigger brooklet sale --url "http://$address" >told.log || { cat told.log daemon.log >&2 && wrong 'the sale is not taken'; }
    for ((attempt = 0; attempt < 200; attempt++)); do
        if [[ $(tributary inbox list --json | jq -r '.records[0].state') == 'done' ]]; then break; fi
        sleep 0.05
    done
    record=$(tributary inbox list --json | jq -r '.records[0].inbox_id')
    kinds=$(tributary inbox show "$record" --json | jq -r '.facts[].kind' | sort -u | tr '\n' ' ')
    [[ $kinds == *payment* ]] || wrong "the sale gave the facts '$kinds'"
    kill "$daemon"
    wait "$daemon" || wrong "the daemon ended with $?"
    cd ..
fi

# The fixtures are signed with what connection.json says.
secret=$(jq -r '.secrets[0].value' brooklet/testdata/connection.json)
for fixture in brooklet/testdata/*.http; do
    expected=$(sed -n 's/^Brooklet-Signature: //p' "$fixture")
    [[ $(sed '1,/^$/d' "$fixture" | openssl dgst -sha256 -hmac "$secret" -r | cut -d ' ' -f 1) == "$expected" ]] ||
        wrong "$fixture is not signed with the secret of its connection"
done

# The others begin as an example does, which a test of its own builds.
for wanted in provider/c:pennywise projection/c++:loyalty sink/c++:journal; do
    kind=${wanted%%/*} language=${wanted#*/}
    folder=$kind.${language%:*}
    tributary-new-plugin rill --kind "$kind" --lang "${language%:*}" "$folder" >/dev/null
    if grep -ril "${wanted#*:}" "$folder"; then
        wrong "the example's name was left behind in $folder"
    fi
    cmake -S "$folder" -B "$folder/build" -DCMAKE_PREFIX_PATH="$place/prefix" >/dev/null ||
        [[ ! -e /usr/include/nlohmann/json.hpp ]] || wrong "$folder cannot be configured"
done
cmake --build provider.c/build
[[ $(jq -r .short_name provider.c/build/rill.trbplugin.json) == rill ]] || wrong 'the provider in C has another name'

refused 'is not empty' brooklet
refused '1 to 24' Brook
refused '1 to 24' a234567890123456789012345
refused 'reverse domain' brook --id brook
refused 'no template for a sink in c' brook --kind sink --lang c
refused 'no such language' brook --lang cobol
refused 'no such option' brook --king

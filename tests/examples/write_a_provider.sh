#!/usr/bin/env bash
# Walks docs/guide/write-a-provider.md in an empty folder: runs every ```sh block of it, in order and in one shell,
# against a package installed from a build, and then looks at more than a reader would. bare_debian.sh does it where
# there is nothing else.
#   write_a_provider.sh <build directory>
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$1

for tool in cmake curl g++ jq make nm openssl pkg-config; do
    command -v "$tool" >/dev/null || { echo "$tool is needed, and not installed" >&2 && exit 1; }
done

mkdir -p "$build/tests/examples"
place=$(mktemp -d "$build/tests/examples/walk.XXXXXX")
daemon=''
finish() {
    local status=$?
    if [[ -n $daemon ]] && kill "$daemon" 2>/dev/null; then
        wait "$daemon" || true
    fi
    if ((status != 0)); then
        tail -n 20 "$place/plugins/shop/daemon.log" >&2 2>/dev/null || true
    fi
    rm -rf -- "$place"
}
trap finish EXIT

# shellcheck source=tests/expect.sh
. "$source_dir/tests/expect.sh"

# ---- the component sdk alone, and a project in C that knows nothing else ------------------------------------
# The variables are those of the guide. No setting of the caller's may reach what is run here.
for name in $(compgen -e TRIBUTARY_) $(compgen -e | grep -E '^(CMAKE_PREFIX_PATH|PKG_CONFIG_PATH|DESTDIR|HOME|tributary_.*)$'); do
    unset "$name"
done
export HOME=$place/home
prefix=$place/prefix
work=$place/plugins
cmake --install "$build" --component sdk --prefix "$place/moved" >/dev/null
expect 'what the component sdk holds' "$(cd "$place/moved" && echo *)" 'bin include share'
if grep -rlF -e "$source_dir" -e "$build" -e "$place" "$place/moved"; then
    wrong 'an installed file names a folder of this machine'
fi
# Pages are installed too, and each link of theirs leads to something that is.
while IFS= read -r page; do
    while IFS= read -r link; do
        [[ -e $(dirname "$page")/$link ]] || wrong "${page#"$place/moved/"} links to $link, which is not installed"
    done < <(grep -oE '\]\([^)#: ]+[)#]' "$page" | sed -E 's/^\]\(//; s/[)#]$//')
done < <(find "$place/moved/share/doc" -name '*.md')
[[ -f $place/moved/share/doc/tributary/docs/guide/write-a-provider.md ]] || wrong 'the guide is not installed'
echo 'ok: links of installed pages'
rm -rf -- "$place/moved"

# The packages of the runtime are named for authors, and for those who only run it.
runtime_packages() { # FILE
    sed -n '/apt-get install.* libboost-json/,/libtomlplusplus/p' "$source_dir/$1" | grep -oE 'lib[a-z0-9.+-]+' | sort
}
[[ -n $(runtime_packages README.md) ]] || wrong 'README.md does not name the packages of the runtime'
diff <(runtime_packages README.md) <(runtime_packages docs/guide/write-a-provider.md) || wrong 'README.md and the guide name other packages'

# ---- the guide ----------------------------------------------------------------------------------------------
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$source_dir/docs/guide/write-a-provider.md" >"$place/guide.sh"
# What the guide sets and is looked at below.
base='' connection='' sale='' sale_answer='' commission='' forged_answer='' refund_answer='' symbols='' isolated_answer=''
# `plugin reload` asks the second, so that it has to be known beforehand. It lies below those that the kernel deals out.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)) && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
TRIBUTARY_ADMIN_LISTEN=127.0.0.1:$(free_port)
export TRIBUTARY_ADMIN_LISTEN TRIBUTARY_SERVER_LISTEN=127.0.0.1:0
mkdir -p "$HOME"
cd "$place"
# shellcheck source=/dev/null
. "$place/guide.sh"

# ---- what came of it ----------------------------------------------------------------------------------------
[[ $sale_answer == 200 && $refund_answer == 200 ]] || wrong "the sale was answered $sale_answer, the refund $refund_answer"
expect 'the commission' "$(jq -c 'del(.id)' <<<"$commission")" '{"earnings":500,"currency":"usd","status":"pending"}'
expect 'the answer to a forged delivery' "$forged_answer" 401
expect 'the answer to a sale, isolated' "$isolated_answer" 200
expect 'what the commissions earn' "$(api GET /commissions | jq -c 'map(.earnings) | sort')" '[250,500]'
grep -q 'event=plugin_host_started.*plugin=pennywise' daemon.log || wrong 'pennywise runs in no process of its own'
expect 'what is exported' "$(awk '{ print $2, $3 }' <<<"$symbols")" 'T tributary_plugin_entry'

pennywise=$work/pennywise
for plugin in "$pennywise/build/pennywise.so" "$pennywise/pennywise.so" "$prefix/lib/tributary/plugins/pennywise.so"; do
    tributary plugin check "$plugin" --testdata "$pennywise/testdata" >check.log || { cat check.log && wrong "the check of $plugin"; }
    if grep -E '^warning' check.log; then
        wrong "the check of $plugin warns"
    fi
    "$source_dir/tests/abi/exported_symbols.sh" "$plugin"
    # Undefined, and neither weak nor of the C library.
    foreign=$(nm --dynamic --undefined-only "$plugin" | grep -v -e '^ *w ' -e '@GLIBC_' || true)
    expect "what ${plugin#"$place/"} wants of others" "$foreign" ''
done

expect 'the answer to the same event again' "$(deliver "$sale")" 200
expect 'the answer to an event of another kind' "$(deliver '{"id":"evt_4","type":"payout.made","live":false}')" 200
expect 'the answer to a live event' "$(deliver "${sale/false/true}")" 401
expect 'the answer to no JSON' "$(deliver '{"id":"evt_5",}')" 400
expect 'the answer to an event without id' "$(deliver "${sale/evt_1/}")" 400
expect 'the answer to an unsigned one' \
    "$(curl -sS -o answer -w '%{http_code}' "$base/webhooks/$connection" -d "$sale")" 401
expect 'the answer to an amount that is no integer' "$(deliver "${sale/2900/29.5}")" 400
broken=${sale//_1/_6}
expect 'the answer to a currency that is not known' "$(deliver "${broken/USD/XXX}")" 200
until tributary inbox list --json | jq -e '[.records[]? // .[]? | select(.state == "failed")] | length == 1' >/dev/null; do
    sleep 0.1
done
echo 'ok: it is kept as failed'
expect 'commissions' "$(api GET /commissions | jq length)" 2
kill "$daemon"
wait "$daemon" || wrong "the daemon ended with $?"
daemon=''

#!/usr/bin/env bash
# Does docs/guide/write-a-provider.md hold where there is nothing else? Makes a bare Debian 12 with debootstrap, installs in
# it the packages that the guide names and nothing more, puts the components sdk and runtime of a build there, and walks
# the guide word for word as a user who is not root. No source of this tree is in there.
#   bare_debian.sh [<build directory>] [<folder>]
# The build directory is build/release unless one is named. The folder keeps the system for the next time; without one it is a
# temporary one, and removed. Needs root, debootstrap and a Debian mirror ($MIRROR), and takes some minutes: not
# part of ctest. The blocks marked `bash` in the guide are what root does, those marked `sh` what its reader does.
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(cd -- "${1:-$source_dir/build/release}" && pwd -P)
mirror=${MIRROR:-http://deb.debian.org/debian}
guide=$source_dir/docs/guide/write-a-provider.md

stop() {
    echo "error: $*" >&2
    exit 1
}
say() { echo "== $*"; }
((EUID == 0)) || stop 'it needs root: debootstrap and chroot do'
command -v debootstrap >/dev/null || stop 'debootstrap is not installed: apt-get install debootstrap'
[[ -x $build/bin/tributaryd ]] || stop "nothing was built in $build: scripts/build"

keep=${2:-}
bare=${keep:-$(mktemp -d)}
[[ $bare == /* ]] || stop "the folder has to be an absolute path: $bare"
mkdir -p -- "$bare"
chmod 755 "$bare" # mktemp lets nobody else in
leave() {
    local status=$?
    umount "$bare/proc" "$bare/dev" 2>/dev/null || true
    # Never through a mount that is still there: it would empty the machine's own /dev.
    if [[ -z $keep ]] && ! grep -q " $bare/" /proc/self/mounts; then
        rm -rf --one-file-system -- "$bare"
    fi
    exit "$status"
}
trap leave EXIT

# ---- a bare Debian 12 ---------------------------------------------------------------------------------------
if [[ ! -e $bare/etc/debian_version ]]; then
    say "debootstrap of Debian 12 from $mirror"
    debootstrap --variant=minbase bookworm "$bare" "$mirror" >"$bare.log" 2>&1 || {
        tail -n 20 "$bare.log" >&2
        stop "debootstrap failed; all of it is in $bare.log"
    }
    rm -f -- "$bare.log"
fi
mkdir -p "$bare/proc" "$bare/dev"
mountpoint -q "$bare/proc" || mount -t proc proc "$bare/proc"
mountpoint -q "$bare/dev" || mount --bind /dev "$bare/dev"
printf '127.0.0.1 localhost\n' >"$bare/etc/hosts"
cp /etc/resolv.conf "$bare/etc/resolv.conf"
inside=(env -i "PATH=/usr/sbin:/usr/bin:/sbin:/bin" LANG=C.UTF-8 chroot)

blocks() { # LANGUAGE
    awk -v begin="^\`\`\`$1\$" '$0 ~ begin { inside = 1; next } /^```$/ { inside = 0 } inside' "$guide"
}

say 'the packages that the guide names'
{
    echo 'set -euo pipefail'
    echo 'export DEBIAN_FRONTEND=noninteractive'
    blocks bash
} >"$bare/tmp/packages.sh"
"${inside[@]}" "$bare" bash /tmp/packages.sh >"$bare/tmp/packages.log" 2>&1 || {
    tail -n 20 "$bare/tmp/packages.log" >&2
    stop 'apt-get failed'
}

# ---- what is handed over: two components, of a user who is not root -----------------------------------------
say "the components sdk and runtime of $build"
"${inside[@]}" "$bare" bash -c 'id author >/dev/null 2>&1 || useradd --create-home --shell /bin/bash author'
user_home=$("${inside[@]}" "$bare" bash -c 'echo ~author')
rm -rf -- "${bare:?}$user_home/tributary" "${bare:?}$user_home/plugins"
for component in sdk runtime; do
    cmake --install "$build" --component "$component" --prefix "$bare$user_home/tributary" --strip >/dev/null
done
# The guide is the one that was installed, and not the tree's.
guide=$bare$user_home/tributary/share/doc/tributary/docs/guide/write-a-provider.md
[[ -f $guide ]] || stop 'the component sdk holds no guide: configure the build anew'
{
    echo 'set -euo pipefail'
    blocks sh
    cat <<'END'
# What the guide promises.
[[ $(wc -l <<<"$symbols") == 1 && $symbols == *' T tributary_plugin_entry' ]]
echo "ok: one exported symbol"
tributary plugin check "$work/pennywise/build/pennywise.so" --testdata "$work/pennywise/testdata" >check.log
tail -n +1 check.log | grep -E '^[0-9]+ passed'
if grep -E '^(failed|crashed|hung|warning)' check.log; then exit 1; fi
echo "ok: tributary plugin check passes"
[[ $sale_answer == 200 && $refund_answer == 200 && $forged_answer == 401 && $isolated_answer == 200 ]]
[[ $(jq -c 'del(.id)' <<<"$commission") == '{"earnings":500,"currency":"usd","status":"pending"}' ]]
echo "ok: the sale became a commission: $commission"
[[ $(api GET /commissions | jq -c 'map(.earnings) | sort') == '[250,500]' ]]
grep -q 'event=plugin_host_started.*plugin=pennywise' daemon.log
echo "ok: the isolated plugin's sale became one too"
kill "$daemon"
wait "$daemon"
END
} >"$bare$user_home/walk.sh"
"${inside[@]}" "$bare" bash -c 'chown -R author: ~author'

say 'the guide, word for word'
# Ports that nobody else on this machine should have; the system inside shares the network.
"${inside[@]}" --userspec=author "$bare" env -u MIRROR HOME="$user_home" USER=author \
    TRIBUTARY_SERVER_LISTEN="127.0.0.1:$((20000 + RANDOM % 5000))" \
    TRIBUTARY_ADMIN_LISTEN="127.0.0.1:$((25000 + RANDOM % 5000))" \
    bash -c 'cd && exec bash walk.sh' || {
    tail -n 20 "$bare$user_home/plugins/shop/daemon.log" >&2 2>/dev/null || true
    stop 'the guide does not hold on a bare Debian 12'
}
say 'ok: the guide holds on a bare Debian 12'

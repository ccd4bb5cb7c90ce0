#!/usr/bin/env bash
# Walks docs/guide/connect-stripe.md: runs every ```sh block of it, in order and in one shell, with the built tool, daemon
# and plugin against the fake API, and then looks at more than a reader would.
#   connect_stripe.sh <build directory>
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$(cd -- "$1" && pwd -P)

for tool in curl jq; do
    command -v "$tool" >/dev/null || { echo "$tool is needed, and not installed" >&2 && exit 1; }
done

mkdir -p "$build/tests/examples"
place=$(mktemp -d "$build/tests/examples/connect.XXXXXX")
running=()
finish() {
    local status=$? each
    for each in "${running[@]}"; do
        if kill "$each" 2>/dev/null; then
            wait "$each" || true
        fi
    done
    if ((status != 0)); then
        tail -n 20 "$place/daemon.log" >&2 2>/dev/null || true
    fi
    rm -rf -- "$place"
}
trap finish EXIT

# shellcheck source=tests/expect.sh
. "$source_dir/tests/expect.sh"
# Both have to be known beforehand. They lie below those that the kernel deals out.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)) && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
fake() { # METHOD PATH [JSON]
    curl -sS --fail -X "$1" "$fake_base$2" ${3:+--data "$3"}
}

# No setting of the caller's may reach what is run here.
for name in $(compgen -e TRIBUTARY_) $(compgen -e STRIPE_); do
    unset "$name"
done
export PATH=$build/bin:$PATH
TRIBUTARY_SERVER_LISTEN=127.0.0.1:$(free_port)
TRIBUTARY_ADMIN_LISTEN=127.0.0.1:$(free_port)
export TRIBUTARY_SERVER_LISTEN TRIBUTARY_ADMIN_LISTEN
cd "$place"

# ---- what the guide starts from -----------------------------------------------------------------------------
"$build/bin/fake_stripe" --account acct_1ABC --customers 3 >fake.log &
running+=($!)
until grep -q listening fake.log; do sleep 0.05; done
fake_base=http://$(sed -n 's/^listening on //p' fake.log)
tributary init >/dev/null
tributaryd >daemon.log 2>&1 &
running+=($!)
until curl -sS -o answer "http://$TRIBUTARY_ADMIN_LISTEN/readyz" 2>/dev/null; do sleep 0.1; done

# ---- the guide ----------------------------------------------------------------------------------------------
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$source_dir/docs/guide/connect-stripe.md" >guide.sh
# shellcheck disable=SC2034 # The guide reads it, and the next one.
settings="{\"api_base\":\"$fake_base\"}"
# shellcheck disable=SC2034
STRIPE_API_KEY=rk_test_fake
connection=''
# shellcheck source=/dev/null
. ./guide.sh >walk.log 2>&1 || { cat walk.log >&2 && wrong 'the guide does not run'; }
cat walk.log

# ---- what came of it ----------------------------------------------------------------------------------------
[[ $connection == con_* ]] || wrong 'there is no connection'
if grep -qE 'rk_test_fake|whsec_' walk.log; then
    wrong 'a secret was shown'
fi
if grep -q 'there is something to do\|by hand, then' walk.log; then
    wrong 'something was left to do'
fi
expect 'the webhook that Stripe has' "$(fake GET /_fake/requests | jq '[.[] | select(.method == "POST" and .status == 200)] | length')" 1
expect 'deliveries that were refused' "$(tributary inbox list --refused --json | jq '.refused | length')" 0
[[ $(tributary inbox list --json | jq '.records | length') -ge 1 ]] || wrong 'nothing was delivered'
expect 'secrets for signatures' "$(tributary connection secret list "$connection" --json | jq '[.secrets[] | select(.name == "signing")] | length')" 2
expect 'those of them that end' "$(tributary connection secret list "$connection" --json | jq '[.secrets[] | select(.expires_at != null)] | length')" 1
expect 'versions that were asked in' "$(fake GET /_fake/requests | jq -r '[.[].api_version] | unique | join(" ")')" 2025-09-30.clover

# What the guide says of the other cases.
fake POST /_fake/permissions '{"deny":["rak_invoice_read","rak_webhook_write"]}' >/dev/null
status=0
tributary connection check "$connection" >report || status=$?
expect 'the end of a check that misses a right' "$status" 1
grep -q '^fail  rak_invoice_read: ' report || { cat report && wrong 'the right is not named'; }
fake POST /_fake/permissions '{"allow":["rak_invoice_read"]}' >/dev/null
fake POST /_fake/faults '{"kind":"429","path":"/v1/disputes","retry_after":"9"}' >/dev/null
tributary connection check "$connection" >report || wrong 'what is not known is no problem'
grep -q 'ask again in 9 s' report || { cat report && wrong 'it does not say when to ask again'; }
status=0
tributary connection register "$connection" --url https://other.example/hook >report || status=$?
expect 'the end of a registration without the right' "$status" 1
grep -q 'Developers > Webhooks' report || { cat report && wrong 'it does not say how to do it by hand'; }
echo 'ok: the guide holds'

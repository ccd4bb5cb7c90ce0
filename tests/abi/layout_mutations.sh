#!/usr/bin/env bash
# Is a wrong step seen? Breaks a copy of the headers in several ways, and compares each with the headers as they are.
#   layout_mutations.sh <C++ compiler> <object of layout_text.cpp>
set -euo pipefail
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
compiler=$1
text_object=$2
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT
abi=sdk/include/tributary/abi

# Compiles the listing against <folder>/tributary/abi: <folder>/layout_tool.
"$compiler" -std=c++20 -O0 -I "$source_dir/tests" -I "$source_dir/sdk/include" \
    -c -o "$place/tool.o" "$source_dir/tests/abi/layout_tool.cpp"
compile() {
    "$compiler" -std=c++20 -O0 -I "$source_dir/tests" -I "$1" \
        -o "$1/layout_tool" "$source_dir/tests/abi/layout_listing.cpp" "$place/tool.o" "$text_object"
}
copy() {
    mkdir -p "$1/tributary"
    cp -r "$source_dir/$abi" "$1/tributary/"
}
copy "$place/before"
compile "$place/before"
"$place/before/layout_tool" list "$place/before/tributary/abi" >"$place/golden.txt"

mutate() { # NAME HEADER SED-EXPRESSION
    copy "$place/$1"
    sed -i -zE "$3" "$place/$1/tributary/abi/$2"
    if cmp -s "$source_dir/$abi/$2" "$place/$1/tributary/abi/$2"; then
        echo "wrong: '$1' changes nothing in $2; does it still fit the header?" >&2
        return 1
    fi
    compile "$place/$1"
}
seen() { # NAME WORDS HEADER SED-EXPRESSION
    local said
    mutate "$1" "$3" "$4"
    if said=$("$place/$1/layout_tool" compare "$place/golden.txt" "$place/$1/tributary/abi" 2>&1); then
        echo "wrong: '$1' was not seen" >&2
        return 1
    fi
    [[ $said == *"$2"* ]] || { echo "wrong: '$1' was reported as '$said', expected '$2'" >&2 && return 1; }
    echo "ok: $1: $said"
}
fits() { # NAME HEADER SED-EXPRESSION
    mutate "$1" "$2" "$3"
    "$place/$1/layout_tool" compare "$place/golden.txt" "$place/$1/tributary/abi"
    echo "ok: $1 fits"
}

check_all() {
    local -a jobs=()
    seen swapped_members 'trb_payment: member' fact.h \
        's/(    trb_money tax;\n)(    trb_money discount;\n)/\2\1/' & jobs+=($!)
    seen changed_parameter 'trb_fact_sink: member' provider.h \
        's/void \(\*note\)\(void\* ctx, trb_str code, trb_str text\)/void (*note)(void* ctx, trb_str code, const trb_str* text)/' &
    jobs+=($!)
    wait_for
    seen removed_member 'trb_finding: member 6' actions.h 's/    trb_str advice;\n//' & jobs+=($!)
    seen reordered_slots 'trb_provider_v1: member' provider.h \
        's/(    trb_status \(\*verify\)[^;]*;\n)(.*)(    trb_status \(\*normalise\)[^;]*;\n)/\3\2\1/' & jobs+=($!)
    wait_for
    seen grown_value 'trb_pair: ' base.h 's/(    trb_str value;\n)(\} trb_pair;)/\1    trb_str more;\n\2/' & jobs+=($!)
    seen changed_constant 'TRB_RETRY: was' base.h 's/#define TRB_RETRY 4/#define TRB_RETRY 9/' & jobs+=($!)
    wait_for
    fits appended_member provider.h 's/(\} trb_provider_v1;)/    void (*more)(void* self) TRB_NOEXCEPT;\n\1/' & jobs+=($!)
    fits appended_constant base.h 's/(#define TRB_CONFLICT 8)/#define TRB_NEWER 9\n\1/' & jobs+=($!)
    wait_for
}
# Two compilers at a time.
wait_for() {
    local job
    for job in "${jobs[@]}"; do
        wait "$job" || exit 1
    done
    jobs=()
}
check_all

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

mutate() { # FOLDER NAME HEADER SED-EXPRESSION
    local header=$1/tributary/abi/$3
    cp "$header" "$place/unchanged"
    sed -i -zE "$4" "$header"
    if cmp -s "$place/unchanged" "$header"; then
        echo "wrong: '$2' changes nothing in $3; does it still fit the header?" >&2
        exit 1
    fi
}
# Each breaks another struct, so that one compilation shows what is said about each.
declare -A expected
broken() { # NAME WORDS HEADER SED-EXPRESSION
    mutate "$place/broken" "$1" "$3" "$4"
    expected[$1]=$2
}
copy "$place/broken"
broken 'two members swapped' "trb_payment: member 9 was '80 +16 tax: trb_money', found '96 +16 tax: trb_money'" fact.h \
    's/(    trb_money tax;\n)(    trb_money discount;\n)/\2\1/'
broken 'a parameter of another type' 'trb_fact_sink: member 6 was' provider.h \
    's/void \(\*note\)\(void\* ctx, trb_str code, trb_str text\)/void (*note)(void* ctx, trb_str code, const trb_str* text)/'
broken 'a member removed from the end' "trb_finding: member 6 was '56 +16 advice: trb_str', found none" actions.h \
    's/    trb_str advice;\n//'
broken 'two function slots swapped' 'trb_provider_v1: member 3 was' provider.h \
    's/(    trb_status \(\*verify\)[^;]*;\n)(.*)(    trb_status \(\*normalise\)[^;]*;\n)/\3\2\1/'
broken 'a member added to what never grows' 'trb_pair: the size was 32' base.h \
    's/(    trb_str value;\n)(\} trb_pair;)/\1    trb_str more;\n\2/'
broken 'a constant changed' "TRB_RETRY: was '4', found '9'" base.h 's/#define TRB_RETRY 4/#define TRB_RETRY 9/'
compile "$place/broken" &
compiling=$!

copy "$place/appended"
mutate "$place/appended" 'a member appended' provider.h 's/(\} trb_provider_v1;)/    void (*more)(void* self) TRB_NOEXCEPT;\n\1/'
mutate "$place/appended" 'a constant added' base.h 's/(#define TRB_CONFLICT 8)/#define TRB_NEWER 9\n\1/'
compile "$place/appended"
wait "$compiling"

if said=$("$place/broken/layout_tool" compare "$place/golden.txt" "$place/broken/tributary/abi" 2>&1); then
    echo "wrong: nothing was seen" >&2
    exit 1
fi
for name in "${!expected[@]}"; do
    grep -qF -- "${expected[$name]}" <<<"$said" ||
        { echo "wrong: '$name' was not reported as '${expected[$name]}' in: $said" >&2 && exit 1; }
    echo "ok: $name"
done
if [[ $(wc -l <<<"$said") != "${#expected[@]}" ]]; then
    echo "wrong: there is more than was broken: $said" >&2
    exit 1
fi
"$place/appended/layout_tool" compare "$place/golden.txt" "$place/appended/tributary/abi"
echo 'ok: what is appended fits'

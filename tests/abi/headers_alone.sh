#!/bin/sh
# Does each header below a folder compile when it is the only one that is included (twice, for its guard)?
#   headers_alone.sh <include folder> <sub-folder> <extension> <compiler> <flags...>
# Prints the name of each header that does not, after the compiler's own words. Fails also when there is no header.
set -eu
if [ "$1" = --one ]; then
    include=$2
    header=$3
    shift 3
    if printf '#include <%s>\n#include <%s>\nextern int trb_not_empty;\n' "$header" "$header" |
        "$@" -I "$include" -fsyntax-only -; then
        exit 0
    fi
    echo "does not compile alone: $header" >&2
    exit 1
fi
include=$1
below=$2
extension=$3
shift 3
headers=$(cd "$include" && find "$below" -name "*.$extension" | LC_ALL=C sort)
if [ -z "$headers" ]; then
    echo "no *.$extension below $include/$below" >&2
    exit 1
fi
echo "$headers" | xargs -P 2 -I '{}' "$0" --one "$include" '{}' "$@"

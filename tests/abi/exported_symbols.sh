#!/bin/sh
# Does a plugin export its entry and nothing else, and nothing that pins it in memory?
#   exported_symbols.sh <plugin.so>
set -eu
plugin=$1
exported=$(nm --dynamic --defined-only --format=posix "$plugin" | cut -d ' ' -f 1)
if [ "$exported" != tributary_plugin_entry ]; then
    echo "$plugin exports more or less than tributary_plugin_entry:" >&2
    echo "$exported" | head -n 20 >&2
    exit 1
fi
# A unique symbol keeps the object mapped after dlclose, and merges data of different plugins.
unique=$(readelf --wide --dyn-syms --symbols "$plugin" | awk '$5 == "UNIQUE" { print $8 }')
if [ -n "$unique" ]; then
    echo "$plugin has unique symbols:" >&2
    echo "$unique" | head -n 20 >&2
    exit 1
fi
if readelf --wide --dynamic "$plugin" | grep -E 'TEXTREL|RPATH|RUNPATH' >&2; then
    echo "$plugin needs text relocations, or looks for libraries in a folder of its build" >&2
    exit 1
fi

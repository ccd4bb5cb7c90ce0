# shellcheck shell=bash
# What tests that are scripts say, and how they end. Source it.

wrong() {
    echo "wrong: $*" >&2
    exit 1
}
# ctest shows it as skipped.
skip() {
    echo "skipped: $*" >&2
    exit 77
}
expect() { # WHAT FOUND EXPECTED
    [[ $2 == "$3" ]] || wrong "$1 is '$2', expected '$3'"
    echo "ok: $1 is $3"
}

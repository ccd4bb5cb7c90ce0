# shellcheck shell=bash
# What the scripts share. Source it; it runs nothing by itself but `set`.
set -euo pipefail

# The root of the tree, wherever the caller stands.
tributary_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# Everything a build and its tests need, as Debian 12 names it. This is the only list.
build_packages=(
    cmake ninja-build g++ ccache mold pkg-config
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libboost-filesystem1.81-dev libboost-test1.81-dev
    libspdlog-dev libsqlite3-dev libssl-dev libsodium-dev prometheus-cpp-dev libcli11-dev libtomlplusplus-dev
    libre2-dev tzdata # for the rules: matches() and named time zones
    curl git ca-certificates
    jq make openssl nlohmann-json3-dev # for the examples, which are built and driven as their readers do
)

# What scripts/fuzz needs beyond that.
# shellcheck disable=SC2034
fuzz_packages=(clang libclang-rt-14-dev llvm-14)
# What tests/clients needs. Only where there is none: Node from elsewhere brings its own npm, and refuses Debian's.
node_packages=(nodejs npm)

if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
    bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'
else
    bold='' red='' plain=''
fi

# Progress goes to standard error, so that a script's output stays usable.
say() { printf '%s\n' "${bold}$*${plain}" >&2; }
stop() {
    printf '%s\n' "${red}error:${plain} $*" >&2
    exit 1
}

need_debian_12() {
    local id='' version='' name='an unknown system'
    if [[ -r /etc/os-release ]]; then
        # shellcheck source=/dev/null
        id=$(. /etc/os-release && printf '%s' "${ID:-}")
        # shellcheck source=/dev/null
        version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
        # shellcheck source=/dev/null
        name=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-}")
    fi
    [[ $id == debian && $version == 12 ]] || stop "tributary is built on Debian 12; this is $name"
}

# Installs those of the named packages that are missing. Quick, and needs no rights, when there are none.
need_packages() {
    local installed missing=() package as_root=()
    # Fails when a package is not known at all: that is a missing one too.
    installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii  *//p') || true
    for package in "$@"; do
        grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null || stop "packages are missing; run as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${#missing[@]} packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq >&2 || stop "apt-get update failed; see above"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" >&2 || stop "apt-get install failed; see above"
}

need_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        need_packages "${node_packages[@]}"
    fi
}

# Ends a process that this script started, and waits for it.
end_process() {
    if kill "$1" 2>/dev/null; then
        wait "$1" 2>/dev/null || true
    fi
}

# Is there such a preset?
need_preset() {
    case $1 in
        dev | release | asan | tsan | fuzz) ;;
        *) stop "no such preset: $1 (dev, release, asan, tsan, fuzz)" ;;
    esac
}

# Where a preset is built. TRIBUTARY_BUILD_ROOT moves all of them out of the tree.
build_directory() { printf '%s/%s' "${TRIBUTARY_BUILD_ROOT:-$tributary_root/build}" "$1"; }

# Installs what is missing, configures and builds a preset.
build_preset() {
    local preset=$1 directory
    need_debian_12
    need_preset "$preset"
    need_packages "${build_packages[@]}"
    directory=$(build_directory "$preset")
    # Lets another clone, or another build folder, find what was compiled before.
    export CCACHE_BASEDIR=$tributary_root CCACHE_NOHASHDIR=1
    say "configuring $preset in $directory"
    mkdir -p "$directory"
    (cd "$tributary_root" && cmake --preset "$preset" -B "$directory") >"$directory/configure.log" 2>&1 || {
        cat "$directory/configure.log" >&2
        stop "configuring failed"
    }
    say "building $preset"
    # TRIBUTARY_BUILD_TARGETS: only some targets, separated by spaces.
    # shellcheck disable=SC2086
    cmake --build "$directory" ${TRIBUTARY_BUILD_TARGETS:+--target $TRIBUTARY_BUILD_TARGETS} >&2
}

# Our own C and C++ files, by git's knowledge of them; $@ narrows them to paths.
source_files() {
    git -C "$tributary_root" ls-files --cached --others --exclude-standard -- "$@" |
        grep -E '\.(c|h|cpp|hpp)$' || true
}

# Shared by the scripts of bin/; sourced, never run.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export ROOT
cd "$ROOT"

# Build products stay outside the clone: a clone on a slow, shared or read-only disk still builds, and `git clean` costs nothing.
SRI_CACHE=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/sri
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$SRI_CACHE/target}
export npm_config_cache=${npm_config_cache:-$SRI_CACHE/npm}
PATH=$SRI_CACHE/tools/bin:$PATH

# The checked SQL macros read .sqlx; a DATABASE_URL meant for the program must not become the compiler's. bin/prepare alone asks a server.
export SQLX_OFFLINE=true

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# --- tools -----------------------------------------------------------------------------------------------------------------

RUST_OLDEST=1.95
NODE_OLDEST=18
NEXTEST=0.9.143

# Rust, a C compiler, Node and PostgreSQL's server programs: installs what apt can, names what it cannot.
need_tools() {
    has cargo || die "Rust is missing: install $RUST_OLDEST or newer from https://rustup.rs and open a new shell"
    local rust
    rust=$(cargo --version | cut -d' ' -f2)
    at_least "$rust" "$RUST_OLDEST" || die "Rust $rust is too old: SRI needs $RUST_OLDEST or newer (rustup update stable)"
    local missing=()
    has cc || missing+=(build-essential)
    has node || missing+=(nodejs)
    has npm || missing+=(npm)
    # A wrong SRI_PG_BIN is a mistake to name, not a reason to install.
    if ! pg_bin >/dev/null || ! has psql; then missing+=(postgresql); fi
    local tool
    for tool in "$@"; do
        case $tool in
            browser) need_browser ;;
            pdftotext) has pdftotext || missing+=(poppler-utils) ;;
            *) has "$tool" || missing+=("$tool") ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
    at_least "$(node --version | tr -d v)" "$NODE_OLDEST" || die "Node $(node --version) is too old: SRI needs $NODE_OLDEST or newer"
    local pg
    pg=$(pg_bin) || die "PostgreSQL's server programs were not found: set SRI_PG_BIN to their folder"
    [ "$(pg_major "$pg")" -ge "$PG_OLDEST" ] || die "PostgreSQL $(pg_major "$pg") in $pg is too old: SRI needs $PG_OLDEST or newer"
}

# Prints "yes" when cargo-nextest is there or could be installed, nothing when the tests have to go without it.
need_nextest() {
    has cargo-nextest || cargo install --quiet --locked --debug --root "$SRI_CACHE/tools" --version "$NEXTEST" cargo-nextest >&2 || true
    if has cargo-nextest; then echo yes; else say "cargo-nextest $NEXTEST could not be installed; cargo test runs the tests instead"; fi
}

# room MB: makes sure of that much free space for build products and test databases. Cargo never forgets what it built for an older
# commit or another clone, so our own cache is emptied when it has grown beyond what a few of them need, or when the space is short.
room() {
    local want=$1 most=25000 held free
    mkdir -p "$CARGO_TARGET_DIR"
    held=$(du -sm "$CARGO_TARGET_DIR" | cut -f1)
    free=$(df -Pm "$CARGO_TARGET_DIR" | awk 'NR == 2 { print $4 }')
    if [ "$CARGO_TARGET_DIR" = "$SRI_CACHE/target" ] && { [ "$held" -gt "$most" ] || [ "$free" -lt "$want" ]; }; then
        say "emptying $CARGO_TARGET_DIR, which holds $held MB with $free MB free; the next build starts anew"
        rm -rf "${CARGO_TARGET_DIR:?}"/*
        free=$(df -Pm "$CARGO_TARGET_DIR" | awk 'NR == 2 { print $4 }')
    fi
    [ "$free" -ge "$want" ] || die "only $free MB are free for $CARGO_TARGET_DIR; the build and its tests need $want MB"
}

# at_least HAVE WANT: compares versions number by number.
at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# The browser of the journeys: CHROMIUM if set, else what Debian or Google call it. Prints nothing when there is none. The shell
# without a window paints on a busy machine too, where the whole browser now and then stops to, and is twice as fast.
browser() {
    local name
    if [ -n "${CHROMIUM:-}" ]; then
        printf '%s' "$CHROMIUM"
        return
    fi
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        if has "$name"; then
            command -v "$name"
            return
        fi
    done
}

# Whoever has a browser is not asked for another, except where nobody is there to be asked.
need_browser() {
    if [ -n "$(browser)" ] && { [ -z "${CI:-}" ] || [ -n "${CHROMIUM:-}" ] || has chromium-headless-shell; }; then return; fi
    (apt_install chromium-headless-shell) || [ -n "$(browser)" ] || apt_install chromium
}

apt_install() {
    local by="apt-get install -y $*" sudo=''
    has apt-get || die "missing on this machine: $* (Debian's names); install them and run again"
    if [ "$(id -u)" -ne 0 ]; then
        by="sudo $by" sudo=sudo
        has sudo || die "missing on this machine: $*; ask an administrator to run: apt-get install -y $*"
        if ! sudo -n true 2>/dev/null; then
            [ -t 0 ] && [ -z "${CI:-}" ] || die "missing on this machine: $*; run: $by"
            read -r -p "Missing: $*. Install with '$by'? [y/N] " answer
            [[ $answer == [yY]* ]] || die "missing on this machine: $*; run: $by"
        fi
    fi
    say "installing $* with apt-get"
    # We want PostgreSQL's programs, not a cluster that starts with the machine and takes port 5432.
    local conf=/etc/postgresql-common/createcluster.d/sri.conf
    if [[ " $* " == *' postgresql '* ]]; then
        $sudo mkdir -p "${conf%/*}"
        echo 'create_main_cluster = false' | $sudo tee "$conf" >/dev/null
    fi
    local done=yes
    { $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } >&2 || done=
    $sudo rm -f "$conf"
    [ -n "$done" ] || die "apt-get could not install $* (its words are above); install them by hand and run again"
}

# --- steps -----------------------------------------------------------------------------------------------------------------

STEPS=() FAILED=0

# step NAME COMMAND…: runs it, goes on when it fails, and remembers.
step() {
    local name=$1 began=$SECONDS verdict=ok
    shift
    say "── $name"
    if ! "$@"; then verdict=FAILED FAILED=1; fi
    STEPS+=("$(printf '%-8s %-28s %5d s' "$verdict" "$name" $((SECONDS - began)))")
}

skip() { STEPS+=("$(printf '%-8s %-28s %s' skipped "$1" "$2")"); }

# Prints what happened and ends the script.
summary() {
    say '──'
    printf '%s\n' "${STEPS[@]}" >&2
    exit "$FAILED"
}

# --- PostgreSQL ------------------------------------------------------------------------------------------------------------

# The server program of SRI needs it, and so do the checked SQL macros.
PG_OLDEST=15

# Prints the folder of PostgreSQL's server programs: SRI_PG_BIN, else the newest of Debian's, else the one on the PATH.
# The same order as tenancy::embedded.
pg_bin() {
    local dir
    if [ -n "${SRI_PG_BIN:-}" ]; then
        [ -x "$SRI_PG_BIN/initdb" ] || die "SRI_PG_BIN=$SRI_PG_BIN holds no initdb; set it to the folder of PostgreSQL's server programs"
        printf '%s\n' "$SRI_PG_BIN"
        return
    fi
    while read -r dir; do
        if [ -x "$dir/initdb" ]; then printf '%s\n' "$dir"; return; fi
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5nr)
    dir=$(command -v initdb) || return 1
    dirname "$(readlink -f "$dir")"
}

pg_major() { "$1/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'; }

# Runs a command as somebody PostgreSQL accepts: it refuses root.
as_pg() {
    if [ "$(id -u)" -ne 0 ]; then "$@"
    elif id postgres >/dev/null 2>&1; then runuser -u postgres -- "$@"
    else runuser -u nobody -- "$@"
    fi
}

# Starts a PostgreSQL for this run of the script only and puts the URL of its superuser into PG_URL. Reachable through its socket
# alone, without fsync; gone when the script ends.
pg_throwaway() {
    local bin dir
    bin=$(pg_bin) || die "PostgreSQL's server programs are missing: apt-get install postgresql, or set SRI_PG_BIN"
    [ "$(pg_major "$bin")" -ge "$PG_OLDEST" ] || die "PostgreSQL $(pg_major "$bin") in $bin is too old; SRI needs $PG_OLDEST or newer"
    dir=$(mktemp -d /tmp/sri-pg.XXXXXX)
    [ "$(id -u)" -ne 0 ] || chown "$(as_pg id -u):$(as_pg id -g)" "$dir"
    PG_THROWAWAY_BIN=$bin PG_THROWAWAY_DIR=$dir
    trap pg_throwaway_stop EXIT
    (
        cd /
        as_pg "$bin/initdb" -D "$dir/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir.log" 2>&1 || exit 1
        as_pg "$bin/pg_ctl" -D "$dir/data" -w -s -l "$dir/log" \
            -o "-c listen_addresses='' -k $dir -c fsync=off -c max_locks_per_transaction=256" start >>"$dir.log" 2>&1
    ) || { cat "$dir.log" >&2; die "PostgreSQL did not start in $dir"; }
    # shellcheck disable=SC2034 # read by the scripts
    PG_URL="postgres://postgres@localhost/postgres?host=$dir"
}

pg_throwaway_stop() {
    [ -n "${PG_THROWAWAY_DIR:-}" ] || return 0
    (cd / && as_pg "$PG_THROWAWAY_BIN/pg_ctl" -D "$PG_THROWAWAY_DIR/data" -s -m immediate stop) >/dev/null 2>&1 || true
    rm -rf "$PG_THROWAWAY_DIR" "$PG_THROWAWAY_DIR.log"
    PG_THROWAWAY_DIR=
}

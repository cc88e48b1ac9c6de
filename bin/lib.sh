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

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

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
        as_pg "$bin/initdb" -D "$dir/data" -U postgres --auth=trust -E UTF8 --locale=C --no-sync >"$dir.log" 2>&1 || exit 1
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

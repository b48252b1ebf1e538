#!/usr/bin/env bash
# A throw-away PostgreSQL for tests: its own folder, loopback only, a random port and password,
# and nothing synced to disk. It is never the machine's own server.
#
#   scripts/postgres.sh run COMMAND…   run COMMAND with KAPU_TEST_POSTGRES set; the server dies with it
#   scripts/postgres.sh start          start one that stays (one per check-out) and print its DSN
#   scripts/postgres.sh dsn            print that DSN again
#   scripts/postgres.sh stop           stop it and remove its folder
set -euo pipefail
mask="$(umask)" # of whoever calls; the server's own files are nobody else's
umask 077

checkout="$(cd "$(dirname "$0")/.." && pwd)"
lasting="${TMPDIR:-/tmp}/kapu-postgres-$(id -u)-$(printf %s "$checkout" | cksum | cut -d' ' -f1)"

fail() { printf 'postgres.sh: %s\n' "$*" >&2; exit 1; }

# The newest installed server; Debian keeps its programs out of PATH.
binaries() {
  local newest
  newest="$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1 || true)"
  [ -n "$newest" ] || newest="$(command -v initdb)" || fail "no PostgreSQL here; scripts/setup.sh installs it"
  dirname "$newest"
}

# PostgreSQL refuses to run as root, so root lends it the account the Debian package made.
as_server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

random_port() { echo $((20000 + 0x$(random_hex 2) % 12000)); }

create() {
  local folder="$1" bin="$2"
  mkdir -m 700 "$folder/server"
  random_hex 16 >"$folder/server/password"
  chmod 600 "$folder/server/password"
  if [ "$(id -u)" = 0 ]; then chmod 711 "$folder" && chown -R postgres: "$folder/server"; fi
  as_server "$bin/initdb" --pgdata="$folder/server/data" --username=postgres --pwfile="$folder/server/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
    { cat "$folder/initdb.log" >&2; fail "initdb failed"; }
  as_server tee -a "$folder/server/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
timezone = 'UTC'
log_timezone = 'UTC'
CONF
}

# A free port cannot be reserved, so a taken one only means another try.
launch() {
  local folder="$1" bin="$2" port
  for _ in 1 2 3 4 5; do
    port="$(random_port)"
    if as_server "$bin/pg_ctl" --pgdata="$folder/server/data" --log="$folder/server/log" --wait --timeout=30 \
      --options="-p $port" start >/dev/null 2>&1; then
      printf 'postgres://postgres:%s@127.0.0.1:%s/postgres?sslmode=disable\n' \
        "$(cat "$folder/server/password")" "$port" >"$folder/dsn"
      return
    fi
  done
  as_server cat "$folder/server/log" >&2 || true
  fail "the server did not start"
}

start_in() {
  local folder="$1" bin
  bin="$(binaries)"
  create "$folder" "$bin"
  launch "$folder" "$bin"
}

running_in() {
  [ -f "$1/dsn" ] && as_server "$(binaries)/pg_ctl" --pgdata="$1/server/data" status >/dev/null 2>&1
}

stop_in() {
  [ -d "$1" ] || return 0
  as_server "$(binaries)/pg_ctl" --pgdata="$1/server/data" --mode=immediate --wait stop >/dev/null 2>&1 || true
  rm -rf "$1"
}

case "${1:-}" in
run)
  shift
  folder="$(mktemp -d "${TMPDIR:-/tmp}/kapu-postgres.XXXXXX")"
  trap 'stop_in "$folder"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start_in "$folder"
  (
    umask "$mask"
    KAPU_TEST_POSTGRES="$(cat "$folder/dsn")" "$@"
  )
  ;;
start)
  if ! running_in "$lasting"; then
    stop_in "$lasting"
    mkdir -m 700 "$lasting"
    start_in "$lasting"
  fi
  cat "$lasting/dsn"
  ;;
dsn)
  running_in "$lasting" || fail "not running; scripts/postgres.sh start"
  cat "$lasting/dsn"
  ;;
stop) stop_in "$lasting" ;;
*) sed -n '2,9s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac

#!/bin/sh
# A PostgreSQL server of its own in a temporary folder, reached by a socket there; fsync as shipped. It lives as long as somebody holds
# its standard input open, so nothing stays behind when a test process is killed.
#   sh postgres-server.sh BIN     prints the folder when the server answers; then takes lines: stop, kill, start, each answered by a line
bin=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/rec-postgres-XXXXXX") || exit 1
cd "$dir" || exit 1

start() {
  "$bin/pg_ctl" -D data -l log -s -w -t 60 -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=200" start
}

stop() { "$bin/pg_ctl" -D data -s -w -m "$1" stop; }

clear() {
  [ -f data/postmaster.pid ] && stop immediate
  cd / && rm -rf "$dir"
}

trap clear EXIT
# Also where nobody is left to read what it says.
trap 'exit 1' HUP INT TERM PIPE
# What initdb writes need not outlive a power cut; what the server writes is synced as on a server.
"$bin/initdb" -D data -U orleansrec -A trust -E UTF8 --locale=C --no-sync --no-instructions >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
start >&2 || { cat log >&2; exit 1; }
echo "$dir"
while read -r word; do
  case $word in
    stop) stop fast >&2 ;;
    kill) stop immediate >&2 ;;
    start) start >&2 ;;
  esac
  echo "$word $?"
done

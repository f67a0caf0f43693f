#!/usr/bin/env bash
# A throw-away PostgreSQL for tests: `tests/postgres.sh start FOLDER` prints its URL, `stop FOLDER` ends and deletes it.
# initdb refuses to run as root, so root hands it to the user "postgres" (made if missing).
set -euo pipefail
action=$1 folder=$2

bin=$(dirname "$(readlink -f "$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)")" 2>/dev/null || true)
if [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL's server programs are not installed (Debian: postgresql)." >&2
  exit 3
fi
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
cd /  # the owner may not be allowed to read the folder that we were called from

case $action in
  start)
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then
      id postgres >/dev/null 2>&1 || useradd --system --no-create-home postgres
      chown postgres "$folder"
    fi
    chmod 755 "$folder"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    as_owner "$bin/initdb" -D "$folder/data" -U pekon -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder.log"
    as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" -o "-c listen_addresses=127.0.0.1 -p $port -k $folder/data \
      -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >>"$folder.log"
    echo "postgres://pekon@127.0.0.1:$port/postgres"
    ;;
  stop)
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null
    rm -rf "$folder" "$folder.log"
    ;;
esac

#!/usr/bin/env bash
# Backup and restore, tried as `make test` has no time for. Called by `make check-restore`; STORIES and PHOTOS are the size
# of the drill at the end.
set -uo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-.venv/bin/python}
. tests/steps.sh
tests/packages.sh
postgres=$(mktemp -d /tmp/pekon-postgres.XXXXXX)
url=$(tests/postgres.sh start "$postgres") || exit
trap 'tests/postgres.sh stop "$postgres"' EXIT

step "on SQLite" env THOROUGH=1 DATABASE_URL=sqlite://:memory: "$python" -m pytest -q tests/backup
step "on PostgreSQL" env THOROUGH=1 DATABASE_URL="$url" "$python" -m pytest -q -m databases tests/backup
step "PostgreSQL, recovered to a moment" "$python" -m tests.backup.point_in_time
step "a large installation" "$python" -m benchmarks.restore \
  --stories "${STORIES:-100000}" --photos "${PHOTOS:-2000}" --database-url "$url"
finish

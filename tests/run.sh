#!/usr/bin/env bash
# All tests: style and types, then the suite on SQLite and on PostgreSQL, the browser included. Called by `make test`.
# What a test needs and the machine lacks is installed (as root, on Debian), or skipped by name; with CI=true a
# missing part is an error. PYTEST_ARGS are passed on to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
began=$SECONDS
failed=()
skipped=()

step() { # step NAME COMMAND...: run it, remember it if it fails
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@" || failed+=("$name")
  printf -- '-- %s: %d s\n' "$name" $((SECONDS - start))
}

missing() { # missing WHAT: a part that this machine lacks
  if [ "${CI:-}" = true ]; then failed+=("missing: $1"); else skipped+=("$1"); fi
  printf '\n!! NOT TESTED on this machine: %s\n' "$1" >&2
}

install() { # install PROGRAM PACKAGE: with Debian's packages, if we may
  PATH=$PATH:/usr/sbin command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $2 …"
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends "$2"; } >/dev/null 2>&1
  fi
  PATH=$PATH:/usr/sbin command -v "$1" >/dev/null || missing "$2 (install it with: apt-get install $2)"
}

install chromium chromium
install xgettext gettext
install nginx nginx
install redis-server redis-server

step "style" "$python" -m ruff check .
step "format" "$python" -m ruff format --check .
step "templates" bash -c "find templates -name '*.html' -print0 | xargs -0 '$(dirname "$python")/djade' --check --target-version 5.2"
step "types" "$python" -m mypy
step "migrations" env SECRET_KEY=x "$python" manage.py makemigrations --check --dry-run
step "deployment check" env DEBUG=false DOMAIN=pekon.web.id DATABASE_URL=postgres://pekon@127.0.0.1/pekon \
  EMAIL_URL=submission://pekon:secret@127.0.0.1:587 \
  SECRET_KEY="$("$python" -c 'import secrets; print(secrets.token_hex(32))')" \
  "$python" manage.py check --deploy --fail-level WARNING

step "tests on SQLite" env DATABASE_URL=sqlite://:memory: \
  "$python" -m pytest -n 2 --dist loadgroup ${PYTEST_ARGS:-}

postgres=$(mktemp -d /tmp/pekon-postgres.XXXXXX)
if url=$(tests/postgres.sh start "$postgres"); then
  trap 'tests/postgres.sh stop "$postgres"' EXIT
  step "tests on PostgreSQL" env DATABASE_URL="$url" \
    "$python" -m pytest -n 2 --dist loadgroup --database-tests-only ${PYTEST_ARGS:-}
else
  missing "PostgreSQL (install it with: apt-get install postgresql)"
fi

printf '\n== %d s in all\n' $((SECONDS - began))
for part in "${skipped[@]}"; do printf 'SKIPPED: %s\n' "$part"; done
for part in "${failed[@]}"; do printf 'FAILED: %s\n' "$part"; done
[ ${#failed[@]} -eq 0 ]

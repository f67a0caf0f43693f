#!/usr/bin/env bash
# All tests: style and types, then the suite on SQLite and on PostgreSQL, the browser included. Called by `make test`.
# PYTEST_ARGS are passed on to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
. tests/steps.sh

install chromium chromium
install xgettext gettext
install nginx nginx
install caddy caddy
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

finish

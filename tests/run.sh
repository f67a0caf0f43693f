#!/usr/bin/env bash
# All tests: style and types, then the suite on SQLite and what is marked `databases` on PostgreSQL, the browser
# included. Called by `make test`. PYTEST_ARGS are passed on to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
unset MAKEFLAGS MFLAGS MAKELEVEL # a `make` that a test starts must not join this one's jobs
. tests/steps.sh

tests/packages.sh
for program in chromium xgettext:gettext nginx caddy redis-server; do install "${program%:*}" "${program#*:}"; done

# Two workers more than there are processors, because each sometimes waits for a browser or a server.
# A test that fails is tried once more: on a busy machine a browser, a server or a clock may be at fault. Its first
# failure is printed at the end as RERUN, to be mended.
pytest=("$python" -m pytest -n $(($(nproc) + 2)) --dist loadgroup --reruns 1)
lint_log=$(mktemp /tmp/pekon-lint.XXXXXX)
postgres=$(mktemp -d /tmp/pekon-postgres.XXXXXX)
trap 'rm -f "$lint_log"; [ -z "${url:-}" ] || tests/postgres.sh stop "$postgres"' EXIT

PYTHON=$python tests/lint.sh >"$lint_log" 2>&1 & # most of it uses one processor at a time
lint=$!
lint_says() {
  wait "$lint"
  local status=$?
  cat "$lint_log"
  return $status
}

step "tests on SQLite" env DATABASE_URL=sqlite://:memory: "${pytest[@]}" ${PYTEST_ARGS:-}
if url=$(tests/postgres.sh start "$postgres"); then
  mapfile -t both < <(grep -rl --include='test_*.py' 'mark\.databases' tests) # reading all files takes each worker longer
  step "tests on PostgreSQL" env DATABASE_URL="$url" "${pytest[@]}" -m databases "${both[@]}" ${PYTEST_ARGS:-}
else
  missing "PostgreSQL (install it with: apt-get install postgresql)"
fi
step "style and types, which ran beside them" lint_says

finish

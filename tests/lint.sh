#!/usr/bin/env bash
# Style and types of everything: `make lint`, and a part of `make test`, which runs it beside the tests.
# What Node.js checks (Biome, TypeScript) is installed into VAR from tests/lint/package-lock.json.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
. tests/steps.sh
longest=160 # characters in a line of a template

templates() { # one element a line; those of Django in djade's format, which does not know Jinja2 (templates/readers)
  find templates -path templates/readers -prune -o -name '*.html' -print0 | xargs -0 "$(dirname "$python")/djade" --check --target-version 5.2 &&
    find templates -type f -print0 | xargs -0 awk -v longest=$longest '
      length > longest { printf "%s:%d: %d characters, not more than %d\n", FILENAME, FNR, length, longest; bad = 1 }
      END { exit bad }'
}

scripts_have_types() { # pages and the service worker have different globals
  "$node/tsc" --project tsconfig.json && "$node/tsc" --project tsconfig.worker.json
}

step "style" "$python" -m ruff check .
step "format" "$python" -m ruff format --check .
step "templates" templates
step "imports" "$(dirname "$python")/lint-imports"
step "types" "$python" -m mypy
step "migrations" env SECRET_KEY=x "$python" manage.py makemigrations --check --dry-run
step "deployment check" env DEBUG=false DOMAIN=pekon.web.id DATABASE_URL=postgres://pekon@127.0.0.1/pekon \
  EMAIL_URL=submission://pekon:secret@127.0.0.1:587 \
  SECRET_KEY="$("$python" -c 'import secrets; print(secrets.token_hex(32))')" \
  "$python" manage.py check --deploy --fail-level WARNING
if install node nodejs && install npm npm; then
  if node_tools tests/lint "${VAR:-var}/lint"; then
    node=${VAR:-var}/lint/node_modules/.bin
    step "scripts and styles" "$node/biome" ci
    step "script types" scripts_have_types
  else
    missing "Biome and TypeScript (npm could not install them)"
  fi
fi

finish

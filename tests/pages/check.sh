#!/usr/bin/env bash
# Every kind of page under every judge, for `make check-pages`: what it finds stands in VAR/pages, beside pictures.
# PARTS="axe html" runs only those. Node's tools are installed into VAR, from a lock file.
set -uo pipefail
cd "$(dirname "$0")/../.."
. tests/steps.sh
python=${PYTHON:-.venv/bin/python}
folder=${VAR:-var}/pages
parts=${PARTS:-axe width order html longest lighthouse}

tools() { # install Node's tools as tests/pages/package-lock.json has them, unless they are there
  local lock=tests/pages/package-lock.json there=$folder/node
  cmp -s "$lock" "$there/installed" && return
  mkdir -p "$there" && cp tests/pages/package.json "$lock" "$there" || return
  # No install scripts: nothing that they would download is used.
  npm ci --prefix "$there" --ignore-scripts --no-audit --no-fund --loglevel error && cp "$lock" "$there/installed"
}

leave_out() { # leave_out PART: what this machine cannot do
  parts=$(printf '%s\n' $parts | grep -vx "$1" | tr '\n' ' ')
}

mkdir -p "$folder"
install chromium chromium || parts=""
if [[ $parts = *html* || $parts = *lighthouse* ]]; then
  if ! { install node nodejs && install npm npm; }; then
    leave_out html && leave_out lighthouse
  elif ! tools; then
    missing "lighthouse and vnu-jar (npm could not install them)"
    leave_out html && leave_out lighthouse
  fi
  install java default-jre-headless || leave_out html
fi
# shellcheck disable=SC2086
[ -z "$parts" ] || step "pages" "$python" -m tests.pages.check "$folder" $parts
finish

#!/usr/bin/env bash
# Every kind of page under every judge, for `make check-pages`. Findings and pictures are written to VAR/pages.
# PARTS="axe html" runs only those. Node's tools are installed into VAR, from a lock file.
set -uo pipefail
cd "$(dirname "$0")/../.."
. tests/steps.sh
python=${PYTHON:-.venv/bin/python}
folder=${VAR:-var}/pages
parts=${PARTS:-axe width order html longest newsroom lighthouse}

leave_out() { # leave_out PART: what this machine cannot do
  parts=$(printf '%s\n' $parts | grep -vx "$1" | tr '\n' ' ')
}

mkdir -p "$folder"
install chromium chromium || parts=""
if [[ $parts = *html* || $parts = *lighthouse* ]]; then
  if ! { install node nodejs && install npm npm; }; then
    leave_out html && leave_out lighthouse
  elif ! node_tools tests/pages "$folder/node"; then
    missing "lighthouse and vnu-jar (npm could not install them)"
    leave_out html && leave_out lighthouse
  fi
  install java default-jre-headless || leave_out html
fi
# shellcheck disable=SC2086
[ -z "$parts" ] || step "pages" "$python" -m tests.pages.check "$folder" $parts
finish

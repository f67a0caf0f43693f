#!/usr/bin/env bash
# Collects the texts to translate into pekon/locale/id, and compiles the translations: `make messages`. Needs gettext.
# Entries stand in the order of their texts, each string on one line and without the date of collecting, so that a text
# that did not change leaves its lines alone, wherever it moves in the code.
set -euo pipefail
python=${1:?the Python to run manage.py with}
catalogue=pekon/locale/id/LC_MESSAGES/django.po

"$python" manage.py makemessages --locale id --ignore .venv --ignore var --no-location --no-obsolete --no-wrap
msgcat --sort-output --no-wrap "$catalogue" | sed '/^"POT-Creation-Date:/d' >"$catalogue.new"
mv "$catalogue.new" "$catalogue"
"$python" manage.py compilemessages --locale id --ignore .venv

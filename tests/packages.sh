#!/usr/bin/env bash
# Installs the Debian packages that the tests need, in one call, if run as root. tests/run.sh names what is missing afterwards.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/steps.sh
install_all chromium chromium xgettext gettext nginx nginx caddy caddy redis-server redis-server \
  node nodejs npm npm "/usr/lib/postgresql/*/bin/initdb" postgresql

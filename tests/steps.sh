# shellcheck shell=bash
# What scripts that run in steps share: each step's time, what failed, and what this machine lacks.
# What is missing is installed (as root, on Debian), or skipped by name; with CI=true a missing part is an error.
failed=()
skipped=()
updated=
began=$SECONDS

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

install() { # install PROGRAM PACKAGE: with Debian's packages, if we may; false if it is not there afterwards
  PATH=$PATH:/usr/sbin command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $2 …"
    [ -n "$updated" ] || apt-get -qq update >/dev/null 2>&1
    updated=yes
    apt-get -qq install -y --no-install-recommends "$2" >/dev/null 2>&1
  fi
  PATH=$PATH:/usr/sbin command -v "$1" >/dev/null || { missing "$2 (install it with: apt-get install $2)"; false; }
}

finish() { # say what was skipped and what failed; false if anything did
  printf '\n== %d s in all\n' $((SECONDS - began))
  for part in "${skipped[@]}"; do printf 'SKIPPED: %s\n' "$part"; done
  for part in "${failed[@]}"; do printf 'FAILED: %s\n' "$part"; done
  [ ${#failed[@]} -eq 0 ]
}

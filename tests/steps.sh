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

there() { # there PROGRAM: by its name, or by a pattern of paths
  PATH=$PATH:/usr/sbin command -v "$1" >/dev/null || compgen -G "$1" >/dev/null
}

install_all() { # install_all PROGRAM PACKAGE [PROGRAM PACKAGE ...]: the packages whose programs are missing, in one call
  local packages=()
  while [ $# -gt 0 ]; do
    there "$1" || packages+=("$2")
    shift 2
  done
  if [ ${#packages[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${packages[*]} …"
    export DEBIAN_FRONTEND=noninteractive
    [ -n "$updated" ] || apt-get -qq update >/dev/null 2>&1
    updated=yes
    apt-get -qq install -y --no-install-recommends "${packages[@]}" >/dev/null 2>&1
  fi
}

install() { # install PROGRAM PACKAGE: from Debian, if run as root; false if the program is not there afterwards
  install_all "$1" "$2"
  there "$1" || { missing "$2 (install it with: apt-get install $2)"; false; }
}

node_tools() { # node_tools LOCKED INTO: install the Node.js tools of LOCKED/package-lock.json, unless they are there
  cmp -s "$1/package-lock.json" "$2/installed" && return
  mkdir -p "$2" && cp "$1/package.json" "$1/package-lock.json" "$2" || return
  # No install scripts: nothing that they would download is used.
  npm ci --prefix "$2" --ignore-scripts --no-audit --no-fund --loglevel error && cp "$1/package-lock.json" "$2/installed"
}

finish() { # say what was skipped and what failed; false if anything did
  printf '\n== %d s in all\n' $((SECONDS - began))
  for part in "${skipped[@]}"; do printf 'SKIPPED: %s\n' "$part"; done
  for part in "${failed[@]}"; do printf 'FAILED: %s\n' "$part"; done
  [ ${#failed[@]} -eq 0 ]
}

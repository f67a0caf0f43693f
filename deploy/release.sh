# What install.sh and upgrade.sh share: a release is a folder with its code and its packages, and `current` a link to one.
#
#   PREFIX/.env                 the settings, which no release brings or changes
#   PREFIX/releases/NAME/       code, .venv, a link to .env; RELEASE is written last, so a folder without it is unfinished
#   PREFIX/current, previous    links
#   PREFIX/var                  what Pekon writes (VAR_DIR)

PREFIX=${PREFIX:-/srv/pekon}
DESTDIR=${DESTDIR:-}
PEKON_USER=${PEKON_USER:-pekon}
PYTHON=${PYTHON:-python3}
SYSTEMCTL=${SYSTEMCTL:-systemctl}
KEEP=3 # releases
dry_run=
source=$(cd "$(dirname "$0")/.." && pwd -P)

say() { echo "• $*"; }
stop() { echo "$0: $*" >&2; exit 1; }

# A command that changes something.
run() {
  if [ -n "$dry_run" ]; then echo "  $*"; else "$@"; fi
}

# A command that changes the machine and not only files, so DESTDIR leaves it out.
on_machine() {
  if [ -n "$DESTDIR" ]; then echo "  (on the machine: $*)"; else run "$@"; fi
}

# manage.py of a release's folder, as Pekon's own user.
manage() { # RELEASE'S-FOLDER COMMAND…
  of=$1
  shift
  on_machine runuser -u "$PEKON_USER" -- "$of/deploy/manage" "$@"
}

has_command() { # RELEASE'S-FOLDER COMMAND
  runuser -u "$PEKON_USER" -- "$1/deploy/manage" help --commands 2>/dev/null | grep -qx "$2"
}

require_root() {
  [ -n "$dry_run$DESTDIR" ] || [ "$(id -u)" = 0 ] || stop "run it as root (sudo $0)"
}

git_here() { git -c safe.directory='*' -C "$source" "$@" 2>/dev/null; }

# The version, and of what is between two versions the commit too: 0.2.0, 0.2.0+1a2b3c4d, 0.2.0+1a2b3c4d.changed
release_name() {
  version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source/pyproject.toml")
  if [ -n "${RELEASE:-}" ]; then
    echo "$RELEASE"
  elif [ "$(git_here rev-parse --show-toplevel)" != "$source" ] || [ "$(git_here describe --tags --exact-match)" = "v$version" ]; then
    echo "$version"
  else
    changed=$([ -z "$(git_here status --porcelain --untracked-files=no)" ] || echo .changed)
    echo "$version+$(git_here rev-parse --short=8 HEAD)$changed"
  fi
}

copy_code() { # TO
  if [ "$(git_here rev-parse --show-toplevel)" = "$source" ]; then
    git_here ls-files -z | tar -c -C "$source" --null --files-from=- | tar -x -C "$1" --no-same-owner
  else
    tar -c -C "$source" --exclude=./.venv --exclude=./var --exclude=./.git --exclude=./.env . | tar -x -C "$1" --no-same-owner
  fi
}

# Code and packages of the release in $source. What is there and complete is left alone.
build_release() { # NAME
  folder=$PREFIX/releases/$1
  if [ -f "$DESTDIR$folder/RELEASE" ]; then
    say "release $1 is in its place"
    return
  fi
  say "release $1: code and packages"
  run rm -rf "$DESTDIR$folder"
  run mkdir -p "$DESTDIR$folder"
  run copy_code "$DESTDIR$folder"
  run ln -s "$PREFIX/.env" "$DESTDIR$folder/.env"
  on_machine "$PYTHON" -m venv "$folder/.venv"
  on_machine "$folder/.venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$folder/requirements.txt"
  on_machine "$folder/.venv/bin/python" -m compileall -q "$folder/pekon" "$folder/regions" "$folder/news"
  run chmod -R u=rwX,go=rX "$DESTDIR$folder"
  [ -n "$dry_run" ] || echo "$1" >"$DESTDIR$folder/RELEASE"
}

point() { # LINK TO
  run ln -sfn "$2" "$DESTDIR$PREFIX/$1.new"
  run mv -T "$DESTDIR$PREFIX/$1.new" "$DESTDIR$PREFIX/$1"
}

# systemd's files of a release, with this install's folder. What operators change is in drop-ins (systemctl edit).
install_units() { # RELEASE'S-FOLDER
  units=$DESTDIR/etc/systemd/system
  run mkdir -p "$units/pekon-.service.d"
  for file in $(cd "$DESTDIR$1/deploy/systemd" && find . -type f); do
    if [ -n "$dry_run" ]; then
      echo "  $units/${file#./}"
    else
      sed -e "s#/srv/pekon#$PREFIX#g" -e "s#^\(User\|Group\)=pekon\$#\1=$PEKON_USER#" "$DESTDIR$1/deploy/systemd/$file" >"$units/$file"
      chmod 644 "$units/$file"
    fi
  done
  on_machine "$SYSTEMCTL" daemon-reload
}

#!/bin/sh
# Upgrades Pekon to the release that this file belongs to, or goes back to the one before. docs/operate.md says more.
#
#   deploy/upgrade.sh [--dry-run]
#   deploy/upgrade.sh --rollback
#
# BACKUP=DIR    where the backup goes, which is made first: the places of the setting BACKUP_TO. BACKUP=no makes none
# PREFIX        where Pekon lives: /srv/pekon
#
# Readers and the newsroom go on all the while: the new release's tables are ones that the former release can work with,
# static files of both are kept, and gunicorns are restarted one after the other. It stops at the first step that fails;
# up to "restart" nothing that runs has changed, and a gunicorn that does not start brings the former release back.
# If it was killed, start it again in the same way: it goes on.
set -eu
. "$(dirname "$0")/release.sh"

rollback=
for argument; do
  case $argument in
    --dry-run) dry_run=yes ;;
    --rollback) rollback=yes ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
  esac
done
require_root
[ -L "$PREFIX/current" ] || stop "there is no install in $PREFIX. The first one is made by deploy/install.sh"
exec 9<"$PREFIX"
flock -n 9 || stop "another upgrade is going on"

# One gunicorn after the other: `systemctl restart` returns when the new one answers. Then the workers, which finish
# what they are doing.
restart() {
  units=$("$SYSTEMCTL" list-units --plain --no-legend --state=active,activating,reloading,failed 'pekon-web@*' 'pekon-worker@*' | awk '{print $1}')
  for unit in $units; do
    say "restart $unit"
    run "$SYSTEMCTL" restart "$unit" || return 1
  done
  run rm -f "$unfinished"
}

# From before `current` moves until all is restarted, this file says what goes on: upgrade or rollback, to, from.
unfinished=$PREFIX/unfinished

switch() { # upgrade|rollback TO FROM
  [ -n "$dry_run" ] || echo "$1 $2 $3" >"$unfinished"
  point previous "$3"
  point current "$2"
  install_units "$PREFIX/$2"
}

running=$(readlink "$PREFIX/current")
begun='' to='' from=''
[ ! -f "$unfinished" ] || read -r begun to from <"$unfinished"

if [ -n "$rollback" ]; then
  case $begun in
    upgrade) running=$to former=$from ;;
    rollback) running=$from former=$to ;;
    *) former=$(readlink "$PREFIX/previous") || stop "there is no former release to go back to" ;;
  esac
  [ -f "$PREFIX/$former/RELEASE" ] || stop "$PREFIX/$former is not there any more"
  say "from ${running#releases/} back to ${former#releases/}. Tables stay as they are (CHANGELOG.md says where that is not enough)"
  switch rollback "$former" "$running"
  restart
  say "Pekon ${former#releases/} is running."
  exit 0
fi

name=$(release_name)
folder=$PREFIX/releases/$name

# All that changes nothing that runs.
prepare() {
  free=$(df -Pm "$PREFIX" | awk 'NR == 2 {print $4}')
  [ "$free" -gt 2000 ] || stop "$PREFIX has $free MB left, and a release needs up to 1000: make room first"

  build_release "$name"
  say "checks"
  manage "$folder" check --deploy --fail-level WARNING --database default

  if [ "${BACKUP:-}" = no ]; then
    say "no backup, as you wished"
  elif has_command "$PREFIX/current" backup; then
    say "backup"
    manage "$PREFIX/current" backup ${BACKUP:+"$BACKUP"}
  else
    stop "${running#releases/} has no command for a backup: make one (docs/operate.md), then start this with BACKUP=no"
  fi

  say "static files, beside those of ${running#releases/}"
  manage "$folder" collectstatic --noinput --verbosity 0
  say "tables"
  manage "$folder" migrate --verbosity 0
}

if [ "$to" = "releases/$name" ]; then
  running=$from
  say "from ${running#releases/} to $name: it was begun, and goes on"
elif [ "$running" = "releases/$name" ]; then
  say "Pekon $name is what is running."
  exit 0
else
  say "from ${running#releases/} to $name"
  prepare
fi
say "restart"
switch upgrade "releases/$name" "$running"
if ! restart; then
  echo "A part of $name did not start, so ${running#releases/} comes back. The reason: journalctl -u 'pekon-*'" >&2
  switch rollback "$running" "releases/$name"
  restart
  stop "${running#releases/} is running. Nothing is lost: the new tables do not disturb it."
fi
if [ -z "$dry_run" ] && has_command "$PREFIX/current" doctor; then
  say "doctor"
  manage "$PREFIX/current" doctor || echo "  What the doctor says needs you. Back to the former release: deploy/upgrade.sh --rollback" >&2
fi

# The newest releases stay, and always the running and the former one.
# shellcheck disable=SC2012
for old in $(ls -1t "$PREFIX/releases" | tail -n +$((KEEP + 1))); do
  case "releases/$old" in "releases/$name" | "$running") ;; *) run rm -rf "$PREFIX/releases/$old" ;; esac
done
if ! cmp -s "$PREFIX/$running/deploy/nginx/pekon.conf" "$folder/deploy/nginx/pekon.conf"; then
  say "nginx's files have changed. Compare and take over: diff -r $PREFIX/$running/deploy/nginx $folder/deploy/nginx"
fi
say "Pekon $name is running."

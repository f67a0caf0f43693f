#!/bin/sh
# Installs Pekon on Debian 12 or 13, as docs/operate.md describes. Run it again at any time: it does what is missing.
#
#   DOMAIN=pekon.web.id EMAIL_URL=submission://user:password@host:587 deploy/install.sh [--dry-run]
#
# DOMAIN        the network's host. Not needed once PREFIX/.env is there, which is never changed
# EMAIL_URL     the mail server; console: writes mail into the log
# DATABASE_URL  by default the database "pekon" of this machine's PostgreSQL, without a password
# PREFIX        where it lives: /srv/pekon
# NGINX=no      leaves nginx alone: on machines that only run Pekon
# START=no      starts nothing
# DESTDIR       writes all files below this folder, and does nothing else
# --dry-run     says what it would do
set -eu
. "$(dirname "$0")/release.sh"

for argument; do
  case $argument in
    --dry-run) dry_run=yes ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
  esac
done
require_root
env_file=$DESTDIR$PREFIX/.env
if [ -f "$env_file" ]; then
  DOMAIN=$(sed -n 's/^DOMAIN=//p' "$env_file")
fi
[ -n "${DOMAIN:-}" ] || stop "set DOMAIN, the network's host: DOMAIN=pekon.web.id $0"
[ -f "$env_file" ] || [ -n "${EMAIL_URL:-}" ] || stop "set EMAIL_URL, the mail server; console: writes mail into the log"
[ -n "$DESTDIR" ] || "$PYTHON" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  stop "Python 3.11 with venv is missing: apt-get install python3-venv"

say "user $PEKON_USER and folders"
id "$PEKON_USER" >/dev/null 2>&1 ||
  on_machine useradd --system --user-group --home-dir "$PREFIX" --no-create-home --shell /usr/sbin/nologin "$PEKON_USER"
run mkdir -p "$DESTDIR$PREFIX/releases" "$DESTDIR$PREFIX/var" "$DESTDIR/var/backups/pekon"
run chmod 755 "$DESTDIR$PREFIX" "$DESTDIR$PREFIX/releases" "$DESTDIR$PREFIX/var"
run chmod 700 "$DESTDIR/var/backups/pekon"
on_machine chown "$PEKON_USER:$PEKON_USER" "$PREFIX/var" /var/backups/pekon

if [ -f "$env_file" ]; then
  say "$PREFIX/.env is there and stays as it is"
elif [ -n "$dry_run" ]; then
  say "would write $PREFIX/.env"
else
  say "settings: $PREFIX/.env"
  cores=$(nproc)
  (
    umask 077
    {
      echo "# The settings. docs/operate.md explains each. After a change: systemctl reload 'pekon-web@*' && systemctl restart 'pekon-worker@*'"
      echo "DEBUG=false"
      echo "DOMAIN=$DOMAIN"
      echo "# Keep a copy of it in a safe place: second factors are encrypted under it."
      echo "SECRET_KEY=$(od -An -N 40 -tx1 /dev/urandom | tr -d ' \n')"
      echo "DATABASE_URL=${DATABASE_URL:-postgres://%2Fvar%2Frun%2Fpostgresql/pekon}"
      echo "EMAIL_URL=$EMAIL_URL"
      echo "VAR_DIR=$PREFIX/var"
      echo "TRUSTED_PROXY_COUNT=1"
      echo "# Better a folder of another machine's disk, or s3://bucket/prefix (docs/operate.md, Backup)."
      echo "BACKUP_TO=/var/backups/pekon"
      echo "# pekon-web@1 and @2, and the processes of each."
      echo "GUNICORNS=2"
      echo "WORKERS=$(((cores > 8 ? 8 : cores) / 2 > 1 ? (cores > 8 ? 8 : cores) / 2 : 1))"
      [ -z "${REDIS_URL:-}" ] || echo "REDIS_URL=$REDIS_URL"
    } >"$env_file"
  )
fi
on_machine chown "root:$PEKON_USER" "$PREFIX/.env"
[ ! -f "$env_file" ] || run chmod 640 "$env_file"

name=$(release_name)
build_release "$name"
folder=$PREFIX/releases/$name
manage "$folder" check --deploy --fail-level WARNING
say "database and static files"
manage "$folder" migrate --verbosity 0
manage "$folder" collectstatic --noinput --verbosity 0
if [ -n "$DESTDIR$dry_run" ] || [ "$(runuser -u "$PEKON_USER" -- "$folder/deploy/manage" shell -v 0 -c 'from regions.models import Region; print(Region.objects.exists())')" = False ]; then
  say "regions: Pekon's starter list"
  manage "$folder" loadregions
fi
[ -e "$DESTDIR$PREFIX/current" ] || point current "releases/$name"
if [ -z "$dry_run$DESTDIR" ] && [ "$(readlink "$PREFIX/current")" != "releases/$name" ]; then
  stop "$(readlink "$PREFIX/current") is installed. What is left to do for $name is an upgrade: deploy/upgrade.sh"
fi

say "pekon-manage: manage.py as the user $PEKON_USER"
run mkdir -p "$DESTDIR/usr/local/bin"
if [ -z "$dry_run" ]; then
  printf '#!/bin/sh\nexec runuser -u %s -- %s/current/deploy/manage "$@"\n' "$PEKON_USER" "$PREFIX" >"$DESTDIR/usr/local/bin/pekon-manage"
  chmod 755 "$DESTDIR/usr/local/bin/pekon-manage"
fi

say "systemd: pekon.target, timers"
install_units "$folder"
timers="pekon-renditions.timer"
for command in clearsessions empty_bin prune_db_task_results prune_notices prune_static prune_versions prune_working_copies send_notices; do
  timers="$timers pekon-nightly@$command.timer"
done
if [ -z "$dry_run$DESTDIR" ] && has_command "$folder" backup; then
  timers="$timers pekon-backup.timer pekon-backup-drill.timer"
fi
# shellcheck disable=SC2086
on_machine "$SYSTEMCTL" enable --quiet pekon.target $timers

if [ "${NGINX:-yes}" != no ]; then
  conf=$DESTDIR/etc/nginx
  if [ -f "$conf/conf.d/pekon.conf" ]; then
    say "nginx: $conf/conf.d/pekon.conf is there and stays as it is"
  else
    say "nginx: $conf/conf.d/pekon.conf and $conf/pekon/"
    run mkdir -p "$conf/conf.d" "$conf/pekon" "$DESTDIR/var/cache/nginx"
    # From 1.25.1 on, nginx has a directive of its own for HTTP/2 and says so about the former way.
    version=$(nginx -v 2>&1 | sed 's#.*/\([0-9]*\)\.\([0-9]*\).*#\1 \2#')
    http2=
    # shellcheck disable=SC2086
    set -- $version
    if [ "${1:-1}" -gt 1 ] || [ "${2:-22}" -gt 25 ]; then http2='s#^\( *\)listen 443 ssl http2;.*#\1listen 443 ssl;\n\1http2 on;#;s#ssl http2;#ssl;#'; fi
    for file in "$source"/deploy/nginx/*; do
      to=$conf/pekon/$(basename "$file")
      [ "$(basename "$file")" != pekon.conf ] || to=$conf/conf.d/pekon.conf
      if [ -z "$dry_run" ]; then
        sed -e "s#pekon\.web\.id#$DOMAIN#g" -e "s#/srv/pekon#$PREFIX#g" -e "$http2" "$file" >"$to"
        chmod 644 "$to"
      else
        echo "  $to"
      fi
    done
  fi
fi

if [ "${START:-yes}" != no ]; then
  say "start"
  # shellcheck disable=SC2086
  on_machine "$SYSTEMCTL" start pekon.target $timers
fi
say "Pekon $name is installed. Next: the certificate, nginx, and the first administrator (docs/operate.md)."

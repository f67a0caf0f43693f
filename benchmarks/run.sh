#!/usr/bin/env bash
# Everything that docs/performance.md quotes, on both databases. BENCH_SMALL=1 is a rehearsal of half a minute.
# A page over its budget does not keep the rest from being measured; it is told at the end, with status 1.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
if [ -n "${BENCH_SMALL:-}" ]; then
  size=(--stories 300 --same-second 60 --window 15) guesses=(--guesses 400)
  search=(--stories 2000 --searches 60) large=(--stories 2000 --searches 60)
  pages=(--seconds 1 --rounds 2) stale=(--seconds 10 --writers 5 --readers 20) polled=(--stories 100)
  stampede=(--clients 500 --rounds 1) faults=(--seconds 10) render=(--requests 40 --rounds 2)
  archives=(1000) small_archives=(1000)
  form=(--stories 2000) newsroom=(--stories 1000)
  processes=(--rounds 1) observed=(--requests 2000)
  photos=(--photos 12 --megapixels 3) hostile=(--files 60) addresses=(--photos 10 --guesses 2000)
else
  pages=() stale=() polled=() stampede=() faults=() render=()
  archives=(1000 20000 100000 1000000) small_archives=(1000 20000 100000)
  processes=() observed=() size=() form=() newsroom=() guesses=() photos=() hostile=() addresses=()
  search=(--stories 20000) large=(--stories 1000000)
fi

. tests/steps.sh
for program in nginx redis-server wrk; do install "$program" "$program"; done
postgres=$(mktemp -d /tmp/pekon-postgres.XXXXXX)
url=$(tests/postgres.sh start "$postgres")
trap 'tests/postgres.sh stop "$postgres"' EXIT

echo "== Due times: nothing early, nothing missed"
"$python" -m benchmarks.due_times "${size[@]}"
"$python" -m benchmarks.due_times "${size[@]}" --database-url "$url"

echo "== Guesses: twenty passwords looked at, and the owner gets in"
"$python" -m benchmarks.guesses "${guesses[@]}"
"$python" -m benchmarks.guesses "${guesses[@]}" --database-url "$url"

echo "== Search: judged queries, and how long a search takes"
"$python" -m benchmarks.search_quality
DATABASE_URL=$url "$python" -m benchmarks.search_quality
"$python" -m benchmarks.search "${search[@]}"
"$python" -m benchmarks.search "${large[@]}" --database-url "$url"

echo "== The story form: queries, bytes, keystrokes in a long text"
"$python" -m benchmarks.story_form --database-url "$url" "${form[@]}" || failed+=("the story form")
echo "== The newsroom: lists, search, pickers in a large archive"
"$python" -m benchmarks.newsroom --database-url "$url" "${newsroom[@]}" || failed+=("the newsroom")
echo "== Processes: memory before pages, start to ready"
"$python" -m benchmarks.processes --database-url "$url" "${processes[@]}" || failed+=("processes")
echo "== Numbers and log lines: what they cost a stored page"
"$python" -m benchmarks.observed "${observed[@]}"
echo "== Reads: beacons counted once a reader, article and hour"
"$python" -m benchmarks.reads
"$python" -m benchmarks.reads --database-url "$url"
echo "== Stored pages: beside the fastest that the same server can do"
"$python" -m benchmarks.pages "${pages[@]}" --database-url "$url" || failed+=("stored pages")
echo "== Stored pages: never older than a second"
"$python" -m benchmarks.staleness "${stale[@]}" --database-url "$url"
"$python" -m benchmarks.staleness --seconds 60 --writers 10 --readers 40
echo "== Stored pages: due times through nginx, stampedes, faults"
"$python" -m benchmarks.polled "${polled[@]}" --database-url "$url"
"$python" -m benchmarks.stampede "${stampede[@]}" --database-url "$url"
"$python" -m benchmarks.faults "${faults[@]}"

archive() { # archive STORIES URL: fill that database, ask it for every kind of list
  (
    export DATABASE_URL=$2 DEBUG=false SCHEME=http DOMAIN=localhost:8000 EMAIL_URL=console: \
      TRUSTED_PROXY_COUNT=0 REQUIRE_SECOND_FACTOR=false
    SECRET_KEY=$("$python" -c 'import secrets; print(secrets.token_hex(32))')
    VAR_DIR=$(mktemp -d /tmp/pekon-filled.XXXXXX)
    export SECRET_KEY VAR_DIR
    "$python" manage.py migrate --verbosity 0
    "$python" manage.py collectstatic --noinput --verbosity 0
    "$python" -m benchmarks.fill --stories "$1"
    "$python" -m benchmarks.lists
    rm -r "$VAR_DIR"
  )
}

echo "== Scale: lists"
filled=()
for stories in "${archives[@]}"; do
  psql --quiet "$url" -c "CREATE DATABASE filled$stories"
  filled+=("${url%/postgres}/filled$stories")
  archive "$stories" "${filled[-1]}"
done
echo "== Scale: uncached pages, beside a bare view"
"$python" -m benchmarks.render "${render[@]}" --database-url "${filled[@]}" || failed+=("uncached pages")
for stories in "${archives[@]}"; do psql --quiet "$url" -c "DROP DATABASE filled$stories"; done
echo "== Scale: lists on SQLite"
for stories in "${small_archives[@]}"; do
  file=$(mktemp /tmp/pekon-filled.XXXXXX)
  archive "$stories" "sqlite:///$file"
  rm "$file"
done

echo "== Photos: time, memory, bytes; no coordinate in what readers get"
"$python" -m benchmarks.photos "${photos[@]}"
echo "== Photos: hostile and broken files"
"$python" -m benchmarks.hostile "${hostile[@]}"
echo "== Photos: guessed addresses, withdrawn articles"
"$python" -m benchmarks.enumeration "${addresses[@]}"

finish

#!/usr/bin/env bash
# Everything that docs/performance.md quotes, on both databases. BENCH_SMALL=1 is a rehearsal of half a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
if [ -n "${BENCH_SMALL:-}" ]; then
  size=(--stories 300 --same-second 60 --window 15) guesses=(--guesses 400)
  search=(--stories 2000 --searches 60) large=(--stories 2000 --searches 60)
  photos=(--photos 12 --megapixels 3) hostile=(--files 60) addresses=(--photos 10 --guesses 2000)
else
  size=() guesses=() photos=() hostile=() addresses=()
  search=(--stories 20000) large=(--stories 1000000)
fi

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

echo "== Reads: beacons counted once a reader, story and hour"
"$python" -m benchmarks.reads
"$python" -m benchmarks.reads --database-url "$url"

echo "== Photos: time, memory, bytes; no coordinate in what readers get"
"$python" -m benchmarks.photos "${photos[@]}"
echo "== Photos: hostile and broken files"
"$python" -m benchmarks.hostile "${hostile[@]}"
echo "== Photos: guessed addresses, withdrawn stories"
"$python" -m benchmarks.enumeration "${addresses[@]}"

#!/usr/bin/env bash
# measure.sh [SCALE=L] [ROUNDS=5]
#
# Every measurement of docs/performance.md in one command, on an idle machine: the peers at SCALE and at M (compare.sh),
# a small run in a database that is migrated already, the start of the program, and the variants of the sample
# (formats.sh). The server is the one of PGHOST, PGPORT, PGUSER, PGDATABASE, and PGDATA or PG_PID for its CPU.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
scale=${1:-L}
rounds=${2:-5}
peers="etl psql psql3 script run duckdb"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish "$here" -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -o "$work/bench" -v q >&2
dotnet publish "$here/../../src/Etl.Hosts.Lambda" -c Release -r linux-x64 --self-contained -p:Image=true -o "$work/etl" -v q >&2
export ETL="$work/etl/etl" ETL_BENCH="$work/bench/Etl.Benchmarks"

echo "$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $(psql -XAt -c 'show server_version')"
for size in $scale M; do
  "$ETL" sample --scale "$size" --out "$work/$size" >/dev/null 2>&1
  echo
  echo "## Peers at $size"
  others=""
  if [ "$size" = M ]; then
    command -v pgloader >/dev/null && others="$others pgloader"
    "${PYTHON:-python3}" -c 'import pandas, psycopg2' 2>/dev/null && others="$others pandas"
  fi
  "$here/compare.sh" "$work/$size" "$rounds" "$peers$others"
done

echo
echo "## A small run, and the start"
"$ETL" sample --scale S --out "$work/S" >/dev/null 2>&1
"$here/compare.sh" "$work/S" "$rounds" "etl run"
for _ in 1 2 3 4 5; do /usr/bin/time -f 'etl --help: %e s, %U + %S s CPU' "$ETL" --help >/dev/null; done 2>&1 | sort | head -1

echo
echo "## Variants at $scale"
"$here/formats.sh" "$scale" "$rounds" load

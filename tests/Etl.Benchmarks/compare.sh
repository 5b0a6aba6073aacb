#!/usr/bin/env bash
# compare.sh FOLDER [ROUNDS=5] [PEERS="etl psql psql3"]
#
# Loads the three files of FOLDER with each peer in interleaved rounds into new logged tables with the same types on
# one server. Prints for each peer the median seconds, CPU seconds of client and server, peak memory of the client,
# and its time relative to etl. Peers: etl (the load), run (a complete `etl run`), check (etl without a database),
# psql (three \copy in sequence), psql3 (three in parallel), script (the job of a run as plain psql: script.sql),
# duckdb (the same passes in the memory of DuckDB, without a server), and pgloader, pandas and csvsql (small files only)
# if they are installed. The exports of script and run must be equal byte for byte. At the end the ratios of the goals
# in docs/performance.md. AS_OF is the business date of the files.
#
# PGHOST, PGPORT, PGUSER and PGDATABASE select the server. Its CPU is measured only on this machine (PGDATA or
# PG_PID). ETL_BENCH is a published Etl.Benchmarks and ETL the console host of the image; by default both are published
# into a temporary folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "${1:?folder with the three files}" && pwd)
rounds=${2:-5}
peers=${3:-"etl psql psql3"}
: "${AS_OF:=2025-06-30}"
: "${PGHOST:=127.0.0.1}" "${PGPORT:=5432}" "${PGUSER:=postgres}" "${PGDATABASE:=postgres}"
export PGHOST PGPORT PGUSER PGDATABASE AS_OF

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${ETL_BENCH:-}" ]; then
  dotnet publish "$here" -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -o "$work/bench" -v q >&2
  ETL_BENCH="$work/bench/Etl.Benchmarks"
fi

if [ -z "${ETL:-}" ]; then
  dotnet publish "$here/../../src/Etl.Hosts.Lambda" -c Release -r linux-x64 --self-contained -p:Image=true -o "$work/etl" -v q >&2
  ETL="$work/etl/etl"
fi

server_pid=${PG_PID:-$(head -1 "${PGDATA:-/none}/postmaster.pid" 2>/dev/null || true)}
ticks=$(getconf CLK_TCK)
shipments=$(find "$data" -maxdepth 1 -name "shipment*.csv" | head -1)

sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }

# CPU ticks of the postmaster's finished and running children.
server_cpu() {
  [ -n "$server_pid" ] || { echo 0; return; }
  local sum
  sum=$(awk '{print $16 + $17}' "/proc/$server_pid/stat")
  for child in $(pgrep -P "$server_pid"); do
    sum=$((sum + $(awk '{print $14 + $15}' "/proc/$child/stat" 2>/dev/null || echo 0)))
  done
  echo "$sum"
}

fresh_tables() {
  sql >/dev/null 2>&1 <<'S'
create schema if not exists peers;
drop table if exists peers.orders, peers.reviews, peers.shipments;
drop schema if exists run_20990101_001 cascade;
drop schema if exists script cascade;
create table peers.orders (order_id bigint not null, customer_id bigint not null, order_date date not null,
  product_id bigint not null, unit_price numeric(14, 2) not null, quantity integer not null, total_price numeric(14, 2) not null);
create table peers.reviews (review smallint not null, product_id bigint not null);
create table peers.shipments (shipment_id bigint not null, order_id bigint not null, shipment_date date, delivery_date date);
S
  sql -c checkpoint >/dev/null 2>&1 || true
}

# A complete run uses its own database, recreated because the ledger of an earlier version can differ.
if [[ " $peers " == *" run "* ]]; then
  sql -c "drop database if exists etl_run" -c "create database etl_run"
  "$ETL" migrate --connection "Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=etl_run" >&2
fi

copy_one() { psql -qX -c "\\copy peers.$1 from '$2' csv header"; }

load_with() {
  case $1 in
    etl) "$ETL_BENCH" load "$data" "Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=$PGDATABASE" ;;
    run)
      "$ETL" run --source "$data" --lake "$work/lake" --date "$AS_OF" --force \
        --connection "Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=etl_run"
      ;;
    check) "$ETL_BENCH" check "$data" ;;
    script)
      mkdir -p "$work/script"
      sed "s|@folder|$data|g; s|@as_of|$AS_OF|g; s|@out|$work/script|g; s|shipment_deliveries.csv|$(basename "$shipments")|" \
        "$here/script.sql" | psql -qX
      ;;
    duckdb) "$ETL_BENCH" duckdb "$data" "$AS_OF" ;;
    psql) copy_one orders "$data/orders.csv"; copy_one shipments "$shipments"; copy_one reviews "$data/reviews.csv" ;;
    psql3)
      copy_one orders "$data/orders.csv" & copy_one shipments "$shipments" & copy_one reviews "$data/reviews.csv" & wait
      ;;
    pgloader)
      for table in orders reviews shipments; do
        file=$data/$table.csv
        [ $table = shipments ] && file=$shipments
        pgloader -q --type csv --with "skip header = 1" --with "fields terminated by ','" "$file" \
          "postgresql://$PGUSER@unix:$PGHOST:$PGPORT/$PGDATABASE?tablename=peers.$table"
      done
      ;;
    pandas)
      "${PYTHON:-python3}" - "$data/orders.csv" "$shipments" "$data/reviews.csv" <<'P'
import io, sys, pandas, psycopg2
connection = psycopg2.connect("")
for table, path in zip(("orders", "shipments", "reviews"), sys.argv[1:]):
    for part in pandas.read_csv(path, chunksize=200_000):
        text = io.StringIO(part.to_csv(index=False, header=False))
        connection.cursor().copy_expert(f"copy peers.{table} from stdin csv", text)
connection.commit()
P
      ;;
    csvsql)
      for table in orders reviews shipments; do
        file=$data/$table.csv
        [ $table = shipments ] && file=$shipments
        csvsql --db "postgresql://$PGUSER@/$PGDATABASE?host=$PGHOST&port=$PGPORT" --insert --no-create \
          --db-schema peers --tables $table "$file"
      done
      ;;
    *) echo "unknown peer $1" >&2; return 2 ;;
  esac
}
export -f load_with copy_one
export data shipments work here ETL ETL_BENCH

for ((round = 1; round <= rounds; round++)); do
  for peer in $peers; do
    fresh_tables
    before=$(server_cpu)
    if ! /usr/bin/time -o "$work/time" -f '%e %U %S %M' bash -c "load_with $peer" >"$work/out" 2>&1; then
      echo "# $peer failed: $(tail -1 "$work/out")" >&2
      continue
    fi
    sleep 0.3 # until the postmaster has collected the CPU time of its backends
    after=$(server_cpu)
    server=$(awk -v t="$((after - before))" -v h="$ticks" 'BEGIN { print t / h }')
    awk -v p="$peer" -v s="$server" '{ print p, $1, $2 + $3, s, $4 / 1024 }' "$work/time" | tee -a "$work/all" >&2
  done
done

median() { awk -v p="$1" -v c="$2" '$1 == p { print $c }' "$work/all" | sort -n | awk '{ a[NR] = $1 } END { print (NR % 2) ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }

base=$(median etl 2 2>/dev/null || echo 0)
echo "| peer | median s | client CPU s | server CPU s | peak MB | relative to etl |"
echo "|---|---|---|---|---|---|"
for peer in $peers; do
  awk -v p="$peer" -v w="$(median "$peer" 2)" -v c="$(median "$peer" 3)" -v s="$(median "$peer" 4)" -v m="$(median "$peer" 5)" -v b="$base" \
    'BEGIN { printf "| %s | %.2f | %.2f | %.2f | %.0f | %s |\n", p, w, c, s, m, (b > 0 ? sprintf("%.2f", w / b) : "") }'
done

# The goals whose peers were measured.
ratio() {
  local text=$1 bound=$2 one=$3 other=$4
  [[ $one =~ ^[0-9.]+$ && $other =~ ^[0-9.]+$ ]] || return 0
  awk -v t="$text" -v b="$bound" -v o="$one" -v p="$other" 'BEGIN { if (p > 0) printf "| %s | %s | %.2f |\n", t, b, o / p }'
}
of() { grep -q "^$1 " "$work/all" && median "$1" "$2" || true; }
cpu() { awk -v a="$(of "$1" 3)" -v b="$(of "$1" 4)" 'BEGIN { if (a != "") print a + b }'; }
echo
echo "| ratio | goal | measured |"
echo "|---|---|---|"
ratio "run to script, time" "at most 0.25" "$(of run 2)" "$(of script 2)"
ratio "run to psql, time" "at most 0.80" "$(of run 2)" "$(of psql 2)"
ratio "psql to etl, time of the load" "at least 2.2" "$(of psql 2)" "$(of etl 2)"
ratio "psql3 to etl, time of the load" "at least 1" "$(of psql3 2)" "$(of etl 2)"
ratio "run to psql, CPU of client and server" "at most 1.2" "$(cpu run)" "$(cpu psql)"
ratio "run to duckdb, time" "" "$(of run 2)" "$(of duckdb 2)"
ratio "peak MB of run" "at most 128" "$(of run 5)" 1

if [ -d "$work/script" ] && [ -d "$work/lake" ]; then
  echo
  for file in "$work"/script/*.csv; do
    cmp "$file" "$work/lake/analytics_export/latest/$(basename "$file")" || exit 1
  done
  echo "The exports of script and run are equal: $(find "$work/script" -name '*.csv' | wc -l) files."
fi

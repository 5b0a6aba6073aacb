#!/usr/bin/env bash
# formats.sh [SCALE=L] [ROUNDS=5] [VERB=check] [VARIANTS]
#
# Reads the same sample in several variants in interleaved rounds: the standard format, gzip, declared dates and decimals
# with a delimiter and an encoding (german), text ids, four parts per dataset, 1 % invalid rows, a product per order, and
# one product. Prints the median wall and CPU seconds of each, and its time
# relative to the standard format. VERB is check (parsing alone) or load (into tables of the server that PGHOST, PGPORT,
# PGUSER and PGDATABASE select, recreated each time). ETL is a published console host; by default it is published into
# a temporary folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
scale=${1:-L}
rounds=${2:-5}
verb=${3:-check}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${ETL:-}" ]; then
  dotnet publish "$here/../../src/Etl.Hosts.Lambda" -c Release -r linux-x64 --self-contained -p:Image=true -o "$work/etl" -v q >&2
  ETL="$work/etl/etl"
fi

"$ETL" sample --scale "$scale" --out "$work/standard" >/dev/null 2>&1
"$ETL" sample --scale "$scale" --out "$work/german" --dialect german >/dev/null 2>&1
"$ETL" sample --scale "$scale" --out "$work/textids" --ids text >/dev/null 2>&1
mkdir "$work/gzip"
for file in "$work"/standard/*.csv; do gzip -6 -c "$file" >"$work/gzip/$(basename "$file").gz"; done
"$ETL" sample --scale "$scale" --out "$work/dirty" --dirty 1 >/dev/null 2>&1
echo "export ETL__QUALITY__MAXREJECTEDPERCENT=2" >"$work/dirty/settings.env"
mkdir "$work/parts" "$work/products" "$work/product"
for file in orders reviews shipment_deliveries; do
  awk -v out="$work/parts/${file%_deliveries}-" 'NR == 1 { for (i = 0; i < 4; i++) print > (out i ".csv"); next } { print > (out (NR % 4) ".csv") }' \
    "$work/standard/$file.csv"
done
cat >"$work/parts/settings.env" <<'S'
export ETL__FILES__DEFAULT__PARTS=All ETL__FILES__ORDERS__NAMES__0='orders-*.csv' ETL__FILES__REVIEWS__NAMES__0='reviews-*.csv'
export ETL__FILES__SHIPMENTS__NAMES__0='shipment-*.csv'
S
for variant in products product; do
  cp "$work/standard/shipment_deliveries.csv" "$work/$variant/"
  awk -F, -v OFS=, -v all="$variant" 'NR > 1 { $4 = all == "products" ? NR : 1 } 1' "$work/standard/orders.csv" >"$work/$variant/orders.csv"
  awk -F, -v OFS=, -v all="$variant" 'NR > 1 { $2 = all == "products" ? NR : 1 } 1' "$work/standard/reviews.csv" >"$work/$variant/reviews.csv"
done

once() {
  if [ "$verb" = load ]; then
    psql -qX -c "drop database if exists etl_formats" -c "create database etl_formats"
    set -- "$1" run --lake "$work/lake" --date 2025-06-30 --connection \
      "Host=${PGHOST:-127.0.0.1};Port=${PGPORT:-5432};Username=${PGUSER:-postgres};Database=etl_formats"
    rm -rf "$work/lake"
  else
    set -- "$1" check
  fi

  local folder=$1
  shift
  (
    [ ! -f "$work/$folder/settings.env" ] || . "$work/$folder/settings.env"
    /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$ETL" "$@" --source "$work/$folder" >"$work/out" 2>&1
  ) || { tail -3 "$work/out" >&2; return 1; }
  awk -v f="$folder" '{ print f, $1, $2 + $3, $4 / 1024 }' "$work/time" | tee -a "$work/all" >&2
}

formats=${4:-"standard gzip german textids parts dirty products product"}
for ((round = 1; round <= rounds; round++)); do
  for format in $formats; do once "$format"; done
done

median() {
  awk -v f="$1" -v c="$2" '$1 == f { print $c }' "$work/all" | sort -n |
    awk '{ a[NR] = $1 } END { print (NR % 2) ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'
}
base=$(median standard 2)
echo "| format | median s | CPU s | peak MB | relative |"
echo "|---|---|---|---|---|"
for format in $formats; do
  awk -v f="$format" -v w="$(median "$format" 2)" -v c="$(median "$format" 3)" -v m="$(median "$format" 4)" -v b="$base" \
    'BEGIN { printf "| %s | %.2f | %.2f | %.0f | %.2f |\n", f, w, c, m, w / b }'
done

-- severity: error
-- meaning: daily tables without exactly one row for the run's business date (of the best product and of absent shipments there may be none)
-- inputs: run, agg_public_holiday, agg_shipments, best_performing_product
select t.table_name
from run
cross join lateral (
  select 'agg_public_holiday', count(*), count(*) filter (where ingestion_date = run.business_date), 1
  from agg_public_holiday
  union all
  select
    'agg_shipments', count(*), count(*) filter (where ingestion_date = run.business_date),
    case when 'shipments' = any (run.absent) then 0 else 1 end
  from agg_shipments
  union all
  select 'best_performing_product', count(*), count(*) filter (where ingestion_date = run.business_date), 0
  from best_performing_product
) as t (table_name, all_rows, rows_of_day, least)
where t.all_rows <> t.rows_of_day or t.all_rows > 1 or t.all_rows < t.least;

-- Late shipments and undelivered items, in rows.
-- grain: one row, the run's ingestion_date
-- inputs: shipments_by_state, run
-- key: ingestion_date
-- safe twice: fills a candidate table that the run has just made; the key refuses a second row
insert into agg_shipments (ingestion_date, tt_late_shipments, tt_undelivered_items)
select
  run.business_date,
  coalesce(sum(s.shipments) filter (where s.overdue and s.shipped), 0),
  coalesce(sum(s.shipments) filter (where s.overdue and not s.shipped), 0)
from run
left join shipments_by_state as s on true
group by run.business_date;

-- Number of late shipments and of undelivered items.
-- grain: one row, the run's ingestion_date, or none where no shipments were delivered
-- inputs: shipments_by_state, run
-- key: ingestion_date
-- columns:
--   ingestion_date date not null,
--   tt_late_shipments integer not null,
--   tt_undelivered_items integer not null
-- order: 2
select
  run.business_date as ingestion_date,
  coalesce(sum(s.shipments) filter (where s.overdue and s.shipped), 0) as tt_late_shipments,
  coalesce(sum(s.shipments) filter (where s.overdue and not s.shipped), 0) as tt_undelivered_items
from run
left join shipments_by_state as s on true
where 'shipments' <> all (run.absent)
group by run.business_date;

-- Orders on public holidays of the past year, by month.
-- grain: one row, the run's ingestion_date
-- inputs: orders_by_day, calendar, run
-- key: ingestion_date
-- columns:
--   ingestion_date date not null,
--   tt_order_hol_jan integer not null,
--   tt_order_hol_feb integer not null,
--   tt_order_hol_mar integer not null,
--   tt_order_hol_apr integer not null,
--   tt_order_hol_may integer not null,
--   tt_order_hol_jun integer not null,
--   tt_order_hol_jul integer not null,
--   tt_order_hol_aug integer not null,
--   tt_order_hol_sep integer not null,
--   tt_order_hol_oct integer not null,
--   tt_order_hol_nov integer not null,
--   tt_order_hol_dec integer not null
-- order: 1
select
  run.business_date as ingestion_date,
  coalesce(sum(h.orders) filter (where h.month = 1), 0) as tt_order_hol_jan,
  coalesce(sum(h.orders) filter (where h.month = 2), 0) as tt_order_hol_feb,
  coalesce(sum(h.orders) filter (where h.month = 3), 0) as tt_order_hol_mar,
  coalesce(sum(h.orders) filter (where h.month = 4), 0) as tt_order_hol_apr,
  coalesce(sum(h.orders) filter (where h.month = 5), 0) as tt_order_hol_may,
  coalesce(sum(h.orders) filter (where h.month = 6), 0) as tt_order_hol_jun,
  coalesce(sum(h.orders) filter (where h.month = 7), 0) as tt_order_hol_jul,
  coalesce(sum(h.orders) filter (where h.month = 8), 0) as tt_order_hol_aug,
  coalesce(sum(h.orders) filter (where h.month = 9), 0) as tt_order_hol_sep,
  coalesce(sum(h.orders) filter (where h.month = 10), 0) as tt_order_hol_oct,
  coalesce(sum(h.orders) filter (where h.month = 11), 0) as tt_order_hol_nov,
  coalesce(sum(h.orders) filter (where h.month = 12), 0) as tt_order_hol_dec
from run
left join (
  select d.order_date, d.orders, extract(month from d.order_date) as month
  from orders_by_day as d
  join calendar as c on c.calendar_dt = d.order_date
  where c.is_public_holiday
) as h on h.order_date between run.past_year_first and run.past_year_last
group by run.business_date;

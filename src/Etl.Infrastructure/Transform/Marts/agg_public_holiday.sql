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
-- safe twice: fills a candidate table that the run has just created; the key refuses a second row
-- order: 1
insert into agg_public_holiday (
  ingestion_date,
  tt_order_hol_jan, tt_order_hol_feb, tt_order_hol_mar, tt_order_hol_apr, tt_order_hol_may, tt_order_hol_jun,
  tt_order_hol_jul, tt_order_hol_aug, tt_order_hol_sep, tt_order_hol_oct, tt_order_hol_nov, tt_order_hol_dec
)
select
  run.business_date,
  coalesce(sum(h.orders) filter (where h.month = 1), 0),
  coalesce(sum(h.orders) filter (where h.month = 2), 0),
  coalesce(sum(h.orders) filter (where h.month = 3), 0),
  coalesce(sum(h.orders) filter (where h.month = 4), 0),
  coalesce(sum(h.orders) filter (where h.month = 5), 0),
  coalesce(sum(h.orders) filter (where h.month = 6), 0),
  coalesce(sum(h.orders) filter (where h.month = 7), 0),
  coalesce(sum(h.orders) filter (where h.month = 8), 0),
  coalesce(sum(h.orders) filter (where h.month = 9), 0),
  coalesce(sum(h.orders) filter (where h.month = 10), 0),
  coalesce(sum(h.orders) filter (where h.month = 11), 0),
  coalesce(sum(h.orders) filter (where h.month = 12), 0)
from run
left join (
  select d.order_date, d.orders, extract(month from d.order_date) as month
  from orders_by_day as d
  join calendar as c on c.calendar_dt = d.order_date
  where c.is_public_holiday
) as h on h.order_date between run.past_year_first and run.past_year_last
group by run.business_date;

-- The figures of the message, from the tables of one run. The same statement reads the run before.
-- grain: one row
-- inputs: agg_public_holiday, agg_shipments, best_performing_product, daily_orders, run
select
  s.tt_late_shipments,
  s.tt_undelivered_items,
  h.tt_order_hol_jan + h.tt_order_hol_feb + h.tt_order_hol_mar + h.tt_order_hol_apr + h.tt_order_hol_may
    + h.tt_order_hol_jun + h.tt_order_hol_jul + h.tt_order_hol_aug + h.tt_order_hol_sep + h.tt_order_hol_oct
    + h.tt_order_hol_nov + h.tt_order_hol_dec as holiday_orders,
  b.product_name,
  span.days as revenue_days,
  last.day as revenue_until,
  (
    select coalesce(sum(revenue), 0)
    from daily_orders
    where order_date > last.day - span.days and order_date <= last.day
  ) as revenue,
  run.absent
from run
cross join (select 30 as days) as span
left join agg_public_holiday as h on h.ingestion_date = run.business_date
left join agg_shipments as s on s.ingestion_date = run.business_date
left join best_performing_product as b on b.ingestion_date = run.business_date
cross join lateral (select max(order_date) as day from daily_orders where order_date <= run.as_of) as last;

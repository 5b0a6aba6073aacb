-- The best product, its most ordered day (most rows, then most pieces, then the earlier day), and the shares of its
-- reviews and shipments. All inputs are aggregated to one row per product or day before the joins, so no join multiplies rows.
-- grain: one row, the run's ingestion_date, or none where there is no best product
-- inputs: best_product, best_product_days, reviews_by_product, shipments_by_product, products, calendar, run
-- key: ingestion_date
-- columns:
--   ingestion_date date not null,
--   product_name text not null,
--   most_ordered_day date not null,
--   is_public_holiday boolean not null,
--   tt_review_points integer not null,
--   pct_one_star_review numeric(5, 2) not null,
--   pct_two_star_review numeric(5, 2) not null,
--   pct_three_star_review numeric(5, 2) not null,
--   pct_four_star_review numeric(5, 2) not null,
--   pct_five_star_review numeric(5, 2) not null,
--   pct_early_shipments numeric(5, 2) not null (null without shipments),
--   pct_late_shipments numeric(5, 2) not null (null without shipments)
-- order: 3
select
  run.business_date as ingestion_date,
  p.product_name,
  d.order_date as most_ordered_day,
  c.is_public_holiday,
  r.points as tt_review_points,
  round(100.0 * r.one_star / r.reviews, 2) as pct_one_star_review,
  round(100.0 * r.two_star / r.reviews, 2) as pct_two_star_review,
  round(100.0 * r.three_star / r.reviews, 2) as pct_three_star_review,
  round(100.0 * r.four_star / r.reviews, 2) as pct_four_star_review,
  round(100.0 * r.five_star / r.reviews, 2) as pct_five_star_review,
  coalesce(round(100.0 * (s.shipped - s.late) / nullif(s.shipped, 0), 2), none.shipments) as pct_early_shipments,
  coalesce(round(100.0 * s.late / nullif(s.shipped, 0), 2), none.shipments) as pct_late_shipments
from run
cross join best_product as b
join products as p on p.product_id = b.product_id
join reviews_by_product as r on r.product_id = b.product_id
cross join (
  select order_date from best_product_days where order_date is not null
  order by orders desc, quantity desc, order_date limit 1
) as d
join calendar as c on c.calendar_dt = d.order_date
left join shipments_by_product as s on s.product_id = b.product_id
cross join lateral (select case when 'shipments' = any (run.absent) then null else 0 end) as none (shipments);

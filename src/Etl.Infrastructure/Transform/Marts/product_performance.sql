-- Sales, reviews and shipments of each product. What comes from a dataset that was not delivered is NULL.
-- grain: one row per product, those without orders or reviews too
-- inputs: products, orders_by_product, reviews_by_product, shipments_by_product, run
-- key: product_id
-- columns:
--   product_id id(product) not null,
--   product_name text not null,
--   orders bigint not null,
--   quantity bigint not null (signed as orders.quantity),
--   revenue numeric(20, 2) not null (signed as orders.total_price),
--   reviews bigint not null (null without reviews),
--   review_points bigint not null (null without reviews),
--   pct_one_star_review numeric(5, 2) not null (null without reviews),
--   pct_two_star_review numeric(5, 2) not null (null without reviews),
--   pct_three_star_review numeric(5, 2) not null (null without reviews),
--   pct_four_star_review numeric(5, 2) not null (null without reviews),
--   pct_five_star_review numeric(5, 2) not null (null without reviews),
--   pct_early_shipments numeric(5, 2) not null (null without shipments),
--   pct_late_shipments numeric(5, 2) not null (null without shipments)
-- order: 4
select
  p.product_id,
  p.product_name,
  coalesce(o.orders, 0) as orders,
  coalesce(o.quantity, 0) as quantity,
  coalesce(o.total_price, 0) as revenue,
  coalesce(r.reviews, none.reviews) as reviews,
  coalesce(r.points, none.reviews) as review_points,
  coalesce(round(100.0 * r.one_star / r.reviews, 2), none.reviews) as pct_one_star_review,
  coalesce(round(100.0 * r.two_star / r.reviews, 2), none.reviews) as pct_two_star_review,
  coalesce(round(100.0 * r.three_star / r.reviews, 2), none.reviews) as pct_three_star_review,
  coalesce(round(100.0 * r.four_star / r.reviews, 2), none.reviews) as pct_four_star_review,
  coalesce(round(100.0 * r.five_star / r.reviews, 2), none.reviews) as pct_five_star_review,
  coalesce(round(100.0 * (s.shipped - s.late) / nullif(s.shipped, 0), 2), none.shipments) as pct_early_shipments,
  coalesce(round(100.0 * s.late / nullif(s.shipped, 0), 2), none.shipments) as pct_late_shipments
from products as p
-- 0, or NULL where the dataset was not delivered
cross join (
  select
    case when 'reviews' = any (absent) then null else 0 end as reviews,
    case when 'shipments' = any (absent) then null else 0 end as shipments
  from run
) as none
left join orders_by_product as o on o.product_id = p.product_id
left join reviews_by_product as r on r.product_id = p.product_id
left join shipments_by_product as s on s.product_id = p.product_id;

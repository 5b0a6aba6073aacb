-- Sales, reviews and shipments of each product.
-- grain: one row per product, those without orders or reviews too
-- inputs: products, orders_by_product, reviews_by_product, shipments_by_product
-- key: product_id
-- columns:
--   product_id id(product) not null,
--   product_name text not null,
--   orders bigint not null,
--   quantity bigint not null,
--   revenue numeric(20, 2) not null,
--   reviews bigint not null,
--   review_points bigint not null,
--   pct_one_star_review numeric(5, 2) not null,
--   pct_two_star_review numeric(5, 2) not null,
--   pct_three_star_review numeric(5, 2) not null,
--   pct_four_star_review numeric(5, 2) not null,
--   pct_five_star_review numeric(5, 2) not null,
--   pct_early_shipments numeric(5, 2) not null,
--   pct_late_shipments numeric(5, 2) not null
-- safe twice: fills a candidate table that the run has just created; the key refuses a second row
-- order: 4
insert into product_performance (
  product_id, product_name, orders, quantity, revenue, reviews, review_points,
  pct_one_star_review, pct_two_star_review, pct_three_star_review, pct_four_star_review, pct_five_star_review,
  pct_early_shipments, pct_late_shipments
)
select
  p.product_id,
  p.product_name,
  coalesce(o.orders, 0),
  coalesce(o.quantity, 0),
  coalesce(o.total_price, 0),
  coalesce(r.reviews, 0),
  coalesce(r.points, 0),
  coalesce(round(100.0 * r.one_star / r.reviews, 2), 0),
  coalesce(round(100.0 * r.two_star / r.reviews, 2), 0),
  coalesce(round(100.0 * r.three_star / r.reviews, 2), 0),
  coalesce(round(100.0 * r.four_star / r.reviews, 2), 0),
  coalesce(round(100.0 * r.five_star / r.reviews, 2), 0),
  coalesce(round(100.0 * (s.shipped - s.late) / nullif(s.shipped, 0), 2), 0),
  coalesce(round(100.0 * s.late / nullif(s.shipped, 0), 2), 0)
from products as p
left join orders_by_product as o on o.product_id = p.product_id
left join reviews_by_product as r on r.product_id = p.product_id
left join shipments_by_product as s on s.product_id = p.product_id;

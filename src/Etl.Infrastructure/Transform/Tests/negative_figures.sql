-- severity: error
-- meaning: rows with a negative figure
select 'agg_shipments' as table_name from agg_shipments where least(tt_late_shipments, tt_undelivered_items) < 0
union all
select 'best_performing_product'
from best_performing_product
where least(
  tt_review_points,
  pct_one_star_review, pct_two_star_review, pct_three_star_review, pct_four_star_review, pct_five_star_review,
  pct_early_shipments, pct_late_shipments
) < 0
union all
select 'product_performance'
from product_performance
where least(
  orders, quantity, revenue, reviews, review_points,
  pct_one_star_review, pct_two_star_review, pct_three_star_review, pct_four_star_review, pct_five_star_review,
  pct_early_shipments, pct_late_shipments
) < 0
union all
select 'daily_orders' from daily_orders where least(orders, quantity, revenue) < 0
union all
select 'shipment_status' from shipment_status where shipments < 0;

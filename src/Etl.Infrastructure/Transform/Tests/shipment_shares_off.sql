-- severity: error
-- meaning: products whose early and late shares add up neither to 0 nor to 100 percent
-- inputs: best_performing_product, product_performance
select t.product_name, t.shares
from (
  select product_name, pct_early_shipments + pct_late_shipments from best_performing_product
  union all
  select product_name, pct_early_shipments + pct_late_shipments from product_performance
) as t (product_name, shares)
where t.shares <> 0 and t.shares not between 99.9 and 100.1;

-- Orders of the best product by day.
-- grain: one row per order_date on which the best product was ordered
-- inputs: orders, best_product
-- key: order_date
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table best_product_days as
select
  order_date,
  count(*) as orders,
  sum(quantity) as quantity
from orders
where product_id = (select product_id from best_product)
group by order_date;

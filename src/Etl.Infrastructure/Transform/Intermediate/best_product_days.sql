-- Orders of the best product by day, and all other orders as one row. The only pass over all orders that PostgreSQL makes
-- where the loader has computed the other figures, so the load is reconciled by its sums.
-- grain: one row per order_date on which the best product was ordered, and one with order_date NULL for all other orders
-- inputs: orders, best_product
-- key: order_date
-- sums: orders
-- safe twice: creates a table of the run; the run drops the one of an earlier attempt first
create table best_product_days as
select
  case when product_id = (select product_id from best_product) then order_date end as order_date,
  count(*) as orders,
  sum(unit_price) as unit_price,
  sum(quantity) as quantity,
  sum(total_price) as total_price
from orders
group by 1;
